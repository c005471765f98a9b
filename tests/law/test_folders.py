"""An edition from a user's folder: what it may say, how it is refused, and that it is data only."""

import os
import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

import qsafety as qs
from qsafety import law
from qsafety.errors import EditionError, EditionErrors, NotInForceError
from qsafety.law import read_edition
from qsafety.law.data import FOLDER

DRAFT = law.edition()
ORDER = law.edition("cn-seller-2023-order76")
MINIMAL = """
id = "mine"
inherits = "cn-seller-2023-draft"
title = { zh = "修订", en = "amendment" }
"""
ARTICLE_12 = DRAFT.quote("12").replace("每月至少听取1次", "每月至少听取2次")


def folder(path: Path, text: str = MINIMAL, **files: str) -> Path:
    home = path / "mine"
    home.mkdir()
    (home / "edition.toml").write_text(text, encoding="utf-8")
    for name, content in files.items():
        (home / name.replace("_", ".")).write_text(content, encoding="utf-8")
    return home


def problems(home: Path) -> list[tuple[str, str]]:
    with pytest.raises(EditionError) as caught:
        read_edition(home)
    assert isinstance(caught.value, EditionErrors)
    assert caught.value.to("zh").startswith(f"文件夹 {home} 不是可用的版本")
    return [(p.path, p.message.en) for p in caught.value.problems]


def test_three_lines_are_an_edition_all_of_whose_words_are_marked_as_inherited(tmp_path):
    mine = read_edition(folder(tmp_path))
    assert (mine.id, mine.text, mine.sha256, mine.inherits) == ("mine", DRAFT.text, DRAFT.sha256, DRAFT.id)
    assert mine.obligations == DRAFT.obligations and mine.parameters == DRAFT.parameters
    assert all(p.inherited_from == DRAFT.id for p in mine.provisions)
    assert "使用者提供的版本 mine" in mine.notice.zh and "inherited, not verified" in mine.notice.en
    assert len(mine.data_sha256 or "") == 64 and mine != DRAFT


def test_words_that_are_given_replace_those_of_a_provision_and_are_the_editions_own(tmp_path):
    mine = read_edition(
        folder(
            tmp_path,
            MINIMAL + f'[provisions]\n"12" = "{ARTICLE_12}"\n'
            '[obligations."A12.2"]\nquotes = ["单位主要负责人每月至少听取2次质量安全总监管理工作情况汇报"]\n',
        )
    )
    assert mine.provision("12").text == ARTICLE_12 and not mine.provision("12").inherited
    assert mine.provision("11").inherited and mine.text.count("至少听取2次") == 1
    assert mine.sha256 != DRAFT.sha256 and "".join(p.text for p in mine.provisions) == mine.text
    assert mine.cite("12").inherited is False and mine.cite("11").inherited is True


def test_what_was_compared_and_found_the_same_is_no_longer_marked(tmp_path):
    mine = read_edition(folder(tmp_path, MINIMAL + 'verified = ["10", "5.1"]\n'))
    marked = {p.id for p in mine.provisions if not p.inherited}
    assert marked == {"10", "5.1", "5.1.1", "5.1.2", "5.1.3"}


def test_a_whole_text_of_ones_own_is_cut_and_its_duties_must_quote_it(tmp_path):
    text = DRAFT.text.replace("2023年X月X日", "2026年1月1日")
    home = folder(tmp_path, MINIMAL + "effective_on = 2026-01-01\n", text_txt=text)
    assert problems(home) == [
        ("text.txt", "obligation A19 quotes “本办法自2023年X月X日起施行。”, which the text does not have; give its new "
         'quotes in [obligations."A19"], or list it under dropped')
    ]  # fmt: skip
    (home / "edition.toml").write_text(
        MINIMAL + 'effective_on = 2026-01-01\n[obligations.A19]\nquotes = ["第十九条 本办法自2026年1月1日起施行。"]\n',
        encoding="utf-8",
    )
    mine = read_edition(home)
    assert mine.text == text and not any(p.inherited for p in mine.provisions)


