"""The cattrs converter of facts, alone and inside a host's own."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import attrs
import pytest
from cattrs import Converter
from hypothesis import given

from qsafety.codec import converter, plain, to_json
from qsafety.dossier import CheckResult, DailyCheck, Dossier, Fact, Hazard
from qsafety.errors import CodecError
from qsafety.testing.strategies import any_facts, dossiers

HAZARD = Hazard(id="H1", source="daily", found_on=date(2024, 1, 31))


@given(any_facts())
def test_a_fact_is_structured_from_what_it_was_unstructured_to(fact: Fact) -> None:
    data = converter().unstructure(fact)
    assert data == plain(fact)
    assert converter().structure(data, type(fact)) == fact


@given(dossiers())
def test_a_dossier_is_structured_from_what_it_was_unstructured_to(dossier: Dossier) -> None:
    data = converter().unstructure(dossier)
    assert data["format"] == 1
    assert converter().structure(data, Dossier) == dossier


def test_what_is_structured_is_not_changed_by_it() -> None:
    data: dict[str, Any] = {"day": "2024-01-31", "officer": "P3", "results": [{"code": "R01", "outcome": "pass"}]}
    before = repr(data)
    check = converter().structure(data, DailyCheck)
    assert repr(data) == before
    assert check.results == (CheckResult(code="R01", outcome="pass"),)


@pytest.mark.parametrize(
    ("cls", "data", "problems"),
    [
        (Hazard, {"id": "H1", "source": "daily", "found_on": "31.1."}, ["$.found_on"]),
        (Hazard, {"id": "H1", "found": 1}, ["$.found", "$.found_on", "$.source"]),
        (Hazard, [], ["$"]),
        (CheckResult, {"code": "R01", "outcome": "passed"}, ["$.outcome"]),
        (CheckResult, {"code": 1, "outcome": 1.5}, ["$.code", "$.outcome"]),
        (Dossier, {}, ["$.format", "$.seller"]),
    ],
)
def test_a_converter_is_strict_and_says_all(cls: type, data: Any, problems: list[str]) -> None:
    with pytest.raises(CodecError) as refused:
        converter().structure(data, cls)
    assert [problem.path for problem in refused.value.problems] == problems


@attrs.frozen
class Ticket:
    """What a host may have."""

    number: int
    hazards: Sequence[Hazard]


def test_facts_may_stand_inside_what_a_host_structures() -> None:
    ticket = Ticket(7, [HAZARD])
    data = converter().unstructure(ticket)
    assert data == {"number": 7, "hazards": [plain(HAZARD)]} or data == {"number": 7, "hazards": (plain(HAZARD),)}
    assert [*converter().structure(data, Ticket).hazards] == [HAZARD]


def test_the_converter_is_one_of_cattrs_and_always_the_same() -> None:
    assert isinstance(converter(), Converter)
    assert converter() is converter()
    assert to_json(converter().structure({"format": 1, "seller": {"id": "a", "name": "b"}}, Dossier)).startswith("{")
