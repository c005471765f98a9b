"""``qsafety papers``: a month of papers in one command, templates to change, and what is wrong with a changed one."""

import pytest

pytest.importorskip("docxtpl")


def test_a_month_of_papers_is_written_and_periods_without_a_record_are_named(call, sample_folder, tmp_path):
    out = tmp_path / "papers"
    done = call(
        "papers",
        str(sample_folder / "ebike-shop.xlsx"),
        *("--out", str(out), "--since", "2024-01-01", "--until", "2024-01-31", "--on", "2024-02-05"),
        *("--kind", "weekly_report", "--kind", "monthly_minutes"),
    )
    assert done.status == 0
    names = {path.name for path in out.iterdir()}
    assert "weekly_report-2024-W01.docx" in names and "monthly_minutes-2024-01.docx" in names
    assert "weekly_report-2024-W04.docx" not in names
    assert "2024-W04" in done.err


def test_a_ledger_that_is_not_there_is_refused_and_nothing_is_written(call, tmp_path):
    done = call("papers", "none.xlsx", "--out", str(tmp_path / "papers"))
    assert done.status == 2
    assert not (tmp_path / "papers").exists()


def test_the_shipped_templates_are_exported_and_found_clean(call, tmp_path):
    assert call("papers", "templates", str(tmp_path)).status == 0
    assert call("papers", "lint", str(tmp_path / "daily_record.docx")).status == 0


def test_a_file_that_is_no_template_is_refused(call, tmp_path):
    file = tmp_path / "daily_record.docx"
    file.write_bytes(b"no Word file")
    done = call("papers", "lint", str(file))
    assert done.status == 2 and "Traceback" not in done.err


def test_what_is_left_to_write_of_a_duty_paper_is_told(call, sample_folder, tmp_path):
    done = call("papers", str(sample_folder / "ebike-shop.xlsx"), "--kind", "director_duties", "--out", str(tmp_path))
    assert done.status == 0
    assert "director_duties.docx  第七条第（一）、" in done.err


def test_a_list_is_begun_from_starter_packs_as_a_draft(call, tmp_path):
    listed = call("papers", "starter")
    assert listed.status == 0 and "ebikes" in listed.out
    made = call("papers", "starter", "ebikes", "--out", str(tmp_path / "list.docx"))
    assert made.status == 0 and "草案" in made.out and (tmp_path / "list.docx").is_file()
    wrong = call("papers", "starter", "ebike", "--out", str(tmp_path / "other.docx"), "--lang", "en")
    assert wrong.status == 2 and "Did you mean 'ebikes'" in wrong.err and not (tmp_path / "other.docx").exists()