def test_a_dropped_duty_binds_nobody(tmp_path):
    mine = read_edition(folder(tmp_path, MINIMAL + 'dropped = ["A10.6", "A08.1.2", "A16.1", "A04.1a"]\n'))
    shop = _shop()
    report = qs.assess(shop, on=date(2024, 2, 1), edition=mine)
    for id_ in ("A10.6", "A08.1.2", "A16.1", "A04.1a"):
        assert [f.outcome for f in report[id_]] == ["not_applicable"] * len(report[id_]), id_
        assert report[id_][0].message.en == "the edition chosen no longer has this duty"
    assert {str(f.outcome) for f in qs.assess(shop, on=date(2024, 2, 1))["A10.6"]} != {"not_applicable"}


def test_a_figure_an_actor_and_a_limb_may_be_others(tmp_path):
    more = """
[obligations."A04.2b"]
actor = "principal"
limbs = ["L1"]
[[parameters]]
unit = "yuan"
basis = { zh = "第十七条", en = "Article 17" }
values = { fine_max = 100_000, retention = 24 }
"""
    mine = read_edition(folder(tmp_path, MINIMAL + more))
    assert (mine.parameter("fine_max"), mine.parameter("fine_min")) == (Decimal(100_000), Decimal(5000))
    duty = mine.obligation("A04.2b")
    assert (str(duty.actor), [limb.number for limb in duty.limbs]) == ("principal", ["L1"])
    assert duty.action == DRAFT.obligation("A04.2b").action
    found = {d.provision: (d.draft.en, d.other.en) for d in law.diff(DRAFT, mine)}
    assert found == {
        "4.2": ("A04.2b selling unit L3", "A04.2b principal L1"),
        "13": ("retention = none", "retention = 24"),
        "17": ("fine_max = 50000", "fine_max = 100000"),
    }  # fmt: skip


def test_the_findings_name_the_edition_and_its_own_duty_bearer():
    report = qs.assess(_shop(), on=date(2024, 2, 1), edition=ORDER)
    finding = report["A04.2b"][0]
    assert str(finding.obligation.actor) == "principal" and finding.citation.edition == ORDER.id
    assert str(qs.assess(_shop(), on=date(2024, 2, 1))["A04.2b"][0].obligation.actor) == "seller"


def test_an_overlay_on_an_overlay_keeps_what_its_base_states(tmp_path):
    text = (
        MINIMAL.replace("draft", "order76")
        + """
[[differences]]
provision = "17"
certainty = "verified"
draft = { zh = "处罚销售单位", en = "on the unit" }
other = { zh = "仍处罚销售单位", en = "still on the unit" }
"""
    )
    mine = read_edition(folder(tmp_path, text))
    assert mine.effective_on is None and mine.obligation("A04.2b").actor == ORDER.obligation("A04.2b").actor
    assert mine.doubtful("6.2") and not mine.doubtful("17") and ORDER.doubtful("17")
    (only,) = [d for d in law.diff(ORDER, mine) if d.provision == "17"]
    assert only.other.en == "still on the unit" and [only.draft] == [
        d.other for d in ORDER.differences if d.provision == "17"
    ]


def test_no_day_before_the_entry_into_force_is_answered(tmp_path):
    mine = read_edition(folder(tmp_path, MINIMAL + "effective_on = 2026-01-01\n"))
    with pytest.raises(NotInForceError, match="edition mine is in force from 2026-01-01, not on 2025-12-31"):
        qs.assess(_shop(), on=date(2025, 12, 31), edition=mine)
    assert qs.assess(_shop(), on=date(2026, 1, 1), edition=mine).since == date(2026, 1, 1)


def test_a_receipt_tells_one_folder_from_another_of_the_same_id(tmp_path):
    home = folder(tmp_path)
    one = qs.assess(_shop(), on=date(2024, 2, 1), edition=read_edition(home))
    (home / "edition.toml").write_text(MINIMAL + 'dropped = ["A10.6"]\n', encoding="utf-8")
    changed = read_edition(home)
    other = qs.assess(_shop(), on=date(2024, 2, 1), edition=changed)
    assert one.receipt.text_sha256 == other.receipt.text_sha256 and one.receipt != other.receipt
    assert one.receipt.to_dict()["edition_sha256"] != changed.data_sha256 == other.receipt.to_dict()["edition_sha256"]
    assert "edition_sha256" not in qs.assess(_shop(), on=date(2024, 2, 1)).receipt.to_dict()


