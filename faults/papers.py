"""Papers: templates that attack, packages that lie, bombs, values that look like code, ten thousand papers in one process

Injections are tried at six places each (body, table, header, footer, footnote, properties); one is *run* where its file appears, and
*filled* where the template gives a paper. Bombs run in the child with its own limits; the slowest and the largest are said. Hostile
packages, and fields that fetch or run something when Word opens them, are scanned in a fresh process each, so that its memory is its own.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from outcome import Outcome

from qsafety.errors import PaperError
from qsafety.papers import render
from qsafety.papers.child import LIMITS, in_child
from qsafety.papers.engine import fill
from tests.papers.test_hostile import BOMBS, INJECTIONS, PLACES, VARIABLES, escaped
from tests.papers.test_hostile_fields import BODIES
from tests.papers.test_hostile_packages import HOSTILE
from tests.papers.word_files import docx, paragraph, parts

LIBRARIES = ("docxtpl", "jinja2", "lxml", "python-docx")
MOST_SECONDS, MOST_MEMORY = 10, 512 << 20
SCAN_SECONDS, SCAN_MEMORY = 0.5, 100 << 20
PAPERS = 10_000
VALUES = (
    "{{ 7*7 }}", "{% endfor %}", "{# x #}", "{{ ''.__class__ }}", "<w:p/>", "</w:t>", "&amp;", "&#60;", "<![CDATA[x]]>", "]]>", "=1+1",
    "=cmd|'/C calc'!A0", "@SUM(A1)", "+1", "-1", "DDEAUTO c:\\x", "{ DDE a b }", "{_{ x }_}", "a_b", "电线<2.5mm²", "A & B", "\"'", "%s{0}",
    "镕𠮷🔋",
)  # fmt: skip


def outcomes(short: bool) -> Iterator[Outcome]:
    """All trials; with ``short`` a few of each."""
    yield _injections(short)
    yield _bombs(short)
    yield _packages(short)
    yield _values()
    yield _many(500 if short else PAPERS)


def _injections(short: bool) -> Outcome:
    ran = passed = tried = 0
    with tempfile.TemporaryDirectory() as folder:
        canary = Path(folder) / "ran"
        for make in PLACES.values():
            for injection in INJECTIONS[:: 10 if short else 1]:
                text = injection.replace("CANARY", str(canary))
                tried += 1
                try:
                    fill(make(text if make is PLACES["properties"] else escaped(text)), VARIABLES, name="t.docx")
                    passed += 1
                except PaperError:
                    pass
                ran += canary.exists()
                canary.unlink(missing_ok=True)
    found = f"{len(INJECTIONS)} at 6 places: {ran} run, {passed} filled, {tried - passed} refused with the name of the template"
    return Outcome("template injections", tried, found, well=not ran and not passed)


def _bombs(short: bool) -> Outcome:
    names = list(BOMBS)[:: 5 if short else 1]
    longest, bad = 0.0, list[str]()
    for name in names:
        began = time.monotonic()
        try:
            in_child("fill", docx(paragraph(BOMBS[name])), {"a": "x"}, name="t.docx")
            bad.append(name)
        except PaperError as error:
            if "ended unexpectedly" in str(error):
                bad.append(name)
        longest = max(longest, time.monotonic() - began)
    largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss << 10
    well = not bad and longest < MOST_SECONDS and largest < MOST_MEMORY
    said = f"{len(names) - len(bad)} ended with a clear error; the slowest within {_ceil(longest)} s, the largest {largest >> 20} MiB"
    return Outcome(
        f"resource bombs ({LIMITS.said.en})", len(names), said + "".join(f"; not {n}" for n in bad), well=well
    )


_SCAN = """
import json, resource, sys, time
from qsafety.errors import PaperError
from qsafety.papers.scan import scan
from tests.papers.test_hostile_packages import HOSTILE
from tests.papers.test_hostile_fields import BODIES
from tests.papers.word_files import docx
name = sys.argv[1]
content = HOSTILE[name][0]() if name in HOSTILE else docx(BODIES[name][0])
open(sys.argv[2], 'wb').write(content)
"""
_SEE = """
import json, resource, sys, time
from qsafety.errors import PaperError
from qsafety.papers.scan import scan
content = open(sys.argv[1], 'rb').read()
base = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
began, refused = time.monotonic(), False
try:
    scan(content, name='t.docx')
except PaperError:
    refused = True
print(json.dumps([refused, time.monotonic() - began, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - base) << 10]))
"""


def _packages(short: bool) -> Outcome:
    names = [*HOSTILE, *BODIES][:: 12 if short else 1]
    refused, slowest, largest = 0, 0.0, 0
    root = Path(__file__).parents[1]
    env = {**os.environ, "PYTHONPATH": f"{root}{os.pathsep}{root / 'src'}"}
    with tempfile.TemporaryDirectory() as folder:
        for name in names:
            made = str(Path(folder) / "a.docx")
            subprocess.run([sys.executable, "-c", _SCAN, name, made], env=env, check=True)
            run = subprocess.run([sys.executable, "-c", _SEE, made], env=env, check=True, capture_output=True)
            was, seconds, memory = json.loads(run.stdout)
            refused, slowest, largest = refused + was, max(slowest, seconds), max(largest, memory)
    well = refused == len(names) and slowest < SCAN_SECONDS and largest < SCAN_MEMORY
    within = SCAN_SECONDS if slowest < SCAN_SECONDS else _ceil(slowest)
    found = f"{refused} refused, each within {within} s; the largest took {largest >> 20} MiB more"
    return Outcome("hostile packages and fields", len(names), found, well=well)


def _values() -> Outcome:
    lost = 0
    for make in PLACES.values():
        template = make("[{{ a }}]")
        for value in VALUES:
            said = "".join(parts(fill(template, {"a": value}, name="t.docx")).values())
            lost += f"[{escaped(value)}]" not in said
    found = f"{len(VALUES)} values at 6 places, {lost} changed"
    return Outcome(
        "values that look like XML, tags, fields or formulas", len(VALUES) * len(PLACES), found, well=not lost
    )


def _many(count: int) -> Outcome:
    """Memory after a tenth and after all: it must not grow with the number of papers."""
    from importlib.resources import files

    from qsafety.exchange import read_ledger

    shop = read_ledger(Path(str(files("qsafety.testing") / "data" / "ebike-shop.xlsx")))
    days = sorted({c.day for c in shop.daily_checks or () if c.outlet == "M1" and not c.draft})

    def make(n: int) -> str:
        return render("daily_record", shop, period=_day(days, n), outlet="M1").sha256

    seen: dict[str, set[str]] = {}
    for n in range(count // 10):
        seen.setdefault(str(_day(days, n)), set()).add(make(n))
    early = _resident()
    for n in range(count // 10, count):
        seen.setdefault(str(_day(days, n)), set()).add(make(n))
    grown = _resident() - early
    same = all(len(digests) == 1 for digests in seen.values())
    digests = "one digest" if same else "several digests"
    found = f"{grown / (1 << 20):+.1f} MiB between paper {count // 10:,} and paper {count:,}; each day has {digests}"
    return Outcome("papers in one process", count, found, well=grown < 16 << 20 and same)


def _day(days: list[date], n: int) -> date:
    return days[n % len(days)]


def _resident() -> int:
    pages = Path("/proc/self/statm")
    if not pages.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10
    return int(pages.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def _ceil(seconds: float) -> int:
    return int(-(-seconds // 1))
