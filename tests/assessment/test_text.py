"""The report as text and as a table: complete in both languages, in 80 columns, on any console."""

import re
from collections.abc import Iterator
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import attrs
import pytest

from qsafety import law
from qsafety.assessment import Report, assess
from qsafety.assessment.lines import columns, laid_out
from qsafety.assessment.names import Names
from qsafety.assessment.text import document, explain
from qsafety.dossier import Appointment, Dossier, Outlet, Person, ProductLine, Seller
from qsafety.exchange import read_ledger
from qsafety.law.vocabulary import Outcome

CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
EDITIONS = [edition.id for edition in law.editions()]


def sample(name: str) -> Dossier:
    return read_ledger(Path(str(files("qsafety") / "testing" / "data" / f"{name}.xlsx")))


SHOPS = {
    "ebike-shop": (sample("ebike-shop"), date(2024, 2, 1), date(2023, 12, 25)),
    "hardware-wholesaler": (sample("hardware-wholesaler"), date(2024, 4, 10), date(2024, 3, 1)),
    "nothing known": (Dossier(seller=Seller(id="s", name="店")), date(2024, 2, 1), date(2024, 1, 1)),
    "out of scope": (
        Dossier(seller=Seller(id="s", name="店"), products=[ProductLine(id="f", name="面包", exclusion="food")]),
        date(2024, 2, 1),
        date(2024, 1, 1),
    ),
}


def report_of(shop: str, edition: str = EDITIONS[0], **readings: Any) -> Report:
    dossier, on, since = SHOPS[shop]
    return assess(dossier, on=on, since=since, edition=edition, readings=readings)


def shown(report: Report, lang: Any = "zh", **more: Any) -> str:
    return "\n".join(str(line) for line in laid_out(document(report, lang, **more)))


def squeezed(text: str) -> str:
    """Without the white space that the layout adds."""
    return "".join(text.split())


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("shop", SHOPS)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_report_fits_80_columns_and_a_gbk_console(shop, lang, edition):
    text = shown(report_of(shop, edition), lang)
    assert max(map(columns, text.splitlines())) <= 80
    text.encode("gbk")


@pytest.mark.parametrize("shop", SHOPS)
def test_laying_out_loses_nothing(shop):
    report = report_of(shop)
    assert squeezed(shown(report)) == squeezed(report.explain("zh"))


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_report_begins_with_what_its_edition_is_and_ends_with_the_disclaimer(edition, lang):
    report = report_of("ebike-shop", edition)
    lines = report.explain(lang).splitlines()
    assert lines[0] == report.edition.notice.to(lang)
    assert lines[-1] == report.disclaimer.to(lang)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("shop", SHOPS)
def test_everything_found_is_in_the_text(shop, lang):
    report = report_of(shop)
    text = explain(report, lang)
    for finding in report.findings:
        assert finding.obligation.id in text
        if finding.outcome in (Outcome.VIOLATED, Outcome.NEEDS_JUDGEMENT, Outcome.UNKNOWN):
            assert finding.message.to(lang) in text
            assert all(quote in text for quote in finding.obligation.quotes)
            assert all(reason.text.to(lang) in text for reason in finding.because[:6])
            assert finding.advice is None or finding.advice.to(lang) in text
    for todo in report.todo:
        assert todo.what.to(lang) in text
    assert all(name in text for name in report.readings.to_dict())
    assert all(source in text for f in report.violated for r in f.because[:6] if (source := r.source))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield str(value)
    elif attrs.has(type(value)):
        for field in attrs.fields(type(value)):
            yield from _strings(getattr(value, field.name))
    elif isinstance(value, dict):
        yield from _strings(tuple(value.values()))
    elif isinstance(value, tuple | list | frozenset):
        for one in value:
            yield from _strings(one)


@pytest.mark.parametrize("shop", SHOPS)
def test_the_english_text_has_no_chinese_but_names_and_quoted_law(shop):
    report = report_of(shop)
    # the words of rules are tested where they are written
    rules = [text for f in report.findings for text in (f.message.en, f.advice.en if f.advice else "")]
    rules += [reason.text.en for f in report.findings for reason in f.because]
    rules += [todo.what.en for todo in report.todo] + [h.reason.en for h in report.safe_harbour]
    rules += [r.text.en for h in report.safe_harbour for r in h.because]
    rules += [r.text.en for limb in report.exposure.by_limb for r in limb.because]
    data = {*rules, *_strings(report.dossier)}
    known = sorted((text for text in data if CHINESE.search(text)), key=len, reverse=True)
    for line in explain(report, "en").splitlines():
        rest = re.sub("“[^”]*”", "", line)
        for text in known:
            rest = rest.replace(text, "")
        assert not CHINESE.search(rest), line