def test_a_copy_of_a_shipped_edition_is_that_edition_and_anything_else_may_not_bear_its_id(tmp_path):
    copy = Path(shutil.copytree(FOLDER / ORDER.id, tmp_path / "copy"))
    assert read_edition(copy) is ORDER
    with (copy / "edition.toml").open("a", encoding="utf-8") as stream:
        stream.write("\n# mine\n")
    assert problems(copy) == [
        ("edition.toml:4", f"'{ORDER.id}' is the id of a shipped edition, and this is another; choose another id")
    ]


FIGURE = '[[parameters]]\nunit = "yuan"\nbasis = { zh = "一", en = "a" }\nvalues = '
SIDES = 'draft = { zh = "一", en = "a" }\nother = { zh = "二", en = "b" }\n'

# What stands in edition.toml after the three lines of MINIMAL, the line that is blamed, and how what is said begins.
BAD = [
    ("x y", 5, "this is no TOML: Expected '=' after a key"),
    ("effective_on = 2026-02-30", 5, "this is no TOML: Invalid date or datetime"),
    ('titel = "x"', 5, "there is no key named 'titel'; did you mean 'title'?"),
    ('status = "law"', 5, "status: there is no EditionStatus named 'law'. Known: draft, in_force"),
    ("number = 76", 5, "number: got 76, expected a text"),
    ('effective_on = "2026-01-01"', 5, "effective_on: got '2026-01-01', expected a date such as"),
    ("effective_on = 2026-01-01T00:00:00", 5, "effective_on: got datetime.datetime("),
    ('dropped = ["A10.66"]', 5, "there is no obligation named 'A10.66'. Did you mean 'A10.6'?"),
    ("dropped = 3", 5, "dropped: got 3, expected a list of texts"),
    ('verified = ["20"]', 5, "there is no provision named '20'. Did you mean '2'?"),
    ('[provisions]\n"20" = "x"', 6, "there is no key named '20'; did you mean '2'?"),
    ("[provisions]\n12 = 12", 6, "12: got 12, expected a text"),
    ("provisions = 1", 5, "provisions: got 1, expected a table"),
    ('[obligations."A10.2"]\nlimbs = ["L4"]', 6, "limbs: there is no PenaltyLimb named 'L4'. Known: rules"),
    ('[obligations."A10.2"]\nactor = "boss"', 6, "actor: there is no Actor named 'boss'. Known: seller"),
    ('[obligations."A10.2"]\nprovision = "10.9"', 5, "obligation A10.2 names provision 10.9, which the text"),
    ('[obligations."A10.2"]\narchive = ["S13"]', 6, "there is no slot S13; S1 to S12"),
    ('[obligations."A10.9"]\nlimbs = []', 5, "there is no obligation named 'A10.9'. Did you mean 'A10.6'?"),
    (FIGURE + "{ fine_maks = 1 }", 8, "there is no parameter named 'fine_maks'. Did you mean 'fine_max'?"),
    (FIGURE + "{ fine_max = -1 }", 8, 'fine_max: got -1, expected a number of at least 0, or "none"'),
    (FIGURE + "{ fine_max = true }", 8, "fine_max: got True, expected a number"),
    (FIGURE + "{ fine_max = nan }", 8, "fine_max: got Decimal('NaN'), expected a number"),
    ("parameters = 1", 5, "parameters: got 1, expected [[parameters]] tables"),
    (
        '[[differences]]\nprovision = "17"\ncertainty = "sure"\n' + SIDES,
        7,
        "certainty: there is no Certainty named 'sure'",
    ),
    ('[[differences]]\nprovision = "20"\ncertainty = "verified"\n' + SIDES, 6, "there is no provision named '20'"),
    ("a = " + "[" * 3000, None, "it is nested too deep"),
]


@pytest.mark.parametrize(("more", "line", "told"), BAD, ids=[row[2][:40] for row in BAD])
def test_what_is_wrong_is_told_with_its_file_and_line(tmp_path, more, line, told):
    found = problems(folder(tmp_path, MINIMAL + more + "\n"))
    where = "edition.toml" if line is None else f"edition.toml:{line}"
    assert any(path == where and message.startswith(told) for path, message in found), found


