"""Order No. 76: what is inherited is marked, what is not verified is never held against anybody; and two editions compared."""

from datetime import date, datetime, timedelta, timezone
from importlib.resources import as_file, files
from typing import Any

import pytest

import qsafety as qs
from qsafety import law
from qsafety.errors import NotInForceError

DRAFT, ORDER = "cn-seller-2023-draft", "cn-seller-2023-order76"
ON, SINCE = date(2024, 2, 5), date(2024, 1, 1)
BEIJING = timezone(timedelta(hours=8))


@pytest.fixture(scope="module")
def wholesaler() -> qs.Dossier:
    with as_file(files("qsafety.testing") / "data" / "hardware-wholesaler.xlsx") as ledger:
        return qs.read_ledger(ledger)


def shop(**collections: Any) -> qs.Dossier:
    """A retailer of certified goods with a principal, a director and an officer, of whom nothing else is known."""
    given: dict[str, Any] = {
        "people": [qs.Person(id=p, name=p, in_management=True) for p in ("P1", "P2", "P3")],
        "appointments": [
            qs.Appointment(person=p, role=r, start=date(2023, 1, 1), basis="legal_representative" if r == "principal" else None)
            for p, r in (("P1", "principal"), ("P2", "director"), ("P3", "officer"))
        ],
        "products": [qs.ProductLine(id="C1", name="电动自行车", regimes={"ccc"})],
    }  # fmt: skip
    return qs.Dossier(seller=qs.Seller(id="s", name="店"), **{**given, **collections})


def both(dossier: qs.Dossier, obligation: str) -> list[tuple[str, str]]:
    """The worst outcome and its severity, under the draft and under Order No. 76."""
    found = []
    for edition in (DRAFT, ORDER):
        rows = qs.assess(dossier, on=ON, since=SINCE, edition=edition)[obligation]
        found.append((str(rows.outcome), str(next(f.severity for f in rows if f.outcome is rows.outcome))))
    return found


def posts(*starts: str) -> list[qs.PostHolding]:
    return [qs.PostHolding(person="P3", post=name, process="sale", start=date(2024, 1, 1)) for name in starts]


def test_article_6_a_director_who_is_an_officer_is_for_a_person_to_judge():
    twice = qs.Appointment(person="P2", role="officer", start=date(2023, 1, 1))
    dossier = shop(appointments=[*(shop().appointments or ()), twice])
    assert both(dossier, "A06.2a") == [("violated", "breach"), ("needs_judgement", "breach")]


@pytest.mark.parametrize("held", [("收货", "陈列", "销售"), ("收货", "陈列")], ids=["three", "related"])
def test_article_6_an_officer_with_too_many_posts_is_for_a_person_to_judge(held):
    assert both(shop(posts=posts(*held)), "A06.2b") == [("violated", "breach"), ("needs_judgement", "breach")]


def test_article_6_what_keeps_the_draft_keeps_the_order():
    assert both(shop(posts=posts("收货")), "A06.2b") == [("satisfied", "info"), ("satisfied", "info")]


def test_article_11_is_kept_and_marked():
    dossier = shop(weekly_screenings=[])
    one, two = (qs.assess(dossier, on=ON, since=SINCE, edition=e)["A11.2"] for e in (DRAFT, ORDER))
    assert [(f.outcome, f.slots) for f in one] == [(f.outcome, f.slots) for f in two]
    cited = two[0].citation
    assert cited.inherited and cited.difference is not None
    assert cited.to_dict()["difference"]["certainty"] == "unverified"
    assert one[0].citation.to_dict()["inherited"] is False and one[0].citation.difference is None


def test_article_17_exposure_on_the_third_limb_alone_is_undetermined_and_no_fine_on_persons_is_computed():
    weeks = shop(weekly_screenings=[], orders=[])
    one, two = (qs.assess(weeks, on=ON, since=SINCE, edition=e).exposure for e in (DRAFT, ORDER))
    limb = {edition: {x.limb.number: x.stage for x in e.by_limb} for edition, e in (("draft", one), ("order", two))}
    assert limb["draft"]["L3"] == "exposed" and limb["order"]["L3"] == "undetermined"
    assert any("76" in note.en for note in two.notes) and not any("76" in note.en for note in one.notes)
    refused = qs.Order(
        number="1",
        issued_on=date(2024, 1, 10),
        limbs=[qs.PenaltyLimb.RESPONSIBILITY],
        deadline=date(2024, 1, 20),
        refused=True,
    )
    ordered = shop(weekly_screenings=[], orders=[refused])
    one, two = (qs.assess(ordered, on=ON, since=SINCE, edition=e).exposure for e in (DRAFT, ORDER))
    assert one.stage == "refused" and one.range is not None
    assert two.stage != "refused" and two.range is None


