"""The two sample ledgers, read to the last cell."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from qsafety.dossier import COLLECTIONS, Dossier, Priority, SpotCheck
from qsafety.exchange import read_ledger, read_workbook

Sample = Callable[[str], Path]


@pytest.fixture
def ebike(sample: Sample) -> Dossier:
    return read_ledger(sample("ebike-shop.xlsx"))


@pytest.fixture
def cable(sample: Sample) -> Dossier:
    return read_ledger(str(sample("hardware-wholesaler.xlsx")))


def by_id(dossier: Dossier, collection: str, id_: str):
    return next(fact for fact in getattr(dossier, collection) if fact.id == id_)


def test_everything_is_counted(ebike: Dossier, cable: Dossier) -> None:
    assert repr(ebike) == (
        "Dossier(seller='hz-ebike', outlets=2, closures=1, products=5, people=5, appointments=4, posts=3, "
        "competences=12, trainings=2, exams=3, spot_checks=1, texts=14, risk_lists=2, daily_checks=81, hazards=3, "
        "weekly_screenings=5, monthly_coordinations=2, opinions=5, decisions=3, defects=1, nonconforming=1, "
        "performance=4, support=4, inspections=1, orders=0, explanations=1, judgements=1)"
    )
    assert repr(cable) == (
        "Dossier(seller='nb-cable', outlets=0, closures=2, products=5, people=4, appointments=4, posts=3, "
        "competences=12, trainings=2, exams=4, spot_checks=0, texts=8, risk_lists=1, daily_checks=31, hazards=2, "
        "weekly_screenings=5, monthly_coordinations=1, opinions=1, decisions=1, defects=0, nonconforming=1, "
        "performance=2, inspections=1, orders=1, explanations=0)"
    )


def test_a_sheet_that_is_not_there_is_not_given(cable: Dossier) -> None:
    assert not cable.given("support")
    assert not cable.given("judgements")
    assert cable.outlets == ()


def test_the_seller_stands_in_fields_and_values(ebike: Dossier, cable: Dossier) -> None:
    seller = ebike.seller
    assert (seller.id, seller.uscc, str(seller.trade)) == ("hz-ebike", "91330106MAFAKE019Y", "retail")
    assert (seller.headcount, seller.revenue) == (12, Decimal(8_600_000))
    assert seller.size_class is None
    assert seller.opened_on == date(2019, 5, 6)
    assert cable.seller.open_weekdays == frozenset(range(6))


def test_every_kind_of_record_has_its_fields(ebike: Dossier, cable: Dossier) -> None:
    product = by_id(ebike, "products", "C1")
    assert {str(r) for r in product.regimes} == {"ccc", "mandatory_gb"}
    assert product.standards == ("GB 17761-2018", "GB 42295-2022")
    assert product.affects_safety is True
    assert product.exclusion is None
    assert by_id(ebike, "products", "C5").regimes == frozenset()
    assert by_id(ebike, "people", "P4").in_management is False
    assert by_id(ebike, "appointments", "appointment:P3:officer:2023-08-01").reports_to == "P2"
    assert by_id(cable, "appointments", "appointment:P2:director:2024-02-01").end == date(2024, 3, 10)
    assert by_id(ebike, "competences", "competence:P2:director:other:2023-07-31").met is True
    assert ebike.trainings is not None
    assert (ebike.trainings[0].hours, ebike.trainings[0].attendees) == (Decimal(8), ("P2", "P3", "P4"))
    assert [str(t) for t in ebike.trainings[0].topics] == ["law", "standard", "professional"]
    assert by_id(cable, "exams", "exam:P3:officer:2024-03-15").passed is False
    assert ebike.spot_checks == (
        SpotCheck(person="P3", role="officer", on=date(2023, 11, 10), score=90, pass_mark=80, passed=True, fee=0),
    )
    assert by_id(ebike, "texts", "text:director_duties:1.0").covers == (1, 2, 3, 4, 5, 6)
    assert by_id(ebike, "texts", "text:quality_rules:1.0").covers is None
    assert by_id(cable, "texts", "text:monthly_coordination:0.9").approved_on is None


def test_the_rows_of_one_version_are_one_risk_list(ebike: Dossier) -> None:
    old, new = ebike.risk_lists or ()
    assert (old.version, new.version, len(old.items), len(new.items)) == ("2023-1", "2024-1", 10, 11)
    assert new.effective_on == date(2024, 1, 22)
    assert str(new.status) == "approved"
    first = old.items[0]
    assert (first.code, str(first.level), str(first.method), str(first.frequency)) == (
        "R01",
        "high",
        "document",
        "daily",
    )
    assert (str(first.principal), str(first.director), str(first.officer)) == ("lead", "primary", "related")
    assert first.products == ("C1", "C2")
    assert old.items[1].principal is None
    assert old.items[7].products == ()


def test_the_rows_of_one_check_are_one_check(ebike: Dossier) -> None:
    check = by_id(ebike, "daily_checks", "daily_check:M1:2024-01-10")
    assert [r.code for r in check.failed] == ["R05"]
    assert check.failed[0].observation == "两组锂电池外壳鼓包"
    assert len(check.results) == 7
    assert str(check.conclusion) == "problems_found"
    every = by_id(ebike, "daily_checks", "daily_check:M1:2023-12-25")
    assert (str(every.all_items), every.results, str(every.conclusion)) == ("pass", (), "zero_risk")
    assert every.recorded_at == datetime(2023, 12, 25, 10, 10, tzinfo=UTC)


def test_events_and_meetings_are_whole(ebike: Dossier, cable: Dossier) -> None:
    hazard = by_id(ebike, "hazards", "H1")
    assert (hazard.item, hazard.product, hazard.owner, hazard.reported_to) == ("R05", "C2", "P3", "P2")
    assert hazard.precaution_at == datetime(2024, 1, 10, 2, 40, tzinfo=UTC)
    assert hazard.state == "verified"
    assert by_id(cable, "hazards", "H2").item is None
    assert by_id(ebike, "weekly_screenings", "weekly_screening:2024-W02").findings == ("H1",)
    minutes = by_id(ebike, "monthly_coordinations", "monthly_coordination:2024-01")
    assert minutes.priorities == (
        Priority(content="春节前安全检查", owner="P2", due_on=date(2024, 2, 8)),
        Priority(content="召回收尾", owner="P3", due_on=date(2024, 2, 29)),
    )
    assert (cable.monthly_coordinations or ())[0].priorities == (Priority(content="加强线缆抽测"),)
    opinion = by_id(ebike, "opinions", "Y5")
    assert opinion.answer is not None
    assert (str(opinion.answer.outcome), opinion.answer.accepted) == ("rejected", None)
    assert by_id(ebike, "decisions", "D1").heard == ("Y2", "Y3")
    defect = by_id(ebike, "defects", "Q1")
    assert (defect.lots, defect.sold, defect.common, defect.eliminated_on) == (
        ("B20231101",),
        26,
        True,
        date(2024, 1, 12),
    )
    (order,) = cable.orders or ()
    assert ([limb.number for limb in order.limbs], order.refused) == (["L1", "L2", "L3"], True)
    assert order.id == "order:甬示市监责改〔2024〕001号"
    (explanation,) = ebike.explanations or ()
    assert (str(explanation.cadence), explanation.period, explanation.outlet) == ("daily_control", "2024-01-07", "M2")
    (judgement,) = ebike.judgements or ()
    assert (judgement.obligation, judgement.subject, str(judgement.verdict)) == ("A03.1c", None, "satisfied")


def test_every_record_has_the_cell_of_its_first_row(ebike: Dossier) -> None:
    assert {fact.id for fact in ebike.facts()} == set(ebike.sources)
    assert ebike.sources["daily_check:M2:2024-01-29"] == "日检查!A87"
    assert ebike.sources["H1"] == "隐患!A2"
    assert ebike.sources["hz-ebike"] == "单位!A2"
    assert ebike.sources["risk_list:2024-1"] == "风险清单!A12"


def test_every_row_becomes_a_record_or_a_part_of_one(sample: Sample, ebike: Dossier, cable: Dossier) -> None:
    for name, dossier in (("ebike-shop.xlsx", ebike), ("hardware-wholesaler.xlsx", cable)):
        rows = sum(s.max_row - 1 for s in openpyxl.load_workbook(sample(name)).worksheets if s.title != "单位")
        parts = sum(len(r.items) - 1 for r in dossier.risk_lists or ())
        parts += sum(len(c.results) + (c.all_items is not None) - 1 for c in dossier.daily_checks or ())
        assert rows == sum(len(getattr(dossier, c) or ()) for c in COLLECTIONS) + parts


def test_reading_twice_gives_the_same(sample: Sample, ebike: Dossier) -> None:
    ledger = read_workbook(sample("ebike-shop.xlsx"))
    assert ledger.dossier == ebike
    assert (ledger.unread, ledger.notes) == ((), ())
