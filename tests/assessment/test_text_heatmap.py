"""The picture of days, weeks and months."""

from datetime import date

import pytest

from qsafety.assessment.heatmap import MARKS, heatmap
from qsafety.assessment.lines import columns, laid_out
from qsafety.cadence import Slot
from qsafety.law.vocabulary import Cadence, SlotStatus
from qsafety.periods import Day, IsoWeek, Month, days


def daily(outlet: str | None, since: date, until: date, status: SlotStatus = SlotStatus.DONE) -> list[Slot]:
    return [Slot(Cadence.DAILY_CONTROL, outlet, Day(day), status) for day in days(since, until)]


def drawn(slots: list[Slot], names: dict[str, str] | None = None, lang="zh") -> list[str]:
    return [str(line) for line in laid_out(heatmap(slots, names or {}, lang))]


def test_a_week_is_a_line_and_months_stand_where_they_end():
    slots = [
        *daily("M1", date(2024, 1, 29), date(2024, 1, 31)),
        Slot(Cadence.DAILY_CONTROL, "M1", Day(date(2024, 2, 1)), SlotStatus.MISSED),
        Slot(Cadence.DAILY_CONTROL, "M1", Day(date(2024, 2, 2)), SlotStatus.NOT_REQUIRED),
        Slot(Cadence.WEEKLY_SCREENING, None, IsoWeek(2024, 5), SlotStatus.DUE),
        Slot(Cadence.MONTHLY_COORDINATION, None, Month(2024, 1), SlotStatus.LATE),
        Slot(Cadence.MONTHLY_COORDINATION, None, Month(2024, 2), SlotStatus.DUE),
    ]
    assert drawn(slots, {"M1": "总店"}) == [
        "                 M1 总店         周排查 月调度",
        "                 一二三四五六日",
        "  2024-W05 01-29 ■ ■ ■ × ·       ○      2024-01 ▲",
        "                                        2024-02 ○",
        "",
        "  ■ 按期履行  ▲ 逾期履行  × 未履行  ○ 待履行  · 无须履行",
        "  M1 总店  按期履行 3   未履行 1   无须履行 1",
        "  周排查   待履行 1",
        "  月调度   逾期履行 1   待履行 1",
    ]


def test_a_seller_without_outlets_has_one_column():
    assert drawn(daily(None, date(2024, 1, 1), date(2024, 1, 7)), lang="en")[:3] == [
        "                 daily control",
        "                 M T W T F S S",
        "  2024-W01 01-01 ■ ■ ■ ■ ■ ■ ■",
    ]


def test_weeks_alone_are_drawn_too():
    picture = drawn([Slot(Cadence.WEEKLY_SCREENING, None, IsoWeek(2024, 1), SlotStatus.MISSED)])
    assert picture[1].split() == ["2024-W01", "01-01", "×"]


def test_nothing_due_is_nothing_drawn():
    assert drawn([]) == []


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("outlets", [1, 3, 4, 12, 40])
def test_any_number_of_outlets_fits_in_80_columns(outlets, lang):
    slots = [
        slot
        for n in range(outlets)
        for slot in daily(
            f"M{n}", date(2024, 1, 1), date(2024, 1, 14), SlotStatus.MISSED if n == 5 else SlotStatus.DONE
        )
    ]
    slots.append(Slot(Cadence.MONTHLY_COORDINATION, None, Month(2024, 1), SlotStatus.DUE))
    picture = drawn(slots, {f"M{n}": "一家名字很长的门店（临街）" for n in range(outlets)}, lang)
    assert all(columns(line) <= 80 for line in picture)
    assert any("M5" in line for line in picture) == (outlets > 5)


def test_of_many_outlets_only_those_in_trouble_are_drawn_and_all_are_counted():
    slots = [slot for n in range(20) for slot in daily(f"M{n}", date(2024, 1, 1), date(2024, 1, 7))]
    slots += daily("M20", date(2024, 1, 1), date(2024, 1, 7), SlotStatus.MISSED)
    text = "\n".join(drawn(slots))
    assert "× × × × × × ×" in text and "■ ■" not in text
    assert "其余 20 个门店  按期履行 140" in text


def test_of_several_years_the_last_is_drawn_and_all_are_counted():
    text = "\n".join(drawn(daily("M1", date(2021, 1, 1), date(2024, 1, 31))))
    assert "2023-W05" in text and "2022-W05" not in text
    assert "按期履行 1126" in text and "此前" in text


def test_every_status_has_a_mark_of_its_own_that_gbk_has():
    signs = [sign for sign, _ in MARKS.values()]
    assert set(MARKS) == set(SlotStatus) and len(set(signs)) == len(signs)
    assert "".join(signs).encode("gbk")
