"""Other people's tools accept a pack: sha256sum, bagit.py, a shell without Python, LibreOffice, pandas; openssl in test_sealing.py."""

import os
import shutil
import subprocess
from pathlib import Path

import bagit  # type: ignore[import-untyped]  # it has no types
import pandas  # type: ignore[import-untyped]  # the stubs are a package of their own
import pytest

import qsafety as qs
from tests.archive.test_changes import made

TOOLS = (
    *("awk", "cat", "comm", "cut", "dirname", "find", "grep", "head", "mktemp", "od", "openssl", "printf", "rm"),
    *("sed", "sh", "sha256sum", "shasum", "sort", "tail", "tr", "uniq", "wc"),
)  # what every system has, and openssl


@pytest.mark.needs("sha256sum")
def test_sha256sum_accepts_both_lists(packed):
    for name in ("tagmanifest-sha256.txt", "manifest-sha256.txt"):
        run = subprocess.run(["sha256sum", "--strict", "-c", name], cwd=packed, capture_output=True, encoding="utf-8")
        assert run.returncode == 0 and run.stdout.count(": OK\n") == (packed / name).read_bytes().count(b"\n")


def test_bagit_accepts_it(packed):
    bag = bagit.Bag(str(packed))
    assert bag.is_valid() and bag.info["QSafety-Seller"] == "hz-ebike" and bag.version_info == (1, 0)


@pytest.fixture
def without_python(tmp_path: Path) -> dict[str, str]:
    """An environment whose PATH holds the system's own tools alone."""
    bin_ = tmp_path / "bin"
    bin_.mkdir()
    for tool in TOOLS:
        if found := shutil.which(tool):
            (bin_ / tool).symlink_to(os.path.realpath(found))
    assert shutil.which("python3", path=str(bin_)) is None
    return {"PATH": str(bin_), "LC_ALL": "C"}


@pytest.mark.needs("sha256sum")
def test_the_script_in_the_pack_needs_no_python(copy, without_python):
    pack, script = copy(), "data/99-说明/verify.sh"

    def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
        command = ["/bin/sh", script, *arguments]
        return subprocess.run(command, cwd=pack, env=without_python, capture_output=True, encoding="utf-8")

    head = qs.verify_pack(pack).head
    assert head is not None
    well = run(head)
    assert well.returncode == 0, well.stdout
    assert "as the lists say" in well.stdout and well.stderr == ""
    assert run("0" * 64).returncode == 1
    (pack / "data/stray.txt").write_text("x")
    assert (more := run()).returncode == 1 and "data/stray.txt" in more.stdout
    (pack / "data/stray.txt").unlink()
    (pack / "data/00-目录/目录.csv").write_text("changed")
    assert (changed := run()).returncode == 1 and "目录.csv" in changed.stdout


@pytest.mark.needs("soffice")
def test_libreoffice_opens_every_paper(shop, tmp_path):
    """Of a week, in one call: as plain text, each with words in it."""
    papers = sorted(made(shop, tmp_path).rglob("*.docx"))
    from_ = tmp_path / "papers"
    from_.mkdir()
    for number, paper in enumerate(papers):
        shutil.copy(paper, from_ / f"{number}.docx")
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "txt:Text (encoded):UTF8",
         "--outdir", tmp_path / "out", *sorted(from_.iterdir())],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    kinds = {paper.name.partition("-")[0] for paper in papers}
    assert kinds >= {"text", "risk_list", "daily_check", "目录.docx", "检查要点.docx"}
    for number, paper in enumerate(papers):
        assert len((tmp_path / "out" / f"{number}.txt").read_text("utf-8-sig").split()) > 10, paper


def test_pandas_reads_the_index(packed):
    rows = pandas.read_csv(packed / "data/00-目录/目录.csv", dtype=str, keep_default_na=False)
    assert list(rows.columns) == [
        "类号",
        "存档内容",
        "条款",
        "期间",
        "门店",
        "状态",
        "记录编号",
        "版本",
        "SHA-256",
        "文件",
        "文书",
    ]
    assert set(rows["类号"]) <= {f"S{n}" for n in range(1, 13)} and (rows["状态"] == "缺").sum() >= 1
    there = rows[rows["文件"] != ""]
    sums = dict(
        reversed(line.split("  ", 1)) for line in (packed / "manifest-sha256.txt").read_text("utf-8").splitlines()
    )
    assert len(there) > 50
    assert all(sums[f"data/{row['文件']}"] == row["SHA-256"] for _, row in there.iterrows())
    assert all((packed / "data" / paper).is_file() for paper in there["文书"] if paper)
