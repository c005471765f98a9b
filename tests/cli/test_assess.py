"""``qsafety assess`` and ``exposure``: the report on paper, as JSON, in a file."""

import json
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

import qsafety as qs

KEYS = {
    "format", "edition", "on", "since", "seller", "director", "findings", "slots", "exposure", "safe_harbour", "todo",
    "readings", "receipt",
}  # fmt: skip
FINDING = {
    "obligation", "outcome", "severity", "subject", "message", "because", "citation", "slots", "readings", "advice"
}  # fmt: skip


def test_the_report_is_printed_and_the_status_says_that_something_is_violated(call, shop):
    done = call("assess", shop, "--on", "2024-02-01", "--since", "2024-01-01")
    assert done.status == 1 and done.err == ""
    assert done.out.startswith("本报告依据征求意见稿，并非现行有效文本")
    assert "判断日  2024-02-01\n" in done.out and "× A10.2" in done.out


def test_nothing_violated_is_status_0(call, tmp_path):
    dossier = qs.Dossier(
        seller=qs.Seller(id="s", name="店"), products=[qs.ProductLine(id="b", name="面包", exclusion="food")]
    )
    file = tmp_path / "bakery.json"
    file.write_text(qs.to_json(dossier), encoding="utf-8")
    done = call("assess", file, "--on", "2024-02-01")
    assert done.status == 0 and "本规定不适用" in done.out


def test_json_is_the_report_and_has_the_keys_of_the_contract(call, shop):
    done = call("assess", shop, "--on", "2024-02-01", "--since", "2024-01-01", "--format", "json")
    data = json.loads(done.out)
    report = qs.assess(qs.read_ledger(shop), on=datetime(2024, 2, 1).date(), since=datetime(2024, 1, 1).date())
    assert done.status == 1 and data == json.loads(json.dumps(report.to_dict()))
    assert data.keys() >= KEYS and data["format"] == 1
    assert all(finding.keys() >= FINDING for finding in data["findings"])
    assert data["director"] == {"required": True, "by": ["5.1.1", "5.1.2", "5.1.3"], "in_post": ["P2"], "missing": []}
    assert {
        "cadence": "daily_control",
        "outlet": "M2",
        "period": "2024-01-07",
        "status": "missed",
        "record": None,
    } in data["slots"]
    assert data["receipt"].keys() == {"version", "edition", "text_sha256", "readings", "dossier_sha256", "on", "since"}


def test_the_day_is_today_at_the_seller_and_is_printed(call, shop):
    before = datetime.now(ZoneInfo("Asia/Shanghai")).date()
    done = call("assess", shop)
    after = datetime.now(ZoneInfo("Asia/Shanghai")).date()
    assert any(f"判断日  {day}（未指定，取单位所在地的今天，Asia/Shanghai）" in done.out for day in (before, after))
    assert json.loads(call("assess", shop, "--format", "json").out)["on"] in (str(before), str(after))


def test_english_is_spoken_when_asked(call, shop):
    done = call("assess", shop, "--on", "2024-02-01", "--lang", "en")
    assert done.out.startswith("This report is based on the consultation draft")
    assert "1. Does the regulation apply" in done.out


def test_edition_and_readings_are_used(call, shop):
    done = call(
        "assess", shop, "--on", "2024-02-01", "--edition", "cn-seller-2023-order76",
        "--reading", "size_class=both", "--reading", "promptly=2", "--format", "json",
    )  # fmt: skip
    data = json.loads(done.out)
    assert data["edition"] == "cn-seller-2023-order76"
    assert (data["readings"]["size_class"], data["readings"]["promptly"]) == ("both", 2)


