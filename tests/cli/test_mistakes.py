"""Whatever is wrong with the input or the usage: status 2, a message on stderr, nothing on stdout, no traceback."""

import json
from pathlib import Path

import pytest

from qsafety.cli import inputs

MISTAKES = [
    (["assess", "none.xlsx"], "没有文件 none.xlsx", "there is no file none.xlsx"),
    (["assess", "ebike-shop.xls"], "是否为 ebike-shop.xlsx", "Did you mean ebike-shop.xlsx"),
    (["assess", "folder"], "folder 是文件夹", "folder is a folder"),
    (["assess", "empty.xlsx"], "文件是空的", "empty"),
    (["assess", "empty.json"], "empty.json 是空文件", "empty.json is empty"),
    (["assess", "broken.json"], "不是合法的 JSON", "this is no JSON"),
    (["assess", "list.json"], "$", "$"),
    (["assess", "cut.xlsx"], "文件不完整或已损坏", "cut.xlsx"),
    (["assess", "comma.csv"], "CSV", "CSV"),
    (["assess", "  "], "LEDGER 为空", "LEDGER is empty"),
    (["assess", "a\0b"], "没有文件 a?b", "there is no file a?b"),
    (["assess"], "缺少 LEDGER", "LEDGER is missing"),
    (["assess", "ebike-shop.xlsx", "more"], "多余的参数：more", "unexpected: more"),
    (["assess", "ebike-shop.xlsx", "--on"], "选项 --on 的用法不对", "--on"),
    (
        ["assess", "ebike-shop.xlsx", "--on", "2024-02-30"],
        "--on：“2024-02-30”不是存在的日期",
        "--on: '2024-02-30' is no day",
    ),
    (["assess", "ebike-shop.xlsx", "--on", "2024-W05"], "不是一天", "is not a day"),
    (["assess", "ebike-shop.xlsx", "--on", "today"], "请写作 2024-01-31", "Write 2024-01-31"),
    (["assess", "ebike-shop.xlsx", "--on", "0001-01-01"], "不在 1900 至 2200 年之间", "is not between 1900 and 2200"),
    (["assess", "ebike-shop.xlsx", "--on", "9998-12-31"], "不在 1900 至 2200 年之间", "is not between 1900 and 2200"),
    (["assess", "ebike-shop.xlsx", "--on", "2024-01-01", "--since", "2024-02-01"], "晚于判断日", "is after on"),
    (["assess", "ebike-shop.xlsx", "--edition", "cn-seller-2023-draf"], "是否为“cn-seller-2023-draft”", "Did you mean"),
    (
        ["assess", "ebike-shop.xlsx", "--edition", "cn-seller-2023-order76", "--on", "2023-01-01"],
        "尚未生效",
        "is in force from 2023-05-05",
    ),
    (["assess", "ebike-shop.xlsx", "--reading", "size_clas=both"], "是否为“size_class”", "Did you mean 'size_class'"),
    (["assess", "ebike-shop.xlsx", "--reading", "size_class=bot"], "是否为“both”", "Did you mean 'both'"),
    (["assess", "ebike-shop.xlsx", "--reading", "size_class"], "应写作 名称=选项", "must be written NAME=OPTION"),
    (["assess", "ebike-shop.xlsx", "--format", "pdf"], "可选：text、json", "there are text, json"),
    (["assess", "ebike-shop.xlsx", "--out", "report.pdf"], ".txt、.json", ".txt, .json"),
    (["assess", "ebike-shop.xlsx", "--out", "r.txt", "--format", "csv"], "可选：text、json", "there are text, json"),
    (["assess", "ebike-shop.xlsx", "--out", "none/report.txt"], "没有这个文件或文件夹", "No such file or directory"),
    (["assess", "ebike-shop.xlsx", "--lang", "fr"], "可选：zh、en", "可选：zh、en"),
    (["assess", "ebike-shop.xlsx", "--fromat", "json"], "是否为 --format", "did you mean --format"),
    (["assess", "ebike-shop.xlsx", "--seller", "zz"], "可用：hz-ebike", "Known: hz-ebike"),
    (["assess", "sqlite:///none.db", "--seller", "s"], "none.db", "none.db"),
    (["assess", "nosuch://db", "--seller", "s"], "nosuch", "nosuch"),
    (["slots", "ebike-shop.xlsx", "--since", "2024-01-01"], "缺少 --until", "--until is missing"),
    (
        ["slots", "ebike-shop.xlsx", "--since", "2024-02-01", "--until", "2024-01-01"],
        "早于 --since",
        "lies before --since",
    ),
    (["manifest", "ebike-shop.xlsx", "--since", "2024-02-01", "--until", "2024-01-01"], "早于 --since", "lies before"),
    (["import", "ebike-shop.xlsx"], "缺少 --store", "--store is missing"),
    (["import", "ebike-shop.xlsx", "--store", "shop.db"], "shop.db", "shop.db"),
    (["asess"], "是否为“assess”", "Did you mean 'assess'"),
    (["law", "shwo"], "是否为“show”", "Did you mean 'show'"),
    (["--nonsense"], "没有选项 --nonsense", "there is no option --nonsense"),
]


