"""What is written is read back, and equal facts have one text."""

import hashlib
import json
import os
import subprocess
import sys
import typing
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qsafety.codec import canonical, digest, from_json, plain, read, to_json
from qsafety.dossier import (
    COLLECTIONS,
    KINDS,
    Attachment,
    CheckResult,
    DailyCheck,
    Dossier,
    Fact,
    Hazard,
    Opinion,
    Outlet,
    Person,
    ProductLine,
    Seller,
    Training,
)
from qsafety.dossier.facts import without_none
from qsafety.errors import CodecError, QSafetyError
from qsafety.testing.strategies import any_facts, dossiers, facts

SHOP = Seller(id="hz01", name="示例店", revenue="8000000.00")


@given(dossiers())
def test_a_dossier_is_read_back_from_its_text(dossier: Dossier) -> None:
    text = to_json(dossier)
    again = from_json(text)
    assert again == dossier
    assert hash(again) == hash(dossier)
    assert to_json(again) == text
    assert from_json(text.encode()) == dossier


@given(dossiers())
def test_layout_and_order_of_keys_do_not_matter(dossier: Dossier) -> None:
    tree = json.loads(to_json(dossier))
    backwards = {key: tree[key] for key in reversed(tree)}
    assert from_json(json.dumps(backwards, indent=2)) == dossier
    assert from_json(json.dumps(tree, ensure_ascii=False, indent="\t", separators=(" ,", " : "))) == dossier


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.__name__)
@settings(max_examples=40)
@given(data=st.data())
def test_a_fact_is_read_back_from_its_bytes(kind: type[Fact], data: st.DataObject) -> None:
    fact = data.draw(facts(kind))
    again = read(kind, canonical(fact))
    assert again == fact
    assert type(again) is kind
    assert hash(again) == hash(fact)
    assert canonical(again) == canonical(fact)
    assert types_in(again) == types_in(fact)


def types_in(value: Any) -> Any:
    """The exact types of everything inside a fact, for those that are equal and not the same: lists, subclasses."""
    if attrs.has(type(value)):
        return type(value), [types_in(getattr(value, field.name)) for field in attrs.fields(type(value))]
    if isinstance(value, tuple):
        return tuple, [types_in(member) for member in value]
    return type(value)


@given(dossiers())
def test_a_dossier_is_read_back_from_its_bytes(dossier: Dossier) -> None:
    assert canonical(dossier) == to_json(dossier).encode()
    again = read(Dossier, canonical(dossier))
    assert again == dossier
    assert list(map(types_in, again.facts())) == list(map(types_in, dossier.facts()))


