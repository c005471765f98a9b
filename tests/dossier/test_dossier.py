"""A dossier: what was given, in one order, with ids that are unique."""

from datetime import date
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qsafety.dossier import (
    COLLECTIONS,
    KINDS,
    LABELS,
    DailyCheck,
    Dossier,
    Exam,
    Fact,
    Hazard,
    Outlet,
    Person,
    ProductLine,
    Seller,
    numbered,
)
from qsafety.dossier.dossier import duplicates
from qsafety.errors import DuplicateRecordError, FactError, UnknownNameError
from qsafety.testing.strategies import dossiers

DAY = date(2024, 1, 31)
SHOP = Seller(id="hz01", name="示例店")


def check(outlet: str, day: int = 31, note: str = "", id_: str = "") -> DailyCheck:
    return DailyCheck(id=id_, day=date(2024, 1, day), outlet=outlet, officer="P3", note=note)


def test_there_is_a_field_a_label_and_a_kind_for_every_collection() -> None:
    names = [field.name for field in attrs.fields(Dossier)]
    assert names == ["seller", *COLLECTIONS, "partial", "sources"]
    assert list(LABELS) == list(COLLECTIONS)
    assert list(KINDS.values()) == [Seller, *COLLECTIONS.values()]
    assert [kind for kind, cls in KINDS.items() if kind != cls.KIND] == []


def test_what_is_not_given_is_not_known_and_what_is_given_is_complete_unless_partial() -> None:
    shop = Dossier(seller=SHOP, outlets=[], hazards=[], partial={"hazards"})
    assert [shop.given(name) for name in ("outlets", "hazards", "people")] == [True, True, False]
    assert [shop.complete(name) for name in ("outlets", "hazards", "people")] == [True, False, False]


def test_not_given_empty_and_partial_are_three_different_things() -> None:
    assert (
        len(
            {Dossier(seller=SHOP), Dossier(seller=SHOP, people=[]), Dossier(seller=SHOP, people=[], partial=["people"])}
        )
        == 3
    )


@given(dossiers(), st.randoms())
def test_the_order_in_which_facts_are_given_does_not_matter(shop: Dossier, random: Any) -> None:
    shuffled: dict[str, Any] = {}
    for name in COLLECTIONS:
        facts: list[Fact] | None = getattr(shop, name) and [*getattr(shop, name)]
        if facts:
            random.shuffle(facts)
            shuffled[name] = facts
    again = attrs.evolve(shop, **shuffled)
    assert again == shop
    assert hash(again) == hash(shop)


def test_collections_may_come_as_any_iterable_and_are_kept_in_the_order_of_their_ids() -> None:
    outlets = [Outlet(id=id_, name="店") for id_ in ("M2", "M10", "M1")]
    for given_as in (outlets, tuple(outlets), iter(outlets), set(outlets)):
        made: Any = given_as
        assert [o.id for o in Dossier(seller=SHOP, outlets=made).outlets or ()] == ["M1", "M10", "M2"]


def test_the_later_of_two_equal_natural_keys_gets_a_number() -> None:
    facts = [check("M1", note=note) for note in ("早", "晚", "夜")]
    assert [f.id for f in numbered(facts)] == [
        "daily_check:M1:2024-01-31",
        "daily_check:M1:2024-01-31:2",
        "daily_check:M1:2024-01-31:3",
    ]
    assert [f.note for f in Dossier(seller=SHOP, daily_checks=facts).daily_checks or ()] == ["早", "晚", "夜"]


@pytest.mark.parametrize("order", [[0, 1, 2], [2, 0, 1], [0, 2, 1]])
def test_a_number_that_the_caller_has_used_is_passed_over(order: list[int]) -> None:
    facts = [
        check("M1", note="早"),
        check("M1", note="晚"),
        check("M1", note="自编", id_="daily_check:M1:2024-01-31:2"),
    ]
    made = numbered([facts[i] for i in order])
    assert {f.note: f.id for f in made} == {
        "早": "daily_check:M1:2024-01-31",
        "晚": "daily_check:M1:2024-01-31:3",
        "自编": "daily_check:M1:2024-01-31:2",
    }


@given(dossiers())
def test_a_dossier_made_of_its_own_facts_is_the_same(shop: Dossier) -> None:
    assert attrs.evolve(shop, **{name: getattr(shop, name) for name in COLLECTIONS}) == shop


