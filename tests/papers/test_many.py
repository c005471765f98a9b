"""Many papers into a folder: which, under which names, and what happens the second time."""

from datetime import date
from pathlib import Path
from typing import Any

import attrs
import pytest

from qsafety.dossier import DailyCheck, Dossier, Outlet, Seller
from qsafety.errors import PaperError, PeriodError
from qsafety.papers import NumberParts, export_templates, many, render, render_many
from qsafety.papers.specs import ALL, SPECS

JANUARY: dict[str, Any] = {"since": "2024-01-01", "until": "2024-01-31"}


def test_a_month_of_a_shop(ebike: Dossier, tmp_path: Path) -> None:
    done = render_many(ebike, **JANUARY, to=tmp_path / "papers")
    names = [path.name for path in done]
    assert names == sorted(p.name for p in (tmp_path / "papers").iterdir())
    assert [n for n in names if not n.startswith("daily_record")] == [
        "director_duties.docx",
        "monthly_minutes-2024-01.docx",
        "officer_code.docx",
        "risk_control_list.docx",
        "weekly_report-2024-W01.docx",
        "weekly_report-2024-W02.docx",
        "weekly_report-2024-W03.docx",
    ]
    days = [n for n in names if n.startswith("daily_record")]
    assert (len(days), days[0], days[-1]) == (58, "daily_record-M1-2024-01-01.docx", "daily_record-M2-2024-01-31.docx")
    assert [str(s) for s in done.skipped] == [
        "daily_record M2 2024-01-07 no record",
        "weekly_report 2024-W04 no record",
    ]
    one = render("weekly_report", ebike, period="2024-W02")
    assert (tmp_path / "papers" / one.name).read_bytes() == one.bytes
    assert repr(done) == "Papers(made=65, kept=0, skipped=2)"


def test_what_is_there_and_right_is_left_and_what_is_not_is_made_again(ebike: Dossier, tmp_path: Path) -> None:
    asked = {**JANUARY, "kinds": ["weekly_report", "monthly_minutes"], "to": tmp_path}
    first = render_many(ebike, **asked)
    wrong, cut, gone, right = first.files
    wrong.write_bytes(right.read_bytes())
    cut.write_bytes(cut.read_bytes()[:1000])
    gone.unlink()
    before = right.stat().st_mtime_ns
    second = render_many(ebike, **asked)
    assert second.kept == (right,)
    assert set(second.made) == {wrong, cut, gone}
    assert right.stat().st_mtime_ns == before
    assert len(render_many(ebike, **asked).kept) == 4


def test_the_version_in_force_at_the_end_of_the_window_is_printed(shop: Dossier, tmp_path: Path, read: Any) -> None:
    for until, version in ((date(2024, 1, 21), "2023-1"), (date(2024, 1, 22), "2024-1")):
        (path,) = render_many(shop, since=until, until=until, kinds=["risk_control_list"], to=tmp_path)
        assert read(path.read_bytes()).said("版本") == version


def test_a_document_that_the_dossier_does_not_hold_is_skipped_with_the_reason(shop: Dossier, tmp_path: Path) -> None:
    done = render_many(attrs.evolve(shop, risk_lists=None), **JANUARY, kinds=["risk_control_list"], to=tmp_path)
    assert len(done) == 0
    assert [str(s) for s in done.skipped] == ["risk_control_list the dossier holds no risk control list"]


def test_one_empty_form_of_each(ebike: Dossier, tmp_path: Path) -> None:
    done = render_many(ebike, **JANUARY, to=tmp_path, blank=True)
    assert {path.stem for path in done} == set(SPECS)


def short(parts: NumberParts) -> str:
    return f"{parts.letter}{parts.issue}"


def test_several_processes_make_the_same(ebike: Dossier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(many, "WORTH", 0)  # else so few are made in this one
    steps: list[tuple[int, int]] = []
    asked = {**JANUARY, "kinds": ["daily_record"]}
    alone = render_many(ebike, **asked, to=tmp_path / "1", progress=lambda n, of: steps.append((n, of)))
    two = render_many(ebike, **asked, to=tmp_path / "2", workers=2)
    assert steps == [(n, 58) for n in range(1, 59)]
    assert [p.read_bytes() for p in alone] == [p.read_bytes() for p in two]


def test_processes_are_not_started_for_a_few_papers(
    ebike: Dossier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(many, "ProcessPoolExecutor", None)
    monkeypatch.setattr(many, "WORTH", 1e9)
    assert len(render_many(ebike, **JANUARY, kinds=["daily_record"], to=tmp_path, workers=2)) == 58


def test_a_window_that_ends_before_it_begins_is_refused(shop: Dossier, tmp_path: Path) -> None:
    with pytest.raises(PeriodError, match="ends \\(2024-01-01\\) before it begins"):
        render_many(shop, since="2024-02", until="2024-01-01", to=tmp_path)


def test_an_unknown_kind_is_refused_before_anything_is_made(shop: Dossier, tmp_path: Path) -> None:
    with pytest.raises(PaperError, match="Did you mean 'daily_record'"):
        render_many(shop, **JANUARY, kinds=["daily_recrod"], to=tmp_path / "none")
    assert not (tmp_path / "none").exists()


def test_a_folder_that_cannot_be_made_is_named(shop: Dossier, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(PaperError, match="cannot make the folder"):
        render_many(shop, **JANUARY, to=tmp_path / "file" / "x")


def test_two_outlets_with_one_file_name_are_refused(tmp_path: Path) -> None:
    day = date(2024, 1, 10)
    dossier = Dossier(
        seller=Seller(id="s", name="店"),
        outlets=[Outlet(id="a/b", name="x"), Outlet(id="a:b", name="y")],
        daily_checks=[DailyCheck(day=day, officer="P", outlet=o) for o in ("a/b", "a:b")],
    )
    with pytest.raises(PaperError, match="two papers have one file name: daily_record-a_b-2024-01-10"):
        render_many(dossier, **JANUARY, kinds=["daily_record"], to=tmp_path)


def test_a_check_that_names_no_outlet_is_printed_too(tmp_path: Path) -> None:
    dossier = Dossier(
        seller=Seller(id="s", name="店"),
        outlets=[Outlet(id="A", name="x"), Outlet(id="B", name="y")],
        daily_checks=[DailyCheck(day=date(2024, 1, 10), officer="P")],
    )
    (path,) = render_many(dossier, **JANUARY, kinds=["daily_record"], to=tmp_path)
    assert path.name == "daily_record-2024-01-10.docx"


def test_the_templates_come_out_byte_for_byte(tmp_path: Path) -> None:
    written = export_templates(tmp_path / "templates")
    assert {p.name for p in written} == {f"{kind}{look}.docx" for kind in ALL for look in ("", ".gongwen")}
    assert {p.name: p.read_bytes() for p in written if "gongwen" not in p.name} == {
        f"{kind}.docx": spec.template for kind, spec in ALL.items()
    }