@given(any_facts())
def test_the_text_is_what_rfc_8785_asks_for(fact: Fact) -> None:
    """Without floats, and with keys of ASCII letters, that is what Python's own JSON writes with keys sorted."""
    body = canonical(fact)
    assert body == json.dumps(plain(fact), sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
    assert digest(fact) == hashlib.sha256(body).hexdigest()


def test_no_fact_holds_what_would_have_two_texts() -> None:
    """No float, no mapping, no bytes, and no key beyond ASCII letters."""
    seen: list[type] = [*KINDS.values()]
    for cls in seen:
        for field in attrs.fields(cls):
            kind = without_none(field.type)[0]
            member = typing.get_args(kind)[0] if typing.get_origin(kind) else kind
            assert field.name.isascii()
            assert field.name.isidentifier()
            if attrs.has(member):
                seen += [] if member in seen else [member]
            else:
                assert member in (str, bool, int, Decimal, date, datetime) or issubclass(member, StrEnum)


def test_equal_dossiers_given_differently_have_one_text() -> None:
    beijing = timezone(timedelta(hours=8))
    label: Any = ["法律法规"]
    word: Any = ("law",)
    first = Dossier(
        seller=SHOP,
        products=[ProductLine(id="ebike", name="电动自行车", regimes=["mandatory_gb", "ccc"])],
        outlets=[Outlet(id="M2", name="二店", open_weekdays=[6, 0]), Outlet(id="M1", name="一店")],
        opinions=[Opinion(raised_by="P2", kind="veto", raised_at=datetime(2024, 1, 31, 18, 5, tzinfo=beijing))],
        trainings=[Training(on=date(2024, 1, 2), hours="1.50", topics=label)],
        partial=["opinions", "outlets"],
        sources={"M1": "门店!A3"},
    )
    second = Dossier(
        seller=attrs.evolve(SHOP, revenue=8000000),
        partial={"outlets", "opinions"},
        trainings=(Training(on=date(2024, 1, 2), hours=Decimal("1.5"), topics=word),),
        opinions=[Opinion(raised_by="P2", kind="否决", raised_at=datetime(2024, 1, 31, 10, 5, tzinfo=UTC))],
        outlets=(Outlet(id="M1", name="一店"), Outlet(id="M2", name="二店", open_weekdays=frozenset({0, 6}))),
        products=[ProductLine(id="ebike", name="电动自行车", regimes={"强制性认证", "强制性国家标准"})],
    )
    assert first == second
    assert to_json(first) == to_json(second)
    assert digest(first) == digest(second)


def test_the_text_is_readable_and_sorted() -> None:
    shop = Dossier(
        seller=Seller(id="hz01", name="示例店🛵", revenue="8000000.00", opened_on=date(2024, 1, 3)), people=[]
    )
    assert to_json(shop) == (
        '{"format":1,"partial":[],"people":[],"seller":{"address":null,"authority":null,"closed_on":null,"headcount":null,'
        '"id":"hz01","name":"示例店🛵","note":"","open_weekdays":[0,1,2,3,4,5,6],"opened_on":"2024-01-03","refs":[],'
        '"revenue":"8000000","size_class":null,"trade":null,"tz":"Asia/Shanghai","uscc":null}}'
    )


@pytest.mark.parametrize("name", COLLECTIONS)
def test_not_given_empty_and_partial_stay_different(name: str) -> None:
    made = [
        Dossier(seller=SHOP),
        Dossier(seller=SHOP, **{name: []}),  # type: ignore[arg-type] # any of the collections
        Dossier(seller=SHOP, **{name: []}, partial={name}),  # type: ignore[arg-type] # any of the collections
    ]
    assert [from_json(to_json(dossier)) for dossier in made] == made
    assert len({digest(dossier) for dossier in made}) == 3
    assert [name in json.loads(to_json(dossier)) for dossier in made] == [False, True, True]


def test_a_collection_that_is_null_was_not_given() -> None:
    tree = json.loads(to_json(Dossier(seller=SHOP))) | dict.fromkeys(COLLECTIONS)
    assert from_json(json.dumps(tree)) == Dossier(seller=SHOP)


def test_what_has_a_default_may_be_left_out() -> None:
    text = """{"format": 1, "seller": {"id": "hz01", "name": "示例店"}, "daily_checks": [
        {"day": "2024-01-31", "outlet": "M1", "officer": "P3", "results": [{"code": "R01", "outcome": "pass"}]},
        {"day": "2024-01-31", "outlet": "M1", "officer": "P4", "results": []}
    ]}"""
    checks = [
        DailyCheck(day=date(2024, 1, 31), outlet="M1", officer="P3", results={"R01": "pass"}),
        DailyCheck(day=date(2024, 1, 31), outlet="M1", officer="P4"),
    ]
    assert from_json(text) == Dossier(seller=Seller(id="hz01", name="示例店"), daily_checks=checks)


def test_where_a_record_stood_is_not_written() -> None:
    shop = Dossier(seller=SHOP, sources={"hz01": "单位!A2"})
    assert "单位" not in to_json(shop)
    assert from_json(to_json(shop)).sources == {}


def test_a_time_of_any_zone_is_the_same_instant() -> None:
    plain_hazard = {"id": "H1", "source": "daily", "found_on": "2024-01-31"}
    tree = {"format": 1, "seller": {"id": "hz01", "name": "示例店"}}
    texts = [
        "2024-01-31T18:05:00+08:00",
        "2024-01-31T10:05:00Z",
        "2024-01-31T10:05:00.000+00:00",
        "2024-01-31T05:35:00-04:30",
    ]
    read_back = {from_json(json.dumps({**tree, "hazards": [plain_hazard | {"precaution_at": text}]})) for text in texts}
    assert len(read_back) == 1
    assert '"precaution_at":"2024-01-31T10:05:00Z"' in to_json(read_back.pop())


SEEDED = """
import sys
sys.stdout.reconfigure(encoding="utf-8")
from qsafety.codec import from_json, to_json
print(to_json(from_json(sys.stdin.buffer.read())), end="")
"""


@pytest.mark.parametrize("seed", ["0", "1", "4242"])
def test_the_seed_of_hashes_does_not_matter(seed: str) -> None:
    weekdays = [4, 2, 0, 6]
    regimes = ["production_licence", "ccc", "mandatory_gb"]
    shop = Dossier(
        seller=SHOP,
        outlets=[Outlet(id="M1", name="一店", open_weekdays=weekdays)],
        products=[ProductLine(id="x", name="x", regimes=regimes)],
        hazards=[],
        partial=[*COLLECTIONS],
    )
    run = subprocess.run(
        [sys.executable, "-c", SEEDED],
        input=to_json(shop).encode(),
        env=os.environ | {"PYTHONHASHSEED": seed},
        stdout=subprocess.PIPE,
        check=True,
    )
    assert run.stdout.decode() == to_json(shop)


@pytest.mark.parametrize(
    "fact",
    [
        Person(id="P1", name="\ud800"),
        DailyCheck(day=date(2024, 1, 31), officer="P3", results=[CheckResult(code="\udfff", outcome="pass")]),
        Hazard(
            id="H1",
            source="daily",
            found_on=date(2024, 1, 31),
            attachments=[Attachment(filename="\udc80.jpg", media_type="", size=0, sha256="")],
        ),
    ],
)
def test_half_a_character_has_no_bytes(fact: Fact) -> None:
    with pytest.raises(CodecError) as refused:
        canonical(fact)
    assert [problem.code for problem in refused.value.problems] == ["lone_surrogate"]


def test_the_place_of_half_a_character_is_told() -> None:
    shop = Dossier(seller=SHOP, outlets=[Outlet(id="M1", name="一店"), Outlet(id="M2", name="二\udfff")])
    with pytest.raises(CodecError) as refused:
        to_json(shop)
    assert refused.value.to("en").endswith(
        "it contains half a character, U+DFFF, which cannot be kept @ $.outlets[1].name"
    )
    assert refused.value.to("zh").endswith("含有半个字符 U+DFFF，不能保存 @ $.outlets[1].name")


@pytest.mark.parametrize("kind", [Outlet, Dossier])
@pytest.mark.parametrize(
    "data", [b"", b"{", b"null", b"[]", b"{}", b'{"id":1,"name":"x"}', b'{"id":"\xff","name":"x"}', b"\x00"]
)
def test_bytes_that_are_no_fact_are_refused(kind: type[Fact] | type[Dossier], data: bytes) -> None:
    with pytest.raises(CodecError) as refused:
        read(kind, data)
    assert [problem.code for problem in refused.value.problems] == ["not_ours"]
    assert isinstance(refused.value, QSafetyError)


def test_bytes_of_a_later_version_with_more_keys_are_read() -> None:
    fact = Outlet(id="M1", name="一店")
    later: Mapping[str, Any] = {**plain(fact), "floor_area": 20}
    assert read(Outlet, json.dumps(later).encode()) == fact
