"""Every obligation is explained in both languages: nothing empty, no Chinese in the English but quoted law, names and recorded words."""

import re
from collections.abc import Iterator
from datetime import date
from importlib.resources import as_file, files
from typing import Any

import attrs
import pytest

import qsafety as qs
from qsafety import law
from qsafety.bilingual import Bilingual
from qsafety.rules import ANSWERS, RULES
from tests.scenarios.standing import situation
from tests.scenarios.standing_tables import situations

CHINESE = re.compile("[\u3400-\u9fff]")


def reports() -> Iterator[qs.Report]:
    for name, on in (("ebike-shop", date(2024, 2, 5)), ("hardware-wholesaler", date(2024, 4, 1))):
        with as_file(files("qsafety.testing") / "data" / f"{name}.xlsx") as ledger:
            shop = qs.read_ledger(ledger)
        for edition in law.editions():
            yield qs.assess(shop, on=on, edition=edition)
    yield qs.assess(qs.Dossier(seller=qs.Seller(id="s", name="shop")), on=date(2024, 2, 1))
    for cell in situations()[::9]:
        yield situation(cell).report


@pytest.fixture(scope="module")
def all_reports() -> list[qs.Report]:
    return [*reports()]


def words_of(value: Any) -> Iterator[str]:
    """The texts that stand in the records."""
    if isinstance(value, str):
        yield value
    elif attrs.has(type(value)):
        for field in attrs.fields(type(value)):
            yield from words_of(getattr(value, field.name))
    elif isinstance(value, tuple | frozenset | list):
        for member in value:
            yield from words_of(member)


def texts(report: qs.Report) -> Iterator[tuple[str, Bilingual]]:
    for finding in report.findings:
        where = f"{finding.obligation.id} {finding.subject}"
        yield where, finding.message
        yield where, finding.obligation.action
        for reason in finding.because:
            yield where, reason.text
        if finding.advice is not None:
            yield where, finding.advice
    for todo in report.todo:
        yield f"todo {todo.obligation}", todo.what
    for limb in report.exposure.by_limb:
        for reason in limb.because:
            yield "exposure", reason.text
    for consideration in report.exposure.considerations:
        yield "exposure", consideration.text
    for text in (*report.notices, *report.exposure.notes, report.disclaimer):
        yield "report", text
    for harbour in report.safe_harbour:
        yield "harbour", harbour.reason


def test_every_obligation_with_a_rule_has_its_finding(all_reports):
    for report in all_reports:
        assert {f.obligation.id for f in report.findings} == RULES.keys()
    assert RULES.keys() | ANSWERS.keys() | {g.obligation for g in law.gaps() if g.obligation} == {
        o.id for o in law.obligations()
    }


def test_no_explanation_is_empty_and_the_english_is_english(all_reports):
    wrong: dict[str, str] = {}
    for report in all_reports:
        known = sorted({w for w in words_of(report.dossier) if CHINESE.search(w)}, key=len, reverse=True)
        for where, text in texts(report):
            if not (text.zh.strip() and text.en.strip()):
                wrong[f"{where} (empty)"] = repr(text)
            left = re.sub("《[^》]+》|“[^”]+”", "", text.en)
            for word in known:
                left = left.replace(word, "")
            if CHINESE.search(left):
                wrong[where] = left
    assert wrong == {}


def test_every_article_and_every_obligation_in_trouble_stands_in_the_text(all_reports):
    for report in all_reports:
        for lang in ("zh", "en"):
            said = report.explain(lang)
            for finding in (*report.violated, *report.needs_judgement, *report.unknown):
                assert finding.obligation.id in said


def test_what_an_obligation_asks_is_told_in_both_languages_and_its_words_are_quoted():
    for edition in law.editions():
        for duty in edition.obligations:
            assert CHINESE.search(duty.action.zh) and not CHINESE.search(duty.action.en), duty.id
            assert duty.quotes and edition.cite(duty.provision).text