def test_the_text_says_when_nobody_chose_the_day():
    report = report_of("ebike-shop")
    assert "取单位所在地的今天，Asia/Shanghai" in shown(report, today=True)
    assert "today at the seller, Asia/Shanghai" in shown(report, "en", today=True)
    assert "今天" not in shown(report)


def test_who_is_in_post_is_named_with_the_day_since_when():
    text = shown(report_of("ebike-shop"))
    assert "  质量安全总监  陈示安（P2）  自 2023-08-01" in text
    assert "周例清（P4）  自 2023-09-01，门店 样本街分店（M2）" in text
    assert "  质量安全总监  无人在任" in shown(report_of("hardware-wholesaler"))


def test_whether_a_director_is_required_is_said_with_the_limb_and_what_is_missing():
    assert "5.1.2" in shown(report_of("ebike-shop"))
    lines = [ProductLine(id="C1", name="插座", affects_safety=True, standards=["GB 2099.1"], regimes={"mandatory_gb"})]
    shop = Dossier(seller=Seller(id="s", name="店"), products=lines)
    unclear = assess(shop, on=date(2024, 2, 1))
    assert unclear.director.required is None
    assert "是否必须配备质量安全总监尚不清楚" in shown(unclear) and "缺少：" in shown(unclear)
    assert "  Missing: trade\n" in shown(unclear, "en") and "  缺少：经营方式\n" in shown(unclear)


def test_more_than_six_facts_are_cut_and_counted():
    dossier = SHOPS["ebike-shop"][0]
    text = shown(assess(dossier, on=date(2024, 6, 30), since=date(2024, 1, 1)))
    assert re.search(r"另有 \d+ 条", text)


def test_a_reading_that_is_not_the_default_is_explained():
    text = squeezed(shown(report_of("ebike-shop", size_class="both", promptly=3)))
    assert "size_class=both（默认either）：" in text and "promptly=3（默认0）：" in text
    assert "limbs=A10.2=staffing" in shown(report_of("ebike-shop", limbs={"A10.2": "staffing"}))


def test_sheets_that_were_not_read_or_not_given_are_named():
    report = report_of("nothing known")
    text = squeezed(shown(report, unread=("我的笔记",)))
    assert "未读取的工作表：我的笔记" in text and "未提供：门店、营业日历、产品、人员" in text


def test_an_article_that_is_only_inherited_is_marked_so():
    assert "沿用，未经核对" in shown(report_of("ebike-shop", "cn-seller-2023-order76"))
    assert "沿用，未经核对" not in shown(report_of("ebike-shop"))


def test_one_thing_that_several_duties_ask_for_stands_once():
    text = shown(report_of("hardware-wholesaler"))
    todo = text[text.index("、待办") : text.index("、解释口径")]
    assert todo.count("请从管理层任命质量安全总监，并在“任职”中登记。") == 1
    assert "A05.1.1  A05.1.3" in todo
    assert "已逾期 整改隐患 H2" in todo


def test_a_name_cannot_paint_the_terminal():
    evil = Dossier(
        seller=Seller(id="s", name="店\x1b[31m\n[bold]红[/bold]"),
        outlets=[Outlet(id="M1", name="\x1b]0;x\x07店")],
        people=[Person(id="P1", name="王\u202e五")],
        products=[ProductLine(id="c", name="车\r\n", regimes={"ccc"})],
        appointments=[Appointment(person="P1", role="principal", start=date(2020, 1, 1))],
        daily_checks=[],
    )
    text = shown(assess(evil, on=date(2024, 2, 1)))
    assert not set(text) & {"\x1b", "\x07", "\r", "\u202e"}
    assert "[bold]红[/bold]" in text


def test_names_are_found_for_persons_outlets_and_missing_facts():
    names = Names.of(SHOPS["ebike-shop"][0], "zh")
    assert names.subject("seller") == "本单位"
    assert names.subject("outlet:M2") == "门店 样本街分店（M2）"
    assert names.subject("P2") == "陈示安（P2）" and names.person("P99") == "P99"
    assert names.missing("products.C1.regimes") == "电动自行车（C1）：监管类别"
    assert names.missing("seller.headcount") == "从业人员" and names.missing("products") == "产品"
