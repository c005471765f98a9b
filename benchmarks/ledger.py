"""Reading a ledger of many daily checks, against openpyxl's own read-only pass over the same file.

``python benchmarks/ledger.py`` compares on 30,000 rows, and once on what a chain of 200 outlets writes in a year (292,000 rows), which
is read by a process of its own, so that its memory is known. The goal is a time of at most 1.5 times openpyxl's, which makes no records
of what it reads.
"""

import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any

from measure import Row, compare, main
from openpyxl import Workbook, load_workbook

from qsafety.exchange import read_ledger

ITEMS = 4
GOAL = 1 / 1.5


def written(path: Path, outlets: int, days: int) -> Path:
    """A ledger in which every outlet answers four items every day."""
    book = Workbook(write_only=True)
    sheets = {
        "单位": [["字段", "值"], ["单位编号", "s1"], ["单位名称", "连锁"]],
        "门店": [["编号", "名称"], *([f"M{n}", f"门店{n}"] for n in range(outlets))],
        "人员": [["编号", "姓名"], *([f"P{n}", f"员工{n}"] for n in range(outlets))],
        "风险清单": [["版本", "编码", "频次"], *(["1", f"R{n}", "日"] for n in range(ITEMS))],
    }
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    sheet = book.create_sheet("日检查")
    sheet.append(["日期", "门店编号", "安全员", "检查编码", "结果", "问题描述", "结论", "录入时间"])
    for number in range(days):
        day = date(2024, 1, 1) + timedelta(days=number)
        for outlet in range(outlets):
            at = datetime(day.year, day.month, day.day, 18, outlet % 60)
            for item in range(ITEMS):
                said = "零风险" if item == 0 else None
                sheet.append([day, f"M{outlet}", f"P{outlet}", f"R{item}", "合格", None, said, at])
    book.save(path)
    return as_excel_writes(path)


def as_excel_writes(path: Path) -> Path:
    """With the size of each sheet, and every text once: openpyxl itself writes neither, and reads what lacks them much slower."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    texts: dict[bytes, int] = {}

    def shared(found: "re.Match[bytes]") -> bytes:
        return b't="s"><v>%d</v>' % texts.setdefault(found[1], len(texts))

    for name in [name for name in parts if name.startswith("xl/worksheets/")]:
        sheet = re.sub(rb't="inlineStr"><is><t[^>]*>([^<]*)</t></is>', shared, parts[name])
        size = b'<dimension ref="A1:H%d"/>' % sheet.count(b"<row")
        parts[name] = sheet.replace(b"<sheetViews>", size + b"<sheetViews>", 1)
    said = b"".join(b"<si><t>%b</t></si>" % text for text in texts)
    space = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    parts["xl/sharedStrings.xml"] = b'<sst xmlns="%b" uniqueCount="%d">%b</sst>' % (space, len(texts), said)
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    if kind not in parts["[Content_Types].xml"]:
        entry = b'<Override PartName="/xl/sharedStrings.xml" ContentType="%b"/></Types>' % kind
        parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(b"</Types>", entry)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return path


def answers(path: Path) -> int:
    """Ours: every row a checked answer of a record."""
    return sum(len(check.results) for check in read_ledger(path).daily_checks or ())


def passed_over(path: Path) -> int:
    """The peer: every cell seen once, and forgotten."""
    book = load_workbook(path, read_only=True, data_only=True)
    counts = {sheet.title: sum(1 for _ in sheet.iter_rows(values_only=True)) - 1 for sheet in book.worksheets}
    book.close()
    return counts["日检查"]


def rows() -> Iterator[Row]:
    with TemporaryDirectory() as folder:
        path = written(Path(folder) / "ledger.xlsx", outlets=100, days=75)
        yield compare(
            "a ledger of 30,000 daily rows → dossier (peer: openpyxl, read-only pass)",
            lambda: answers(path),
            lambda: passed_over(path),
            goal=GOAL,
            clock=process_time,
        )
        path = written(Path(folder) / "year.xlsx", outlets=200, days=365)
        ours, peer = alone("answers", path), alone("passed_over", path)
        assert ours["rows"] == peer["rows"]
        what = f"a chain's year of {ours['rows']:,} daily rows, once ({ours['MB']} MB of memory at most; peer {peer['MB']} MB)"
        yield Row(what, ours["seconds"], peer["seconds"], GOAL)


def alone(call: str, path: Path) -> dict[str, Any]:
    """What a call takes in a process of its own: seconds of the processor, and the most memory, where the system tells."""
    done = subprocess.run([sys.executable, __file__, call, str(path)], stdout=subprocess.PIPE, check=True)
    return dict(json.loads(done.stdout))


def measured(call: str, path: Path) -> dict[str, Any]:
    start = process_time()
    found = {"answers": answers, "passed_over": passed_over}[call](path)
    return {"rows": found, "seconds": process_time() - start, "MB": _most_memory()}


def _most_memory() -> int | str:
    try:
        status = Path("/proc/self/status").read_text(encoding="utf-8")
    except OSError:
        return "?"
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))) // 1024


if __name__ == "__main__":
    if sys.argv[1:]:
        print(json.dumps(measured(sys.argv[1], Path(sys.argv[2]))))
    else:
        sys.exit(main(__doc__ or "", rows, "openpyxl"))