@pytest.mark.parametrize("name", ["report.txt", "report.json", "REPORT.JSON"])
def test_a_file_gets_what_the_terminal_would(call, shop, tmp_path, name):
    out = tmp_path / name
    words = ("assess", shop, "--on", "2024-02-01")
    done = call(*words, "--out", out)
    assert done.status == 1 and str(out) in done.out and "2024-02-01" in done.out
    form = "json" if name.lower().endswith("json") else "text"
    assert out.read_text("utf-8") == call(*words, "--format", form).out
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []


def test_a_file_that_was_there_stays_where_nothing_can_be_written(call, shop, tmp_path):
    out = tmp_path / "report.json"
    out.write_text("old", encoding="utf-8")
    assert call("assess", shop, "--on", "2024-02-30", "--out", out).status == 2
    assert call("assess", shop.with_name("none.xlsx"), "--out", out).status == 2
    assert out.read_text("utf-8") == "old"
    out.unlink()
    out.mkdir()
    assert call("assess", shop, "--on", "2024-02-01", "--out", out).status == 2
    assert [p.name for p in tmp_path.iterdir() if p.suffix == ".part"] == []


def test_sheets_that_are_the_users_own_are_named(call, shop):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.load_workbook(shop)
    book.create_sheet("我的笔记")["A1"] = "x"
    book.save(shop)
    assert "未读取的工作表：我的笔记" in call("assess", shop, "--on", "2024-02-01").out


def test_a_dossier_and_a_store_answer_as_the_ledger_does(call, shop, tmp_path):
    dossier = qs.read_ledger(shop)
    file = tmp_path / "shop.json"
    file.write_text(qs.to_json(dossier), encoding="utf-8")
    url = f"sqlite:///{tmp_path / 'shop.db'}"
    assert call("import", shop, "--store", url).status == 0
    words = ("--on", "2024-02-01", "--format", "json")
    of_ledger, of_json, of_store = (
        json.loads(call("assess", *source, *words).out) for source in ([shop], [file], [url, "--seller", "hz-ebike"])
    )
    assert of_ledger["receipt"] == of_json["receipt"] == of_store["receipt"]
    outcomes = [
        [(f["obligation"], f["outcome"], f["subject"]) for f in one["findings"]]
        for one in (of_ledger, of_json, of_store)
    ]
    assert outcomes[0] == outcomes[1] == outcomes[2]


def test_exposure_tells_the_stage_and_never_an_amount(call, shop, wholesaler):
    done = call("exposure", shop, "--on", "2024-02-01")
    assert done.status == 1 and "可被责令改正并警告" in done.out and "不构成法律意见" in done.out.replace("\n", "")
    data = json.loads(call("exposure", shop, "--on", "2024-02-01", "--format", "json").out)
    assert data["stage"] == "exposed" and data["range"] is None and "L3" in data["limbs"]
    refused = call("exposure", wholesaler, "--on", "2024-04-10", "--since", "2024-03-01")
    assert refused.status == 1 and "罚款幅度 5000 元至 50000 元" in refused.out
    data = json.loads(call("exposure", wholesaler, "--on", "2024-04-10", "--format", "json").out)
    assert data["stage"] == "refused" and data["range"] == {"min": "5000", "max": "50000"}


def test_the_page_is_printed_or_written_and_links_to_the_ledger(call, process, shop, tmp_path):
    out = tmp_path / "报告.html"
    words = ("assess", shop, "--on", "2024-02-01", "--since", "2024-01-01")
    done = call(*words, "--out", out)
    page = out.read_text("utf-8")
    assert done.status == 1 and str(out) in done.out
    assert page.startswith('<!DOCTYPE html>\n<html lang="zh-CN">') and 'href="ebike-shop.xlsx#' in page
    printed = process(*words, "--format", "html", "--lang", "en", PYTHONIOENCODING="gbk:strict")
    assert printed.returncode == 1 and printed.stderr == b""
    assert printed.stdout.isascii() and b'<html lang="en">' in printed.stdout
    refused = call(*words, "--format", "html", "--compare-readings")
    assert refused.status == 2 and "--compare-readings" in refused.err
