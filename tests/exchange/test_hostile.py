"""Workbooks made to do harm: read or refused in one sentence, in little memory, and nothing they point at is touched.

Each is read by a process of its own under a limit of memory and of time, with every connection and every program forbidden.
"""

import os
import random
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from qsafety.exchange import LedgerErrors, read_ledger, read_workbook

READ = """
import sys

def stay(event, args):
    if event in ("socket.connect", "socket.getaddrinfo", "subprocess.Popen", "os.system", "os.exec", "urllib.Request"):
        raise SystemExit(f"it did {event}: {args}")

sys.addaudithook(stay)
from qsafety.errors import QSafetyError
from qsafety.exchange import read_workbook
try:
    ledger = read_workbook(sys.argv[1])
except QSafetyError as error:
    (problem,) = error.problems
    print("refused", problem.code)
else:
    print("read", *[note.en for note in ledger.notes], sep="|")
try:
    with open("/proc/self/status", encoding="utf-8") as status:
        print(next(line.split()[1] for line in status if line.startswith("VmHWM")))
except OSError:  # not Linux: the limit of memory goes without a witness
    print(0)
"""

KILOBYTES = 300 * 1024

Sample = Callable[[str], Path]


def read(path: Path) -> str:
    """What became of it, said by a process that had 300 MB and some patience."""
    run = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", READ, str(path)], capture_output=True, encoding="utf-8", timeout=60
    )
    assert run.returncode == 0, run.stderr
    said, used = run.stdout.splitlines()
    assert int(used) < KILOBYTES
    return said


@pytest.fixture
def good(sample: Sample) -> Path:
    return sample("ebike-shop.xlsx")


