"""``qsafety ledger``: a template, a dossier as a ledger, a copy with the mistakes marked."""

import io
from collections.abc import Callable
from inspect import signature
from pathlib import Path
from typing import Any

import attrs
import openpyxl
import pytest
from click.testing import CliRunner

import qsafety as qs
from qsafety.cli import inputs
from qsafety.cli.commands import Commands, Described
from qsafety.cli.inputs import read


@pytest.fixture
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """``qsafety ledger WORDS…`` in this process, in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    group = Commands("qsafety", members={"ledger": Described("qsafety.cli.ledger:ledger", "台账 / The ledger")})

    def run(*words: object) -> Any:
        apart: dict[str, Any] = {"mix_stderr": False} if "mix_stderr" in signature(CliRunner).parameters else {}
        return CliRunner(**apart).invoke(group, ["ledger", *map(str, words)])

    return run


def test_a_template_is_filled_in_marked_mended_and_read(ledger, tmp_path: Path) -> None:
    file, marked = Path("台账.xlsx"), Path("标记.xlsx")
    done = ledger("template", file)
    assert (done.exit_code, done.stdout) == (0, f"已写出空白台账：{file}\n")
    book = openpyxl.load_workbook(file)
    book["单位"]["B2"], book["单位"]["B3"] = "S01", "示例店"
    book["人员"].append(["P1", "甲", None, None, "对"])
    book["任职"].append(["P2", "主要负责人", None, None, None, "2024-02-30"])
    book.save(file)
    done = ledger("mark", file, marked)
    assert done.exit_code == 0
    assert done.stdout.startswith(f"发现 3 处问题，已标在 {marked}\n  人员!E2（管理层）：收到“对”")
    assert openpyxl.load_workbook(marked)["任职"]["F2"].comment.text.startswith("应为存在的日期")
    book["人员"]["E2"], book["任职"]["A2"], book["任职"]["F2"] = "是", "P1", "2024-02-29"
    book.save(file)
    done = ledger("mark", file, marked, "--lang", "en")
    assert (done.exit_code, done.stdout) == (0, f"nothing is wrong; a copy: {marked}\n")
    assert [p.name for p in qs.read_ledger(file).people or ()] == ["甲"]


def test_a_ledger_that_is_filled_in_is_not_replaced_by_an_empty_one(ledger, tmp_path: Path) -> None:
    file = Path("台账.xlsx")
    file.write_bytes(b"mine")
    done = ledger("template", file)
    assert (done.exit_code, file.read_bytes()) == (2, b"mine")
    assert "已存在" in done.stderr and "--force" in done.stderr
    assert ledger("template", file, "--force").exit_code == 0


def test_a_dossier_becomes_a_ledger(ledger, sample_folder: Path) -> None:
    dossier = qs.read_ledger(sample_folder / "ebike-shop.xlsx")
    (sample_folder / "d.json").write_text(qs.to_json(dossier), encoding="utf-8")
    done = ledger("write", "d.json", "out.xlsx")
    assert (done.exit_code, done.stdout) == (0, "已写出台账：out.xlsx\n")
    assert qs.read_ledger(sample_folder / "out.xlsx") == dossier


def test_what_a_ledger_does_not_hold_is_told(ledger, tmp_path: Path) -> None:
    dossier = qs.Dossier(seller=qs.Seller(id="s", name="店"), people=[qs.Person(id="P1", name="甲", note="备注")])
    (tmp_path / "d.json").write_text(qs.to_json(attrs.evolve(dossier)), encoding="utf-8")
    assert "  人员 note（1 条）：台账没有这一列\n" in ledger("write", tmp_path / "d.json", tmp_path / "out.xlsx").stdout


def test_the_ledger_itself_is_never_written_over(ledger, sample_folder: Path) -> None:
    file = sample_folder / "ebike-shop.xlsx"
    before = file.read_bytes()
    for command in ("mark", "write"):
        done = ledger(command, file, file)
        assert (done.exit_code, file.read_bytes()) == (2, before)
        assert "原文件" in done.stderr


def test_what_cannot_be_read_or_written_is_refused_in_a_sentence(ledger, sample_folder: Path) -> None:
    good, bad = sample_folder / "ebike-shop.xlsx", sample_folder / "bad.xlsx"
    bad.write_text("日期,门店", encoding="utf-8")
    for words, told in [
        (("mark", bad, sample_folder / "m.xlsx"), "CSV"),
        (("mark", good, sample_folder / "m.csv"), ".xlsx"),
        (("mark", good, sample_folder / "none" / "m.xlsx"), "无法写入"),
        (("template", sample_folder), ".xlsx"),
        (("write", sample_folder / "none.json", sample_folder / "m.xlsx"), "没有文件"),
    ]:
        done = ledger(*words)
        assert (done.exit_code, done.stdout) == (2, "")
        assert told in done.stderr and "Traceback" not in done.stderr
    assert not (sample_folder / "m.xlsx").exists()


def test_a_store_in_the_place_of_a_ledger_is_told_by_what_is_in_it(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.chdir(tmp_path)
    for url, name in (("sqlite:///shop.db", "shop.db"), ("tinydb:///shop.json", "shop.json")):
        with qs.open_store(url) as store:
            store.save(qs.Dossier(seller=qs.Seller(id="s", name="店")))
        with pytest.raises(qs.QSafetyError) as caught:
            read(name)
        assert f"{url} --seller ID" in caught.value.to("zh") and f"{url} --seller ID" in caught.value.to("en")


def test_the_bar_of_a_large_ledger_is_drawn_on_a_terminal_only(sample_folder: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(inputs, "_LARGE", 0)
    for terminal in (False, True):
        stream = Terminal() if terminal else io.StringIO()
        monkeypatch.setattr("sys.stderr", stream)
        assert read(str(sample_folder / "ebike-shop.xlsx")).dossier.seller.id == "hz-ebike"
        assert ("ebike-shop.xlsx" in stream.getvalue()) == terminal


class Terminal(io.StringIO):
    """A console that says it is one."""

    def isatty(self) -> bool:
        return True
