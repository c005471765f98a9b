"""Editions on the command line: shipped ones by id, one's own by its folder, two of them with a ledger."""

import json
from pathlib import Path

import pytest

DRAFT, ORDER = "cn-seller-2023-draft", "cn-seller-2023-order76"
MINE = """
id = "mine"
inherits = "cn-seller-2023-draft"
title = { zh = "修订（示例）", en = "amendment (example)" }
status = "in_force"
effective_on = 2024-01-01
dropped = ["A06.2a"]

[[parameters]]
unit = "yuan"
basis = { zh = "第十七条", en = "Article 17" }
values = { fine_max = 100_000 }
"""


@pytest.fixture
def here(sample_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(sample_folder)
    (sample_folder / "my-edition").mkdir()
    (sample_folder / "my-edition" / "edition.toml").write_text(MINE, encoding="utf-8")
    return sample_folder


@pytest.mark.parametrize("name", ["./my-edition", "my-edition", "my-edition/"])
def test_a_folder_is_an_edition(call, here, name):
    done = call("law", "show", "6.2", "--edition", name)
    assert done.status == 0 and "mine" in done.out and "沿用，未经核对" in done.out
    done = call("assess", "hardware-wholesaler.xlsx", "--on", "2024-04-01", "--edition", name)
    assert done.status == 1 and "使用者提供的版本 mine" in done.out
    data = json.loads(
        call("assess", "hardware-wholesaler.xlsx", "--on", "2024-04-01", "--edition", name, "--format", "json").out
    )
    assert data["receipt"]["edition"] == data["edition"] == "mine" and len(data["receipt"]["edition_sha256"]) == 64
    assert data["exposure"]["range"] == {"min": "5000", "max": "100000"}


def test_an_absolute_path_is_a_folder_and_a_name_that_is_none_an_id(call, here):
    assert call("law", "show", "--edition", here / "my-edition").status == 0
    wrong = call("law", "show", "--edition", "my-editio")
    assert wrong.status == 2 and "没有名为“my-editio”的版本" in wrong.err


def test_what_is_wrong_with_a_folder_is_told_line_by_line(call, here):
    (here / "my-edition" / "edition.toml").write_text(MINE + "[kinds]\nx = 1\n[obligations.A1]\n", encoding="utf-8")
    done = call("law", "diff", DRAFT, "./my-edition")
    assert (done.status, done.out) == (2, "") and "edition.toml:15" in done.err and "2 处问题" not in done.err
    told = json.loads(call("assess", "ebike-shop.xlsx", "--edition", "./my-edition", "--format", "json").err)
    assert told["errors"][0]["file"] == "edition.toml" and told["errors"][0]["line"]


def test_a_day_before_entry_into_force_is_refused(call, here):
    for edition, day in ((ORDER, "2023-05-04"), ("./my-edition", "2023-12-31")):
        done = call("assess", "ebike-shop.xlsx", "--on", day, "--edition", edition)
        assert (done.status, done.out) == (2, "") and "尚未生效" in done.err
        done = call("law", "diff", DRAFT, edition, "--ledger", "ebike-shop.xlsx", "--on", day, "--format", "json")
        assert done.status == 2 and json.loads(done.err)["errors"][0]["code"] == "not_in_force"


def test_two_editions_with_a_ledger_tell_the_verdicts_that_change_and_why(call, here):
    words = (
        "law",
        "diff",
        DRAFT,
        ORDER,
        "--ledger",
        "hardware-wholesaler.xlsx",
        "--on",
        "2024-04-01",
        "--since",
        "2024-03-01",
    )
    zh, en = call(*words), call(*words, "--lang", "en")
    assert (zh.status, zh.err, en.status) == (0, "", 0)
    assert all(word in zh.out for word in ("改变的认定", "A06.2a", "不符合", "需人工判断", "因为 第六条", "未经核对"))
    assert all(word in en.out for word in ("Verdicts that change", "violated", "needs judgement", "because Article 6"))
    data = json.loads(call(*words, "--format", "json").out)
    assert [c["obligation"] for c in data["changes"]] == ["A06.2a"] and data["changes"][0]["why"][0][
        "provision"
    ] == "6.2"
    assert [e["stage"] for e in data["exposure"]] == ["refused", "refused"]


def test_an_own_edition_is_compared_too_and_a_dropped_duty_is_the_reason(call, here):
    words = ("law", "diff", DRAFT, "./my-edition", "--ledger", "hardware-wholesaler.xlsx", "--on", "2024-04-01")
    done = call(*words, "--lang", "en")
    assert (
        done.status == 0 and "A06.2a dropped" in done.out and "the edition chosen no longer has this duty" in done.out
    )


def test_no_change_is_said_and_the_window_needs_a_ledger(call, here):
    done = call("law", "diff", DRAFT, DRAFT, "--ledger", "ebike-shop.xlsx", "--on", "2024-02-05")
    assert done.status == 0 and "没有已知差异" in done.out and "没有" in done.out.splitlines()[-1]
    for option in (("--on", "2024-02-05"), ("--since", "2024-02-05"), ("--seller", "x"), ("--reading", "week=iso")):
        done = call("law", "diff", DRAFT, ORDER, *option)
        assert done.status == 2 and "--ledger" in done.err


def test_readings_hold_for_both_editions(call, here):
    words = ("law", "diff", DRAFT, ORDER, "--ledger", "ebike-shop.xlsx", "--on", "2024-02-05", "--format", "json")
    data = json.loads(call(*words, "--reading", "late_record=violated").out)
    assert [r["readings"]["late_record"] for r in data["receipts"]] == ["violated", "violated"]
    assert call(*words, "--reading", "late_record=bad").status == 2


@pytest.mark.parametrize("name", ["产品质量法", "行政处罚法33", "《消费者权益保护法》第十九条", "Product Quality Law"])
def test_other_statutes_are_cited(call, name):
    done = call("law", "show", name)
    assert done.status == 0 and "自行概括" in done.out
    assert "own words" in call("law", "show", name, "--lang", "en").out


def test_an_article_that_is_not_cited_is_refused(call):
    done = call("law", "show", "产品质量法34")
    assert (done.status, done.out) == (2, "") and "产品质量法的条文引注" in done.err
