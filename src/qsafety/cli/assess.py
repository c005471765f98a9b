"""``qsafety assess``: the report on a seller, to read, as JSON, as a page or as a workbook."""

import os
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import click

from qsafety.assessment import Report
from qsafety.assessment import assess as assess_dossier
from qsafety.assessment.comparing import ReadingChange
from qsafety.assessment.comparing import compare_readings as changes_under_readings
from qsafety.assessment.lines import Line, Page
from qsafety.assessment.text import document
from qsafety.bilingual import Bilingual, Lang
from qsafety.cli.commands import FINE, VIOLATED, Command
from qsafety.cli.editions import edition_of, edition_option
from qsafety.cli.inputs import DayType, Given, OneOf, lang_option, ledger_argument, not_over, on_option, read
from qsafety.cli.output import as_json, say, text_of, write, write_file, write_json
from qsafety.cli.refusals import UsageProblem
from qsafety.exchange import write_result
from qsafety.findings import Finding, spell
from qsafety.law.vocabulary import Outcome

_HELP = """评估一个销售单位，说明理由、条文与下一步。

Assess a seller, with reasons, the article, and what to do next. LEDGER: a ledger (.xlsx), a dossier (.json), or the URL of a store
with --seller.

\b
退出状态：0 无不符合，1 有不符合，2 输入有误。
Exit status: 0 nothing violated, 1 something violated, 2 wrong input.
"""
Compared = Sequence[ReadingChange]

_SUFFIXES: Mapping[str, str] = {".txt": "text", ".json": "json", ".html": "html", ".xlsx": "xlsx"}


@click.command("assess", cls=Command, help=_HELP)
@ledger_argument
@on_option
@click.option("--since", type=DayType(), metavar="D", help="起始日，默认上月一日 / First day looked at")
@edition_option
@click.option(
    "--reading", "readings", multiple=True, metavar="NAME=OPTION", help="解释口径，可多次 / A reading; repeatable"
)
@click.option("--format", "form", type=OneOf(["text", "json", "html", "xlsx"]), help="格式，默认 text / Format")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="F",
    help="写入文件，按后缀定格式 / Write to a file",
)
@click.option("--compare-readings", is_flag=True, help="比较各口径 / Compare readings")
@lang_option
def assess(
    ledger: str,
    seller: str | None,
    on: date | None,
    since: date | None,
    edition: str,
    readings: tuple[str, ...],
    form: str | None,
    out: Path | None,
    compare_readings: bool,
    lang: Lang,
) -> int:
    """Assess, print or write; 1 where something is violated."""
    form = chosen_format(form, out)
    if compare_readings and form not in ("text", "json"):
        raise UsageProblem(
            Bilingual(
                f"--compare-readings 只用于 text 与 json，不用于 {form}",
                f"--compare-readings is for text and json, not for {form}",
            )
        )
    if out is not None:
        not_over(ledger, out)
    given = read(ledger, seller)
    report = assess_dossier(
        given.dossier, on=on or given.today(), since=since, edition=edition_of(edition), readings=readings
    )
    compared = changes_under_readings(report) if compare_readings else None
    if out is None:
        if form == "xlsx":
            raise UsageProblem(Bilingual("--format xlsx 需要 --out F.xlsx", "--format xlsx needs --out F.xlsx"))
        if form == "json":
            write_json(plain(report, compared))
        elif form == "html":
            write_html(page_of(report, given, lang, ledger, Path("report.html"), today=on is None))
        else:
            say([*lines_of(report, given, lang, today=on is None), *lines_compared(compared, lang)])
    else:
        if form == "xlsx":
            write_result(report, out, lang=lang, ledger=ledger if is_workbook(ledger) else None)
        elif form == "json":
            write_file(out, as_json(plain(report, compared)) + "\n")
        elif form == "html":
            write_file(out, page_of(report, given, lang, ledger, out, today=on is None))
        else:
            write_file(
                out, text_of([*lines_of(report, given, lang, today=on is None), *lines_compared(compared, lang)])
            )
        page = Page(lang)
        page.add([in_one_line(report, lang)])
        page.put(Bilingual(f"已写入 {out}", f"Written to {out}"), whole=True)
        say(page.lines)
    return VIOLATED if report.violated else FINE


