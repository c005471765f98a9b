"""Daily records as Word documents, against docxtpl as its documentation tells people to use it.

Both sides build the context from the dossier; docxtpl opens, fills and saves the exported template, ``autoescape`` on. The documents are
equal after canonicalisation. Processor time is compared, in runs of twelve, for a paper of ours is so short that what else the machine
does, and what docxtpl leaves in its caches, would be most of it: papers timed one by one in turn gave ratios from 30 to 90. The rows from
20 to 2,000 also show how time grows.

Two processes against one are compared by the time that passes, starting them included: ``render_many`` makes a thousand short papers before
two have begun, so it starts them only where they pay. On a machine that is busy with other work the second finds no processor.
"""

import io
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from time import process_time
from typing import Any
from xml.etree.ElementTree import canonicalize

from docxtpl import DocxTemplate
from measure import Row, compare, main

from qsafety.dossier import CheckResult, DailyCheck, Dossier, Person, RiskItem, RiskList, Seller
from qsafety.papers import context, render, render_many
from qsafety.papers.specs import spec_of

DAY = date(2024, 1, 10)
RUN = 12
"""One paper of ours after each of docxtpl's finds its code and data gone from the processor's caches: warm is a run of them."""


def checked(items: int, days: int = 1) -> Dossier:
    """A seller whose list has so many items, a seventh of which failed on each of these days."""
    codes = [f"R{n:03d}" for n in range(1, items + 1)]
    listed = [
        RiskItem(
            code=code,
            category="资质证书",
            stage="进货",
            risk_point="强制性认证证书与铭牌",
            description="无证、证书过期或与实物不一致",
            basis="《强制性产品认证管理规定》、GB 17761-2018",
            method="document",
        )
        for code in codes
    ]
    results = [
        CheckResult(code=code, outcome="fail", observation="外壳鼓包 & 漏液\n<2 组>")
        if n % 7 == 0
        else CheckResult(code=code, outcome="pass")
        for n, code in enumerate(codes)
    ]
    return Dossier(
        seller=Seller(id="hz01", name="杭州示例电动自行车行"),
        people=[Person(id="P3", name="王样成")],
        risk_lists=[RiskList(version="2023-1", effective_on=date(2023, 8, 1), items=listed)],
        daily_checks=[
            DailyCheck(day=DAY + timedelta(days=n), officer="P3", results=results, conclusion="problems_found")
            for n in range(days)
        ],
    )


def by_docxtpl(template: Path, dossier: Dossier, day: date = DAY) -> bytes:
    document: Any = DocxTemplate(template)
    document.render(context("daily_record", dossier, period=day), autoescape=True)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def words(package: bytes) -> list[str]:
    """The document and its foot, canonical."""
    with zipfile.ZipFile(io.BytesIO(package)) as file:
        names = [name for name in file.namelist() if name.startswith(("word/document", "word/footer", "word/header"))]
        return [canonicalize(file.read(name).decode()) for name in sorted(names)]


def rows() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder) / "daily_record.docx"
        template.write_bytes(spec_of("daily_record").template)
        for items, run, goal in ((20, RUN, 50), (100, RUN, 20), (500, RUN, 15), (2000, RUN // 4, 12)):
            yield one_paper(template, items, run, goal)
        month = [DAY + timedelta(days=n) for n in range(31)]
        dossier = checked(20, len(month))
        yield compare(
            "daily records of a month, 20 rows each",
            lambda: [render("daily_record", dossier, period=day).bytes for day in month],
            lambda: [by_docxtpl(template, dossier, day) for day in month],
            goal=40,
            view=lambda papers: [words(paper) for paper in papers],
            clock=process_time,
        )
        for count, items, goal in ((1000, 20, 0.8), (4000, 100, 1.2)):
            yield two_processes(Path(folder), count, items, goal)


def last_of(make: Callable[[], bytes], run: int) -> bytes:
    """A run of papers, of which the last is kept: a paper is written and let go."""
    paper = b""
    for _ in range(run):
        paper = make()
    return paper


def two_processes(folder: Path, count: int, items: int, goal: float) -> Row:
    """Papers written by two processes against one, into a new folder each time."""
    dossier = checked(items, count)
    last = DAY + timedelta(days=count - 1)

    def written(workers: int) -> list[bytes]:
        with tempfile.TemporaryDirectory(dir=folder) as to:
            made = render_many(dossier, since=DAY, until=last, kinds=["daily_record"], to=to, workers=workers)
            return [path.read_bytes() for path in made.files[:: count // 20]]

    return compare(
        f"{count:,} daily papers of {items} rows, two processes against one",
        lambda: written(2),
        lambda: written(1),
        goal=goal,
    )


def one_paper(template: Path, items: int, run: int, goal: float) -> Row:
    dossier = checked(items)
    return compare(
        f"{run} daily records of {items} rows, warm",
        lambda: last_of(lambda: render("daily_record", dossier, period=DAY).bytes, run),
        lambda: last_of(lambda: by_docxtpl(template, dossier), run),
        goal=goal,
        view=words,
        clock=process_time,
    )


if __name__ == "__main__":
    sys.exit(main(__doc__, rows, "docxtpl", "python-docx", "jinja2", "lxml"))
