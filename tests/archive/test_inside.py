"""An inspector without Python and without qsafety: the page in the pack is followed to the letter, with the system's tools alone."""

import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

NOTES = "data/99-说明"
CHAIN = "data/90-链/chain.tsv"
TOOLS = (
    "sh",
    "dirname",
    "sha256sum",
    "sort",
    "find",
    "sed",
    "comm",
    "cut",
    "grep",
    "mktemp",
    "rm",
    "tail",
    "wc",
    "cat",
    "tr",
)
pytestmark = pytest.mark.skipif(not shutil.which("sha256sum"), reason="the tools are those of a Unix")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All that the inspector's PATH holds."""
    folder = tmp_path_factory.mktemp("desk")
    for tool in (*TOOLS, "openssl"):
        if found := shutil.which(tool):
            (folder / tool).symlink_to(found)
    return folder


@pytest.fixture
def typed(desk: Path) -> Callable[[Path, str], "subprocess.CompletedProcess[str]"]:
    """A line typed into a shell in a folder."""

    def run(folder: Path, line: str) -> "subprocess.CompletedProcess[str]":
        tools = {"PATH": str(desk), "TMPDIR": os.environ.get("TMPDIR", "/tmp")}
        return subprocess.run(
            [shutil.which("sh") or "sh", "-c", line], cwd=folder, env=tools, capture_output=True, encoding="utf-8"
        )

    return run


def page(pack: Path) -> str:
    return (pack / NOTES / "核验说明.txt").read_bytes().decode("utf-8-sig").replace("\r\n", "\n")


def rehash(pack: Path) -> None:
    """Make both manifests anew, as who may change a file can."""

    def sums(paths: list[Path]) -> str:
        names = sorted(path.relative_to(pack).as_posix() for path in paths)
        return "".join(f"{hashlib.sha256((pack / name).read_bytes()).hexdigest()}  {name}\n" for name in names)

    (pack / "manifest-sha256.txt").write_text(
        sums([p for p in pack.glob("data/**/*") if p.is_file()]), encoding="utf-8"
    )
    tags = [pack / name for name in ("bagit.txt", "bag-info.txt", "manifest-sha256.txt")]
    tags += pack.glob("metadata/*")
    (pack / "tagmanifest-sha256.txt").write_text(sums(tags), encoding="utf-8")


def test_the_commands_of_the_page_accept_the_pack_as_it_was_made(packed, typed):
    text = page(packed)
    lines = re.findall(r"^ +Linux： +(sha256sum .*)$", text, re.M)
    lines += re.findall(r"^ +Linux、macOS： (sh \S+)$", text, re.M)
    assert len(lines) == 2
    for line in lines:
        done = typed(packed, line)
        last = done.stdout.splitlines()[-1]
        assert done.returncode == 0 and ("完好" in last or "与清单一致" in last), done.stdout + done.stderr


def test_the_head_that_was_kept_elsewhere_is_compared(packed, typed):
    head = (packed / CHAIN).read_text("utf-8").split()[-1]
    line = f"sh {NOTES}/verify.sh"
    assert f"链首 head: {head}" in typed(packed, line).stdout
    assert "√ 链首相符" in typed(packed, f"{line} {head}").stdout
    wrong = typed(packed, f"{line} {head[::-1]}")
    assert wrong.returncode == 1 and "× 链首不符" in wrong.stdout


def changed(pack: Path) -> None:
    file = next(pack.glob("data/04-日管控/*.json"))
    file.write_bytes(file.read_bytes().replace(b"M1", b"M2"))


def removed(pack: Path) -> None:
    next(pack.glob("data/04-日管控/*.json")).unlink()


def added(pack: Path) -> None:
    (pack / "data/04-日管控/more.json").write_text("{}")


def linked(pack: Path) -> None:
    (pack / "data/more").symlink_to("/etc/hostname")


def listed_no_more(pack: Path) -> None:
    file = pack / "manifest-sha256.txt"
    file.write_text("".join(file.read_text("utf-8").splitlines(keepends=True)[:-1]), encoding="utf-8")


def removed_and_rehashed(pack: Path) -> None:
    removed(pack)
    rehash(pack)


def chain_edited_and_rehashed(pack: Path) -> None:
    file = pack / CHAIN
    lines = file.read_text("utf-8").splitlines(keepends=True)
    file.write_text("".join([*lines[:3], lines[3].replace("\t1\t", "\t2\t", 1), *lines[4:]]), encoding="utf-8")
    rehash(pack)


def chain_removed_and_rehashed(pack: Path) -> None:
    shutil.rmtree(pack / "data/90-链")
    rehash(pack)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (changed, "manifest-sha256.txt"),
        (removed, "manifest-sha256.txt"),
        (added, "files listed nowhere"),
        (linked, "links or special files"),
        (listed_no_more, "tagmanifest-sha256.txt"),
        (removed_and_rehashed, "versions of it are not in the pack"),
        (chain_edited_and_rehashed, "the link of line 4 is wrong"),
        (chain_removed_and_rehashed, f"{CHAIN}: 没有 missing"),
    ],
)
def test_the_script_in_the_pack_tells_what_was_done_to_it(
    copy, typed, change: Callable[[Path], None], said: str
) -> None:
    pack = copy()
    change(pack)
    done = typed(pack, f"sh {NOTES}/verify.sh")
    assert done.returncode == 1 and "与清单一致" not in done.stdout
    assert any(said in line for line in done.stdout.splitlines() if "×" in line), done.stdout + done.stderr


def test_every_file_that_the_page_names_is_in_the_pack(packed):
    text = page(packed).replace("\\", "/")
    named = set(re.findall(r"(?<!meta)data/[\w./\-]+\.(?:txt|sh|ps1|docx|csv|tsv)", text))
    assert len(named) >= 6
    assert [name for name in named if not (packed / name).is_file()] == []


def test_the_cover_follows_the_order_of_article_14(packed):
    lines = (packed / "data/00-目录/检查要点.txt").read_text("utf-8").splitlines()
    heads = [line for line in lines if re.match("[一二三四]、", line)]
    assert [head[0] for head in heads] == sorted((head[0] for head in heads), key="一二三四".index)
    assert "责任制" in heads[0] and heads[-2].startswith("三、整改情况")
    assert any(line.startswith("  责任制制度 | ") for line in lines)
    assert "  日管控 | 59 | 58 | 1 | 1 | 0 | 2024-01-07 样本街分店（M2）" in lines
    assert any("期间内日管控发现 3 项，周排查发现 0 项，月调度发现 0 项" in line for line in lines)
