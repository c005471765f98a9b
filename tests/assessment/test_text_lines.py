"""Lines in columns: what a terminal shows, how a line is broken, and what a name in a ledger cannot do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from qsafety.assessment.lines import Line, Page, clean, columns, laid_out, padded
from qsafety.bilingual import Bilingual


def broken(text: str, width: int, hang: int = 0) -> list[str]:
    return [str(piece) for piece in Line(((text, ""),), hang=hang).broken(width)]


@pytest.mark.parametrize(
    "text", ["", "2024-01-31", "周排查 √", "“质量”……", "■ ▲ □ × ○ ·", "GB 17761—2018", "门店（M1）、！"]
)
def test_a_text_takes_as_many_columns_as_a_terminal_gives_it(text):
    assert columns(text) == cell_len(text)


def test_a_field_is_filled_or_cut():
    assert padded("日管控", 8) == "日管控  "
    assert padded("示例路总店", 8) == "示例路… "
    assert padded("示例路总店", 7) == "示例路…"


def test_no_line_begins_with_a_full_stop_or_ends_with_an_opening_quote():
    assert broken("质量安全员每日检查。", 18) == ["质量安全员每日检", "查。"]
    assert broken("应当形成“检查记录”", 10) == ["应当形成", "“检查记录”"]


def test_dates_and_words_stay_whole():
    assert broken("漏检 2024-01-07、2024-01-08", 18) == ["漏检 2024-01-07、", "2024-01-08"]
    assert broken("no record for 2024-W05", 12) == ["no record", "for 2024-W05"]


def test_what_follows_a_break_is_indented():
    assert broken("  · 一二三四五六", 12, hang=4) == ["  · 一二三四", "    五六"]


def test_a_span_that_names_a_cell_is_never_broken():
    line = Line((("没有记录", ""), ("  ", ""), ("[未履行说明!A2]", "cell")), hang=2)
    assert [str(piece) for piece in line.broken(20)] == ["没有记录", "  [未履行说明!A2]"]


def test_a_path_to_be_copied_is_never_broken():
    page = Page("en")
    page.put("Written to " + "long/" * 30, whole=True)
    assert len([*laid_out(page.lines)]) == 1


def test_a_word_longer_than_the_page_is_cut():
    assert broken("a" * 25, 10) == ["a" * 10, "a" * 10, "a" * 5]


def test_styles_survive_a_break():
    line = Line((("红红红", "bad"), ("绿绿绿", "good")))
    assert [piece.spans for piece in line.broken(8)] == [(("红红红", "bad"), ("绿", "good")), (("绿绿", "good"),)]


@given(st.text(max_size=200), st.integers(10, 90), st.integers(0, 20))
def test_whatever_is_written_fits_and_nothing_is_lost(text, width, hang):
    line = clean(text)
    pieces = broken(line, width, hang)
    assert all(columns(piece) <= width for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(line.split())


@given(st.text(max_size=100))
def test_no_name_moves_the_cursor_or_ends_the_line(text):
    shown = clean(text)
    assert len(shown.splitlines()) <= 1
    assert not any(ord(sign) < 32 or 127 <= ord(sign) < 160 for sign in shown)


def test_a_page_speaks_one_language():
    page = Page("en")
    page.entry(Bilingual("单位", "Seller"), Bilingual("店", "shop"), indent=0)
    page.blank()
    page.blank()
    page.put("end")
    assert str(page) == "Seller  shop\n\nend\n"
