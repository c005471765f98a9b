"""Single questions: who is protected, who may hold a post; and the standing duties of the two sample shops.

The cases stand in ``tests/scenarios/safe-harbour.md``, ``eligibility.md`` and ``samples-standing.md``.
"""

from datetime import date
from functools import cache
from importlib.resources import as_file, files

import attrs
import pytest

import qsafety as qs
from qsafety.errors import UnknownNameError
from tests.scenarios.standing import situation
from tests.scenarios.standing_tables import HARBOUR, LIMBS, STAGES, differences, rows

HARBOURS = rows("safe-harbour.md")
ELIGIBLE = {"可以": True, "不可以": False, "不明": None}
WINDOWS = {
    "ebike-shop": (date(2024, 2, 5), date(2023, 12, 25)),
    "hardware-wholesaler": (date(2024, 4, 10), date(2024, 3, 1)),
}


@pytest.mark.parametrize("row", HARBOURS, ids=lambda row: row["编号"])
def test_each_person_is_protected_as_the_table_says(row):
    made = situation(row["情形"])
    found = qs.safe_harbour(made.dossier, person=row["人员"], matter=row["事项"], on=made.ask["on"])
    assert (found.outcome, found.person, found.matter) == (HARBOUR[row["结论"]], row["人员"], row["事项"]), (
        found.reason.zh
    )
    assert found.citation.provision.startswith("16")


@pytest.mark.parametrize("row", HARBOURS, ids=lambda row: row["编号"])
def test_the_report_says_the_same(row):
    plain = situation(row["情形"]).report.to_dict()["safe_harbour"]
    assert [(h["person"], h["matter"], h["outcome"]) for h in plain] == [
        (row["人员"], row["事项"], HARBOUR[row["结论"]])
    ]


def test_every_answer_has_a_case():
    assert {row["结论"] for row in HARBOURS} == set(HARBOUR)


def test_nobody_has_raised_anything():
    assert situation("基本情形").report.safe_harbour == ()


@pytest.mark.parametrize(("person", "matter"), [("P2", "Y1"), ("P3", "Y9")])
def test_a_matter_that_is_not_that_persons_is_refused(person, matter):
    with pytest.raises(UnknownNameError):
        qs.safe_harbour(situation("否决").dossier, person=person, matter=matter, on=date(2024, 2, 5))


@pytest.mark.parametrize("row", rows("eligibility.md"), ids=lambda row: row["编号"])
def test_each_person_may_hold_a_post_as_the_table_says(row):
    made = situation(row["情形"])
    readings = qs.Readings.of(made.ask.get("readings"))
    found = qs.eligible(made.dossier, person=row["人员"], role=row["岗位"], on=made.ask["on"], readings=readings)
    assert found.eligible is ELIGIBLE[row["结论"]], found.findings
    assert found.to_dict()["eligible"] is ELIGIBLE[row["结论"]]


def test_an_unknown_person_is_refused_with_the_nearest():
    with pytest.raises(UnknownNameError):
        qs.eligible(situation("基本情形").dossier, person="P9", role="officer", on=date(2024, 2, 5))


@cache
def sample(name: str) -> qs.Report:
    on, since = WINDOWS[name]
    with as_file(files("qsafety") / "testing" / "data" / f"{name}.xlsx") as path:
        return qs.assess(qs.read_ledger(path), on=on, since=since)


def named(row: dict[str, str]) -> str:
    return f"{row['小节']}-{row['义务']}-{row['对象']}"


@pytest.mark.parametrize("row", rows("samples-standing.md"), ids=named)
def test_each_sample_shop_is_judged_as_the_table_says(row):
    report = sample(row["小节"])
    if row["义务"] == "罚则":
        stage, _, limbs = row["认定"].partition("：")
        assert (report.exposure.stage, list(report.exposure.limbs)) == (
            STAGES[stage],
            [LIMBS[limb] for limb in limbs.split("、")],
        )
        assert (report.exposure.range is not None) == (report.exposure.stage == "refused")
    elif row["义务"].startswith("免责"):
        asked = (row["义务"].split()[1], row["对象"])
        assert [h.outcome for h in report.safe_harbour if (h.person, h.matter) == asked] == [HARBOUR[row["认定"]]]
    else:
        assert differences(report, row["义务"], row["对象"], row["认定"]) == []


@pytest.mark.parametrize("name", WINDOWS)
def test_every_standing_duty_of_a_sample_shop_is_in_the_table(name):
    articles = ("A03", "A04", "A06", "A07", "A08", "A09", "A13", "A15", "A16", "A18")
    listed = {row["义务"] for row in rows("samples-standing.md") if row["小节"] == name}
    assert {f.obligation.id for f in sample(name).findings if f.obligation.id.startswith(articles)} - listed == set()


def test_a_judgement_that_settles_nothing_is_told(sample_folder):
    shop = qs.read_ledger(sample_folder / "ebike-shop.xlsx")
    idle = qs.Judgement(
        obligation="A10.3", subject="outlet:M9", verdict="satisfied", reason="查实", judged_by="P1", on=date(2024, 2, 1)
    )
    told = [
        n.zh
        for n in qs.assess(attrs.evolve(shop, judgements=[*(shop.judgements or ()), idle]), on=date(2024, 2, 5)).notices
    ]
    assert any("A10.3 outlet:M9" in text for text in told)
    assert not any("A03.1c" in text for text in told), "the one that settles something is not told"


def test_an_outlet_may_be_named_by_its_id_alone_in_a_judgement(sample_folder):
    shop = qs.read_ledger(sample_folder / "ebike-shop.xlsx")
    judged = qs.Judgement(
        obligation="A10.3",
        subject="M1",
        period="2024-01-12",
        verdict="satisfied",
        reason="查实",
        judged_by="P1",
        on=date(2024, 2, 1),
    )
    report = qs.assess(attrs.evolve(shop, judgements=[judged]), on=date(2024, 2, 5), since=date(2023, 12, 25))
    assert [f.outcome for f in report["A10.3"] if f.subject == "outlet:M1"] == ["satisfied"]
