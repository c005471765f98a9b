"""Days, times and numbers as papers write them."""

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from qsafety.papers.wording import chinese_day, clock, figure, in_order, stamp

SHANGHAI = ZoneInfo("Asia/Shanghai")


def test_a_day_has_its_weekday() -> None:
    assert chinese_day(date(2024, 2, 29)) == "2024年2月29日 星期四"
    assert chinese_day(date(2023, 12, 31)) == "2023年12月31日 星期日"


def test_a_time_is_the_seller_s() -> None:
    evening = datetime(2024, 1, 31, 16, 30, tzinfo=UTC)
    assert stamp(evening, SHANGHAI) == "2024-02-01 00:30"
    assert clock(evening, SHANGHAI, date(2024, 1, 31)) == "2024-02-01 00:30"
    assert clock(evening, SHANGHAI, date(2024, 2, 1)) == "00:30"
    assert stamp(None, SHANGHAI) == clock(None, SHANGHAI, date(2024, 1, 1)) == ""


def test_a_number_has_no_exponent() -> None:
    assert [figure(Decimal(n)) for n in ("1E+3", "2.5", "0")] == ["1000", "2.5", "0"]


def test_several_things_are_numbered_and_one_is_not() -> None:
    assert in_order([]) == ""
    assert in_order(["a"]) == "a"
    assert in_order(["a", "", "c"]) == "①a\n③c"
    assert in_order(["x"] * 21).endswith("⑳x\n(21)x")