def test_article_17_the_other_limbs_keep_the_ladder():
    texts = shop(texts=[], orders=[])
    stages = [
        {x.limb.number: x.stage for x in qs.assess(texts, on=ON, edition=e).exposure.by_limb} for e in (DRAFT, ORDER)
    ]
    assert stages[0]["L1"] == stages[1]["L1"] == "exposed"


def test_article_18_either_criterion_is_enough_and_that_is_known_only_indirectly():
    goods = [qs.ProductLine(id="C1", name="锁", regimes={"mandatory_gb"}, affects_safety=True)]
    seller = qs.Seller(id="s", name="店", trade="retail", headcount=60, revenue=3_000_000)
    dossier = qs.Dossier(seller=seller, products=goods)
    for edition in (DRAFT, ORDER):
        assert qs.assess(dossier, on=ON, edition=edition).director.required is True
    assert [d.certainty for d in law.edition(ORDER).differences if d.provision == "18"] == ["indirect"]
    assert not law.edition(ORDER).doubtful("18")


def test_a_day_before_the_entry_into_force_is_refused_from_python_everywhere():
    early = date(2023, 5, 4)
    opinion = qs.Opinion(id="Y1", raised_by="P3", kind="opinion", raised_at=datetime(2023, 5, 1, 9, tzinfo=BEIJING))
    dossier = shop(opinions=[opinion])
    asked = [
        lambda e: qs.assess(dossier, on=early, edition=e),
        lambda e: qs.eligible(dossier, person="P3", role="officer", on=early, edition=e),
        lambda e: qs.safe_harbour(dossier, person="P3", matter="Y1", on=early, edition=e),
        lambda e: qs.manifest(dossier, since=early, until=early, on=early, edition=e),
        lambda e: qs.compare_editions(dossier, DRAFT, e, on=early),
    ]
    for ask in asked:
        with pytest.raises(NotInForceError, match="in force from 2023-05-05, not on 2023-05-04") as caught:
            ask(ORDER)
        assert "尚未生效" in caught.value.to("zh")
        ask(DRAFT)


def test_every_report_says_once_what_it_is_made_with_and_marks_every_citation(wholesaler):
    report = qs.assess(wholesaler, on=date(2024, 4, 1), edition=ORDER)
    plain = report.to_dict()
    assert [n["en"].startswith("This report is based on a provisional edition") for n in plain["notices"]].count(
        True
    ) == 1
    assert all(f["citation"]["inherited"] for f in plain["findings"]) and plain["exposure"]["citation"]["inherited"]
    assert not any(f["citation"]["inherited"] for f in qs.assess(wholesaler, on=date(2024, 4, 1)).to_dict()["findings"])
    assert "本版本  据信已删去" in report.explain("zh") and "本版本" not in qs.assess(
        wholesaler, on=date(2024, 4, 1)
    ).explain("zh")
    assert "沿用，未经核对" in report.explain("zh") and "inherited, not verified" in report.explain("en")


def test_two_editions_of_a_ledger_are_compared_with_the_reasons(wholesaler):
    found = qs.compare_editions(wholesaler, DRAFT, ORDER, on=date(2024, 4, 1), since=date(2024, 3, 1))
    assert found.differences == law.diff(DRAFT, ORDER)
    changed = {c.change.obligation: c for c in found.changes}
    assert changed.keys() == {"A06.2a"}
    one = changed["A06.2a"]
    assert one.change.before and one.change.before.outcome == "violated"
    assert one.change.after and one.change.after.outcome == "needs_judgement"
    assert [(d.provision, str(d.certainty)) for d in one.why] == [("6.2", "unverified")]
    plain = found.to_dict()
    assert plain["changes"][0]["why"][0]["provision"] == "6.2" and plain["editions"] == [DRAFT, ORDER]


def test_a_window_that_is_moved_is_a_reason_too():
    days = shop(daily_checks=[])
    found = qs.compare_editions(days, DRAFT, ORDER, on=date(2023, 5, 10), since=date(2023, 5, 1))
    assert (found.before.since, found.after.since) == (date(2023, 5, 1), date(2023, 5, 5))
    (one,) = [
        c
        for c in found.changes
        if c.change.obligation == "A10.2" and c.change.before and c.change.before.outcome == "violated"
    ]
    assert [d.provision for d in one.why] == ["19"]


def test_an_edition_compared_with_itself_changes_nothing(wholesaler):
    found = qs.compare_editions(wholesaler, ORDER, ORDER, on=date(2024, 4, 1))
    assert (found.differences, found.changes) == ((), ())