def parts(good: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(good) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(to: Path, content: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in content.items():
            archive.writestr(name, data)
    return to


def test_a_bomb_of_one_part(good: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts(good).items():
            archive.writestr(name, data)
        with archive.open("xl/media/image1.xml", "w", force_zip64=True) as part:
            for _ in range(300):
                part.write(bytes(2**20))
    assert read(tmp_path / "bomb.xlsx") == "refused too_large"


def test_a_bomb_that_lies_about_its_size(good: Path, tmp_path: Path) -> None:
    """The directory says 100 bytes, the stream unpacks to 300 MB: no more than was said is ever unpacked."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    stream = b"".join(packer.compress(b"<a/>" * 2**18) for _ in range(300)) + packer.flush()
    path = packed(tmp_path / "bomb.xlsx", {**parts(good), "xl/worksheets/extra.xml": b"<a/>" * 25})
    data = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        info = archive.getinfo("xl/worksheets/extra.xml")
    head = info.header_offset + 30 + len(info.filename)
    body = data[: info.header_offset + 18] + struct.pack("<I", len(stream)) + data[info.header_offset + 22 : head]
    after = data[head + info.compress_size :]
    start = after.index(b"PK\x01\x02")
    directory = bytearray(after[start:])
    at = directory.index(b"xl/worksheets/extra.xml") - 46
    directory[at + 20 : at + 24] = struct.pack("<I", len(stream))
    end = directory.rindex(b"PK\x05\x06")
    directory[end + 16 : end + 20] = struct.pack("<I", len(body) + len(stream) + start)
    path.write_bytes(body + stream + after[:start] + bytes(directory))
    assert read(path) in ("read", "refused damaged")


def test_ten_thousand_parts(good: Path, tmp_path: Path) -> None:
    many = parts(good) | {f"xl/media/{n}.bin": b"" for n in range(10_000)}
    assert read(packed(tmp_path / "many.xlsx", many)) == "refused too_large"


def test_parts_with_the_names_of_paths_go_nowhere(good: Path, tmp_path: Path) -> None:
    names = ["../../evil.txt", "/tmp/evil.txt", "C:\\evil.txt", "xl/../../evil.xml", "xl/worksheets/../../../x.xml"]
    path = packed(tmp_path / "paths.xlsx", parts(good) | dict.fromkeys(names, b"<evil/>"))
    assert read(path) == "read"
    assert read_ledger(path) == read_ledger(good)
    assert not [*tmp_path.parent.glob("*evil*")]


def test_a_sheet_whose_part_is_a_path_outside(good: Path, tmp_path: Path) -> None:
    content = parts(good)
    relations = content["xl/_rels/workbook.xml.rels"]
    assert b"/xl/worksheets/sheet2.xml" in relations
    content["xl/_rels/workbook.xml.rels"] = relations.replace(b"/xl/worksheets/sheet2.xml", b"../../../etc/passwd")
    assert read(packed(tmp_path / "out.xlsx", content)) == "refused not_a_workbook"


def test_a_million_rows(good: Path, tmp_path: Path) -> None:
    content = parts(good)
    row = b'<row><c t="inlineStr"><is><t>P1</t></is></c></row>'
    sheet = content["xl/worksheets/sheet5.xml"]
    content["xl/worksheets/sheet5.xml"] = sheet.replace(b"</sheetData>", row * 1_000_000 + b"</sheetData>")
    assert read(packed(tmp_path / "rows.xlsx", content)) == "refused too_many_rows"


@pytest.mark.parametrize(
    "entity",
    [
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]>',
        b'<!DOCTYPE a SYSTEM "http://127.0.0.1:9/x.dtd">',
        b'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>',
    ],
)
@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "[Content_Types].xml"])
def test_entities_inside_and_outside(good: Path, tmp_path: Path, part: str, entity: bytes) -> None:
    content = parts(good)
    data = content[part]
    head, sign, rest = data.partition(b"?>")
    content[part] = head + sign + entity + rest if sign else entity + data
    assert read(packed(tmp_path / "xxe.xlsx", content)) == "refused dtd"


def test_macros_links_and_formulas_do_nothing(good: Path, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(good)
    book["隐患"]["F2"] = '=WEBSERVICE("http://127.0.0.1:9/")&CALL("kernel32","WinExec","JJ","calc",0)'
    book.save(tmp_path / "active.xlsx")
    content = parts(tmp_path / "active.xlsx") | {
        "xl/vbaProject.bin": b"\xd0\xcf\x11\xe0" + bytes(512),
        "xl/externalLinks/externalLink1.xml": b'<externalLink xmlns="x"><externalBook/></externalLink>',
        "xl/connections.xml": b'<connections><connection odcFile="http://127.0.0.1:9/"/></connections>',
    }
    # the formula has no value yet: one problem, at its cell
    assert read(packed(tmp_path / "macros.xlsm", content)) == "refused formula_without_value"
    calm = parts(good) | {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0", "xl/externalLinks/e.xml": b"<externalLink/>"}
    said = read(packed(tmp_path / "calm.xlsm", calm))
    assert said.startswith("read|The workbook has macros; they were not run.|The workbook has external links")


def test_cut_short_and_scrambled(good: Path, tmp_path: Path) -> None:
    data = bytearray(good.read_bytes())
    (tmp_path / "short.xlsx").write_bytes(data[: len(data) // 2])
    assert read(tmp_path / "short.xlsx") == "refused damaged"
    scramble = random.Random(7)
    for _ in range(200):
        data[scramble.randrange(64, len(data) // 2)] = scramble.randrange(256)
    (tmp_path / "scrambled.xlsx").write_bytes(data)
    assert read(tmp_path / "scrambled.xlsx").startswith("refused ")


def test_deep_and_wide_xml(good: Path, tmp_path: Path) -> None:
    content = parts(good)
    deep = b"<x>" * 200_000 + b"</x>" * 200_000
    sheet = content["xl/worksheets/sheet2.xml"]
    content["xl/worksheets/sheet2.xml"] = sheet.replace(b"</sheetData>", b"</sheetData>" + deep)
    assert read(packed(tmp_path / "deep.xlsx", content)).startswith(("read", "refused"))
    wide = (
        b'<row r="900">' + b"".join(b'<c r="%b900"><v>1</v></c>' % _letters(n) for n in range(5000, 16_000)) + b"</row>"
    )
    content["xl/worksheets/sheet2.xml"] = sheet.replace(b"</sheetData>", wide + b"</sheetData>")
    assert read(packed(tmp_path / "wide.xlsx", content)) == "refused too_far_right"


def _letters(number: int) -> bytes:
    return get_column_letter(number).encode()


def test_one_cell_of_a_hundred_megabytes(good: Path, tmp_path: Path) -> None:
    content = parts(good)
    cell = b'<row r="900"><c r="A900" t="inlineStr"><is><t>' + b"x" * 50 * 2**20 + b"</t></is></c></row>"
    sheet = content["xl/worksheets/sheet2.xml"]
    content["xl/worksheets/sheet2.xml"] = sheet.replace(b"</sheetData>", cell + b"</sheetData>")
    assert read(packed(tmp_path / "long.xlsx", content)) == "refused not_a_workbook"


JUNK = {
    "elements": b"<a/>" * (8 * 2**20),
    "rows of nobody's": b'<row r="1"><f/></row>' * (2 * 2**20),
    "merged cells": b'<mergeCell ref="A1:A9"/>' * 2**20,
    "a beginning that never ends": b"<mergeCell " * (2 * 2**20),
}


@pytest.mark.parametrize("junk", JUNK.values(), ids=JUNK)
def test_a_great_part_that_no_sheet_names_is_passed_over(good: Path, tmp_path: Path, junk: bytes) -> None:
    assert read(packed(tmp_path / "junk.xlsx", parts(good) | {"xl/worksheets/junk.xml": b"<a>" + junk})) == "read"


HEAVY = {
    "cells": (b'<row r="900">' + b'<c r="A900"/>' * (9 * 2**20), "too_large"),
    "merged cells": (
        b'</sheetData><mergeCells><mergeCell ref="A1:A9"/>' + b'<mergeCell ref="A1:A9"/>' * 2**18,
        "too_large",
    ),
    "depth": (b"<f>" * (2**20), "not_a_workbook"),
    "long texts": (
        b'<row r="900"><c r="A900" t="inlineStr"><is><t>' + b"x" * 40_000 + b"</t></is></c></row>",
        "too_long",
    ),
    "a far cell": (b'<row r="900"><c r="XFD900"><v>1</v></c></row>', "too_far_right"),
    "a text that is not there": (b'<row r="900"><c r="A900" t="s"><v>999999</v></c></row>', "damaged_cell"),
}


@pytest.mark.parametrize(("added", "code"), HEAVY.values(), ids=HEAVY)
def test_a_sheet_with_too_much_of_something(good: Path, tmp_path: Path, added: bytes, code: str) -> None:
    sheet = parts(good)["xl/worksheets/sheet2.xml"].replace(b"</sheetData>", added + b"</sheetData>")
    assert read(packed(tmp_path / "heavy.xlsx", parts(good) | {"xl/worksheets/sheet2.xml": sheet})) == f"refused {code}"


@pytest.mark.parametrize(
    "part", ["xl/styles.xml", "xl/workbook.xml", "[Content_Types].xml", "xl/_rels/workbook.xml.rels"]
)
def test_a_frame_that_is_larger_than_any_program_writes(good: Path, tmp_path: Path, part: str) -> None:
    content = parts(good)
    content[part] += b"<!-- " + b"x" * (5 * 2**20) + b" -->"
    assert read(packed(tmp_path / "frame.xlsx", content)) == "refused too_large"


def test_more_shared_texts_than_a_ledger_can_use(good: Path, tmp_path: Path) -> None:
    texts = b"<sst>" + b"<si><t>x</t></si>" * 1_100_000 + b"</sst>"
    assert read(packed(tmp_path / "texts.xlsx", parts(good) | {"xl/sharedStrings.xml": texts})) == "refused too_large"


def test_where_a_whole_column_is_wrong_the_reading_ends_early(good: Path, tmp_path: Path) -> None:
    content = parts(good)
    row = b'<row><c r="A9" t="inlineStr"><is><t>P1</t></is></c></row>'
    sheet = content["xl/worksheets/sheet5.xml"]
    content["xl/worksheets/sheet5.xml"] = sheet.replace(b"</sheetData>", row * 100_000 + b"</sheetData>")
    with pytest.raises(LedgerErrors) as caught:
        read_workbook(packed(tmp_path / "bad.xlsx", content))
    codes = [problem.code for problem in caught.value.problems]
    assert codes[0] == "too_many_problems" and 10_000 < len(codes) < 10_100
    assert "unknown_reference" not in codes  # nothing is said of ids, for not all were read


SLIPS = [
    b"<v>NaN</v>",
    b"<v>1e999</v>",
    b"<v>abc</v>",
    b"<v>-1</v>",
    b"<v>" + b"9" * 5000 + b"</v>",
    "<v>²</v>".encode(),
]


@pytest.mark.parametrize("kind", [b"", b' t="b"', b' t="d"', b' t="s"', b' t="e"', b' t="zz"', b' s="999"', b' s="x"'])
def test_a_damaged_cell_never_ends_in_a_traceback(good: Path, tmp_path: Path, kind: bytes) -> None:
    content = parts(good)
    cells = b"".join(
        b'<row r="%d"><c r="A%d" t="inlineStr"><is><t>M%d</t></is></c><c r="D%d"%b>%b</c></row>'
        % (n, n, n, n, kind, slip)
        for n, slip in enumerate(SLIPS, start=900)
    )
    sheet = content["xl/worksheets/sheet2.xml"]
    content["xl/worksheets/sheet2.xml"] = sheet.replace(b"</sheetData>", cells + b"</sheetData>")
    with pytest.raises(LedgerErrors) as caught:
        read_workbook(packed(tmp_path / "damaged.xlsx", content))
    told = {problem.row for problem in caught.value.problems}
    assert told <= {*range(900, 900 + len(SLIPS))} and 902 in told


@pytest.mark.skipif(sys.platform == "win32" or not hasattr(os, "geteuid"), reason="permissions are POSIX's")
def test_no_permission_and_a_folder(tmp_path: Path, good: Path) -> None:
    assert read(tmp_path) == "refused is_a_folder"
    if os.geteuid() != 0:
        locked = tmp_path / "locked.xlsx"
        locked.write_bytes(good.read_bytes())
        locked.chmod(0)
        assert read(locked) == "refused not_permitted"


def test_what_is_refused_is_left_as_it_was(good: Path, tmp_path: Path) -> None:
    path = tmp_path / "ledger.xlsx"
    path.write_bytes(good.read_bytes())
    read_workbook(path)
    assert path.read_bytes() == good.read_bytes()
    assert [p.name for p in tmp_path.iterdir()] == ["ledger.xlsx"]