# What stands in the three lines themselves.
HEADS = [
    (MINIMAL, "", "edition.toml", "'id' is missing"),
    ("mine", "m i", "edition.toml:2", "id: got 'm i', expected at most 64 letters, digits, dots and hyphens"),
    ("draft", "drafd", "edition.toml:3", "there is no shipped edition named 'cn-seller-2023-drafd'. Did you mean"),
    (
        "cn-seller-2023-draft",
        "../../etc",
        "edition.toml:3",
        "there is no shipped edition named '../../etc'. Known: cn-",
    ),
    (', en = "amendment"', "", "edition.toml:4", "'en' is missing"),
]


@pytest.mark.parametrize(("old", "new", "path", "told"), HEADS, ids=[row[3][:30] for row in HEADS])
def test_the_head_must_be_right(tmp_path, old, new, path, told):
    found = problems(folder(tmp_path, MINIMAL.replace(old, new)))
    assert any(where == path and message.startswith(told) for where, message in found), found


def test_everything_that_is_wrong_is_told_at_once_in_the_order_of_the_lines(tmp_path):
    bad = MINIMAL + 'number = 7\nstatus = "law"\ndropped = ["A99"]\n[obligations."A10.2"]\nactor = "boss"\n'
    home = folder(tmp_path, bad, definitions_toml='["18.9"]\nzh = "一"\n', obligations_toml="x", text_txt="没有条号\n")
    paths = [path for path, _ in problems(home)]
    assert paths == sorted(paths, key=lambda p: (p.split(":")[0], int(p.partition(":")[2] or 0)))
    assert {"edition.toml:5", "edition.toml:6", "definitions.toml:1", "obligations.toml:1", "text.txt"} <= set(paths)


def test_a_folder_that_is_not_there_a_file_in_its_place_and_bytes_that_are_no_text_are_refused(tmp_path):
    assert problems(tmp_path / "none") == [(str(tmp_path / "none"), "there is no such folder")]
    (tmp_path / "empty").mkdir()
    assert problems(tmp_path / "empty") == [("edition.toml", "there is no such file")]
    home = folder(tmp_path)
    (home / "edition.toml").write_bytes(b'id = "x"\ntitle = "\xff"\n')
    assert problems(home) == [("edition.toml:2", "byte 18 is not UTF-8")]
    with pytest.raises(EditionErrors):
        read_edition(home / "edition.toml")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_or_a_huge_file_is_not_read(tmp_path):
    home = folder(tmp_path)
    os.mkfifo(home / "text.txt")
    assert ("text.txt", "it is no ordinary file") in problems(home)
    (home / "text.txt").unlink()
    with (home / "text.txt").open("wb") as stream:
        stream.truncate(10**9)
    assert problems(home) == [("text.txt", "it has more than 4000000 bytes")]


def test_a_folder_is_data_only(tmp_path):
    home = folder(tmp_path, MINIMAL)
    for name in ("__init__.py", "edition.py", "obligations.py"):
        (home / name).write_text("raise SystemExit('executed')", encoding="utf-8")
    (home / "obligations.toml.bak").write_text("no toml", encoding="utf-8")
    before = sorted(home.iterdir())
    assert read_edition(home).id == "mine"
    assert sorted(home.iterdir()) == before


def test_a_whole_edition_of_ones_own_needs_everything(tmp_path):
    home = folder(tmp_path, 'id = "whole"\n')
    told = [message for _, message in problems(home)]
    assert {"'title' is missing", "'issuer' is missing", "'status' is missing", "'source' is missing"} <= set(told)
    assert any(m.startswith("parameters are missing: fine_min") for m in told)
    assert sum(m.startswith("there is no such file") for m in told) == 2
    whole = Path(shutil.copytree(FOLDER / DRAFT.id, tmp_path / "whole"))
    text = (whole / "edition.toml").read_text("utf-8").replace(f'id = "{DRAFT.id}"', 'id = "whole"')
    (whole / "edition.toml").write_text(text, encoding="utf-8")
    assert read_edition(whole).obligations == DRAFT.obligations
    assert not any(p.inherited for p in read_edition(whole).provisions)


def _shop() -> qs.Dossier:
    line = qs.ProductLine(id="C1", name="电动自行车", regimes={"ccc"})
    check = qs.DailyCheck(outlet="M1", day=date(2024, 1, 31), officer="P3", conclusion="zero_risk")
    return qs.Dossier(
        seller=qs.Seller(id="s", name="店"),
        outlets=[qs.Outlet(id="M1", name="一店")],
        products=[line],
        daily_checks=[check],
        hazards=[],
    )
