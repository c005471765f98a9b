"""From which day an assessment looks: the month before, the opening, the edition's entry into force."""

from datetime import date, datetime

import pytest

from qsafety.assessment.window import clipped, default_since
from qsafety.dossier import Seller
from qsafety.errors import NotInForceError, PeriodError
from qsafety.law import edition

DRAFT, ORDER = edition("cn-seller-2023-draft"), edition("cn-seller-2023-order76")
BEGAN = date(2023, 5, 5)


def shop(opened: date | None = None) -> Seller:
    return Seller(id="s", name="店", opened_on=opened)


@pytest.mark.parametrize(
    ("opened", "on", "since"),
    [
        (None, date(2024, 2, 5), date(2024, 1, 1)),
        (None, date(2024, 1, 31), date(2023, 12, 1)),
        (date(2019, 5, 6), date(2024, 2, 5), date(2024, 1, 1)),
        (date(2024, 1, 10), date(2024, 2, 5), date(2024, 1, 10)),
        (date(2024, 3, 1), date(2024, 2, 5), date(2024, 2, 5)),
    ],
)
def test_without_a_first_day_it_is_that_of_the_month_before_but_never_before_the_opening(opened, on, since):
    assert default_since(shop(opened), on) == since
    assert clipped(DRAFT, shop(opened), None, on) == (since, None)


def test_no_day_before_entry_into_force_is_looked_at():
    assert clipped(ORDER, shop(), None, date(2023, 5, 20)) == (BEGAN, None)
    assert clipped(ORDER, shop(), None, date(2023, 7, 20)) == (date(2023, 6, 1), None)
    assert clipped(ORDER, shop(), BEGAN, BEGAN) == (BEGAN, None)
    first, said = clipped(ORDER, shop(), date(2023, 5, 4), date(2023, 5, 20))
    assert first == BEGAN
    assert said is not None
    assert "2023-05-04" in said.zh
    assert "2023-05-04" in said.en


def test_the_draft_refuses_no_day():
    assert clipped(DRAFT, shop(), date(2001, 1, 1), date(2001, 2, 1)) == (date(2001, 1, 1), None)


def test_a_day_before_entry_into_force_is_an_error_that_says_so():
    assert clipped(ORDER, shop(), None, BEGAN) == (BEGAN, None)
    with pytest.raises(NotInForceError, match="in force from 2023-05-05, not on 2023-05-04"):
        clipped(ORDER, shop(), None, date(2023, 5, 4))


def test_what_is_no_day_or_no_window_is_an_error():
    on = date(2024, 2, 5)
    assert clipped(DRAFT, shop(), on, on) == (on, None)
    with pytest.raises(PeriodError, match="since 2024-02-06 is after on 2024-02-05"):
        clipped(DRAFT, shop(), date(2024, 2, 6), on)
    for since, day in ((datetime(2024, 1, 1), on), (None, datetime(2024, 2, 5))):
        with pytest.raises(PeriodError):
            clipped(DRAFT, shop(), since, day)
