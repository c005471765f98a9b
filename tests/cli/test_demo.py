"""``qsafety demo`` and ``doctor``: what a newcomer runs first."""

import json
from pathlib import Path

import pytest
from rich.cells import cell_len

import qsafety as qs
from qsafety.archive import verify_pack

LEDGERS = {"ebike-shop.xlsx", "hardware-wholesaler.xlsx"}
SIX = {"director_duties", "officer_code", "risk_control_list", "daily_record", "weekly_report", "monthly_minutes"}
REPORTS = {"report.html", "report.json", "report.txt", "result.xlsx"}
FILES = {"README.txt", "pack", "papers", "shop.db"} | LEDGERS | REPORTS


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_demo_leaves_what_it_lists(call, tmp_path, lang):
    out = tmp_path / "演示 demo"
    done = call("demo", "--out", out, "--lang", lang)
    assert (done.status, done.err) == (0, "")
    assert {path.name for path in out.iterdir()} == FILES
    assert all(name in done.out for name in FILES - {"README.txt"})
    done.out.encode("gbk")
    report = json.loads((out / "report.json").read_text("utf-8"))
    assert report["format"] == 1 and report["on"] == "2024-02-01"
    assert "A10.2" in (out / "report.txt").read_text("utf-8")
    assert "A10.2" in (out / "report.html").read_text("utf-8")
    assert (out / "result.xlsx").read_bytes().startswith(b"PK")
    assert {path.name.split("-")[0].removesuffix(".docx") for path in (out / "papers").iterdir()} == SIX
    (pack,) = (out / "pack").iterdir()
    assert verify_pack(pack).ok and done.out.count("√") >= 2
    with qs.open_store(f"sqlite:///{out / 'shop.db'}") as store:
        assert store.dossier("hz-ebike") == qs.read_ledger(out / "ebike-shop.xlsx")


def test_its_pages_fit_80_columns(call, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for lang in ("zh", "en"):
        assert max(map(cell_len, call("demo", "--lang", lang).out.splitlines())) <= 80


def test_the_demo_can_be_run_again_and_leaves_other_files_alone(call, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    first = call("demo")
    mine = tmp_path / "qsafety-demo" / "mine.txt"
    mine.write_text("mine", encoding="utf-8")
    again = call("demo")
    assert (first.status, again.status) == (0, 0) and first.out == again.out
    assert mine.read_text("utf-8") == "mine"


def test_a_folder_that_no_demo_made_is_left_alone(call, tmp_path):
    (tmp_path / "shop.db").write_bytes(b"mine")
    done = call("demo", "--out", tmp_path)
    assert done.status == 2 and "--out" in done.err
    assert [path.name for path in tmp_path.iterdir()] == ["shop.db"] and (tmp_path / "shop.db").read_bytes() == b"mine"
    assert call("demo", "--out", tmp_path / "shop.db").status == 2


def test_an_empty_folder_is_taken(call, tmp_path):
    assert call("demo", "--out", tmp_path).status == 0


def test_the_ledger_of_the_demo_is_the_one_in_the_package(call, tmp_path, shop):
    call("demo", "--out", tmp_path / "demo")
    assert (tmp_path / "demo" / "ebike-shop.xlsx").read_bytes() == Path(shop).read_bytes()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_doctor_says_what_is_there(call, lang):
    done = call("doctor", "--lang", lang)
    assert (done.status, done.err) == (0, "")
    assert all(
        name in done.out for name in ("attrs", "click", "excel", "sqlite://", "cn-seller-2023-draft", "LibreOffice")
    )
    done.out.encode("gbk")