@pytest.mark.parametrize(
    ("facts", "zh", "en"),
    [
        (
            [check("M1"), check("M2"), check("M1")],
            "两条记录完全相同：daily_check:M1:2024-01-31。见 日检查!A2 与 日检查!A4。",
            "two records are equal in every field: daily_check:M1:2024-01-31. See 日检查!A2 and 日检查!A4.",
        ),
        (
            [check("M1", id_="C1"), check("M2"), check("M2", id_="C1")],
            "记录“C1”重复。见 日检查!A2 与 日检查!A4。",
            "record 'C1' comes twice. See 日检查!A2 and 日检查!A4.",
        ),
    ],
)
def test_a_record_that_comes_twice_is_refused_with_both_places(facts: list[DailyCheck], zh: str, en: str) -> None:
    with pytest.raises(DuplicateRecordError) as refused:
        numbered(facts, [f"日检查!A{row}" for row in (2, 3, 4)])
    assert refused.value.to("zh") == zh
    assert refused.value.to("en") == en
    assert refused.value.places == ("日检查!A2", "日检查!A4")
    with pytest.raises(DuplicateRecordError, match=r"See \[0\] and \[2\]"):
        Dossier(seller=SHOP, daily_checks=facts)


def test_every_repetition_is_told_with_the_place_of_what_it_repeats() -> None:
    facts = [check("M1"), check("M1", note="晚"), check("M1"), check("M1", note="晚"), check("M2")]
    assert [error.places for error in duplicates(facts)] == [("[0]", "[2]"), ("[1]", "[3]")]


def test_ten_thousand_checks_of_one_day_are_numbered_at_once() -> None:
    """Not by comparing each with each: nobody would wait for that."""
    made = numbered([check("M1", note=str(n)) for n in range(10_000)])
    assert made[-1].id == "daily_check:M1:2024-01-31:10000"


@pytest.mark.parametrize(
    ("given_as", "message"),
    [
        ({"seller": SHOP, "hazards": [check("M1")]}, "hazards: got a DailyCheck, expected a Hazard"),
        ({"seller": SHOP, "hazards": ["H1"]}, "hazards: got a str, expected a Hazard"),
        ({"seller": SHOP, "people": [SHOP]}, "people: got a Seller, expected a Person"),
        ({"seller": SHOP, "people": 5}, "people: got a int, expected a list"),
        ({"seller": SHOP, "people": "P1"}, "people: got a str, expected a list"),
        ({"seller": "hz01"}, "seller: got a str, expected a Seller"),
    ],
)
def test_facts_of_another_kind_are_refused(given_as: dict[str, Any], message: str) -> None:
    with pytest.raises(FactError, match=message):
        Dossier(**given_as)


def test_a_collection_that_does_not_exist_cannot_be_partial() -> None:
    with pytest.raises(UnknownNameError) as refused:
        Dossier(seller=SHOP, partial={"hazard"})
    assert refused.value.nearest == "hazards"
    assert refused.value.to("zh") == "没有名为“hazard”的档案集合。是否为“hazards”？"


def test_facts_come_seller_first_and_then_in_the_order_of_the_collections() -> None:
    shop = Dossier(
        seller=SHOP,
        hazards=[Hazard(id="H1", source="daily", found_on=DAY)],
        people=[Person(id="P2", name="李四"), Person(id="P1", name="张三")],
        exams=[Exam(person="P2", role="director", on=DAY, passed=True)],
    )
    assert [fact.id for fact in shop.facts()] == ["hz01", "P1", "P2", "exam:P2:director:2024-01-31", "H1"]


def test_where_a_fact_stood_is_remembered_and_no_part_of_equality() -> None:
    line = ProductLine(id="ebike", name="电动自行车")
    outlet = Outlet(id="M1", name="一店")
    sources = {"product:ebike": "产品!A2", "M1": "门店!A2"}
    shop = Dossier(seller=SHOP, products=[line], outlets=[outlet], sources=sources)
    assert [shop.source(fact) for fact in (line, outlet, SHOP)] == ["产品!A2", "门店!A2", None]
    assert shop == Dossier(seller=SHOP, products=[line], outlets=[outlet])
    assert hash(shop) == hash(attrs.evolve(shop, sources={}))


def test_a_repr_counts_and_names_nobody() -> None:
    shop = Dossier(seller=SHOP, people=[Person(id="P1", name="张三")], hazards=[])
    assert repr(shop) == "Dossier(seller='hz01', people=1, hazards=0)"
    assert repr(Dossier(seller=SHOP)) == "Dossier(seller='hz01')"