def chosen_format(form: str | None, out: Path | None) -> str:
    """The format that was asked for: by ``--format``, or by the suffix of ``--out``, which must not contradict it."""
    if out is None:
        return form or "text"
    by_suffix = _SUFFIXES.get(out.suffix.lower())
    if by_suffix is None:
        raise UsageProblem(
            Bilingual(
                f"--out：不知道“{out.name}”的格式，可用：{'、'.join(_SUFFIXES)}",
                f"--out: no format for {out.name!r}; there are {', '.join(_SUFFIXES)}",
            ),
        )
    if form not in (None, by_suffix):
        raise UsageProblem(
            Bilingual(
                f"--format {form} 与 {out.name} 的后缀不一致", f"--format {form} contradicts the suffix of {out.name}"
            )
        )
    return by_suffix


def lines_of(report: Report, given: Given, lang: Lang, *, today: bool) -> list[Line]:
    """The report, with what is to be said of the file it came from."""
    return document(report, lang, today=today, unread=given.unread, notes=given.notes)


def is_workbook(ledger: str) -> bool:
    """Whether the input is a file that cells can be looked up in."""
    return "://" not in ledger and ledger.lower().endswith(".xlsx")


def page_of(report: Report, given: Given, lang: Lang, ledger: str, out: Path, *, today: bool) -> str:
    """The report as a page that is to stand at ``out``, with links into the ledger that it came from."""
    there = None
    if is_workbook(ledger):
        file, folder = os.path.realpath(ledger), os.path.dirname(os.path.realpath(out))
        # on Windows there is no way from one drive to another
        there = os.path.relpath(file, folder) if os.path.splitdrive(file)[0] == os.path.splitdrive(folder)[0] else file
    return report.to_html(lang, ledger=there, today=today, unread=given.unread, notes=given.notes)


def write_html(page: str) -> None:
    """A page on stdout: where that is not UTF-8, what is not ASCII becomes a reference, which every encoding keeps."""
    encoding = (getattr(sys.stdout, "encoding", None) or "utf-8").replace("-", "").lower()
    write(page if encoding == "utf8" else page.encode("ascii", "xmlcharrefreplace").decode("ascii"))


def in_one_line(report: Report, lang: Lang) -> Line:
    """The day, and how many findings have which outcome."""
    counts = "  ".join(f"{o.label.to(lang)} {n}" for o in Outcome if (n := len(report.of(o))))
    return Line(((f"{report.dossier.seller.id}  {report.on}  {counts}", "head"),), hang=2)


def plain(report: Report, compared: Compared | None) -> dict[str, Any]:
    """The JSON report and, where asked for, what other readings would change."""
    if compared is None:
        return report.to_dict()
    return report.to_dict() | {"reading_changes": [c.to_dict() for c in compared if c.changes]}


def lines_compared(compared: Compared | None, lang: Lang) -> list[Line]:
    """What other readings would change, an option a paragraph."""
    if compared is None:
        return []
    page = Page(lang)
    page.blank()
    page.put((Bilingual("换一种解释口径，哪些认定会变", "Which verdicts other readings would change"), "title"))
    quiet = [f"{c.reading}={c.option}" for c in compared if not c.changes]
    for row in compared:
        if not row.changes:
            continue
        page.put((f"{row.reading}={row.option}", "head"))
        for change in row.changes:
            before, after = _said(change.before), _said(change.after)
            page.put(
                Bilingual(
                    f"  {change.obligation} {change.subject}  {before.zh} → {after.zh}",
                    f"  {change.obligation} {change.subject}  {before.en} → {after.en}",
                )
            )
    page.put(Bilingual(f"不影响：{'、'.join(quiet)}", f"No effect: {', '.join(quiet)}"))
    return page.lines


def _said(finding: Finding | None) -> Bilingual:
    """An outcome and, where something is wrong, its periods."""
    if finding is None:
        return Bilingual("（无）", "(none)")
    label = finding.outcome.label
    if not finding.slots or finding.outcome is Outcome.SATISFIED:
        return label
    slots = spell(finding.slots)
    return Bilingual(f"{label.zh}（{slots.zh}）", f"{label.en} ({slots.en})")