@pytest.fixture
def folder(sample_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(sample_folder)
    (sample_folder / "folder").mkdir()
    for name, content in {
        "empty.xlsx": b"",
        "empty.json": b" \n",
        "broken.json": b"{",
        "list.json": b"[]",
        "cut.xlsx": (sample_folder / "ebike-shop.xlsx").read_bytes()[:3000],
        "comma.csv": "编号,名称\n".encode(),
    }.items():
        (sample_folder / name).write_bytes(content)
    return sample_folder


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("words", "zh", "en"), MISTAKES, ids=[" ".join(words).replace("\0", "?") for words, _, _ in MISTAKES]
)
def test_every_mistake_is_told_in_both_languages(call, words, zh, en):
    lang = [] if "--lang" in words else ["--lang", "en"]
    chinese, english = call(*words), call(*words, *lang) if words[0] != "--nonsense" else call(*words, "--lang", "en")
    assert (chinese.status, chinese.out) == (2, "") and (english.status, english.out) == (2, "")
    if words[-1] != "--on":  # else the language is taken for the day
        assert zh in chinese.err.replace("\n", "") and en in english.err.replace("\n", " ")
    assert "Traceback" not in chinese.err + english.err and "内部错误" not in chinese.err


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    "words",
    [words for words, _, _ in MISTAKES if words[0] == "assess" and "--format" not in words and words[-1] != "--on"],
)
def test_every_mistake_is_told_as_json(call, words):
    done = call(*words, "--format", "json") if "--out" not in words else call(*words, "--format=json")
    data = json.loads(done.err)
    assert (done.status, done.out) == (2, "") and data["format"] == 1
    assert all("code" in error for error in data["errors"]) and data["errors"]
    assert done.err.isascii()


def test_every_problem_of_a_ledger_is_listed(call, shop):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.load_workbook(shop)
    book["日检查"]["A17"] = "2024-02-30"
    book["产品"]["C2"] = "强制认证"
    book["任职"]["B3"] = "质量总监"
    book.save(shop)
    done = call("assess", shop)
    assert done.status == 2 and "台账有 3 处问题" in done.err
    lines = [line.strip() for line in done.err.splitlines()]
    at = lines.index("3  工作表 日检查 第 17 行 “日期”列（A）")
    assert lines[at + 1 : at + 4] == ["值    2024-02-30", "应为  存在的日期", "提示  是否为 2024-02-29？"]
    english = call("assess", shop, "--lang", "en").err
    assert "sheet 日检查 row 17 column 日期 (A)" in english and "expected  " in english
    errors = json.loads(call("assess", shop, "--format", "json").err)["errors"]
    assert [error["cell"] for error in errors] == ["产品!C2", "任职!B3", "日检查!A17"]
    assert all(error.keys() >= {"code", "sheet", "row", "column", "value", "expected", "hint"} for error in errors)


def test_a_defect_of_ours_is_no_answer(call, shop, monkeypatch):
    """Status 1 means that something is violated; a defect must not look like that."""

    def broken(*_: object) -> None:
        raise ZeroDivisionError("oops")

    monkeypatch.setattr(inputs, "_workbook", broken)
    done = call("assess", shop)
    assert (done.status, done.out) == (70, "") and "ZeroDivisionError: oops" in done.err and "Traceback" not in done.err
    data = json.loads(call("assess", shop, "--format", "json").err)
    assert data["errors"][0]["code"] == "defect"
