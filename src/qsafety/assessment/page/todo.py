"""What is to be done, as a table: by when, what, who, which duty, and where it is put on record."""

from qsafety.assessment.names import Names, day
from qsafety.assessment.page.elements import Html, Tags
from qsafety.assessment.report import Report
from qsafety.assessment.sentences import Asked, asked_once
from qsafety.bilingual import Bilingual

_OPEN = 40
"""Rows that stand open; more are folded."""
_HEADS = (
    Bilingual("期限", "By"),
    Bilingual("事项", "What"),
    Bilingual("责任人", "Who"),
    Bilingual("义务", "Duty"),
    Bilingual("文书", "Paper"),
)


def todo_list(tags: Tags, report: Report, names: Names) -> list[Html]:
    """The table; of a long one only the first rows stand open."""
    there = {finding.obligation.id for finding in report.findings}
    rows = [_row(tags, report, names, there, asked) for asked in asked_once(report.todo)]
    if not rows:
        return [tags.p(Bilingual("没有待办事项。", "Nothing is to be done."), class_="faint")]
    folded = rows[_OPEN:] if len(rows) > _OPEN + 5 else []
    tables = [_table(tags, rows[: len(rows) - len(folded)])]
    if folded:
        more = Bilingual(f"另有 {len(folded)} 项", f"{len(folded)} more")
        tables.append(tags.details(tags.summary(more), _table(tags, folded)))
    return tables


def _table(tags: Tags, rows: list[Html]) -> Html:
    head = tags.tr([tags.th(title, scope="col") for title in _HEADS])
    return tags.table(tags.thead(head), tags.tbody(rows), class_="stacked")


def _row(tags: Tags, report: Report, names: Names, there: set[str], asked: Asked) -> Html:
    late = asked.by is not None and asked.by < report.on
    today = asked.by == report.on
    state = Bilingual("已逾期", "overdue") if late else Bilingual("今天", "today") if today else None
    cells = (
        [
            tags.span(day(asked.by), class_="date"),
            [" ", tags.span(state, class_="badge violated" if late else "badge unknown")] if state else None,
        ],
        asked.what,
        names.persons(asked.who.split("、")) if asked.who else tags.span(Bilingual("未定", "not set"), class_="faint"),
        [[_duty(tags, obligation, there), " "] for obligation in asked.obligations],
        [[tags.span(paper.label, class_="paper"), " "] for paper in asked.papers],
    )
    return tags.tr(
        [tags.td(tags.div(cell) if cell else None, data_label=title) for title, cell in zip(_HEADS, cells, strict=True)]
    )


def _duty(tags: Tags, obligation: str, there: set[str]) -> Html:
    """A link to the duty's findings; orders to correct stand with the exposure."""
    target = obligation if obligation in there else "exposure" if obligation.startswith("A17") else None
    return tags.a(obligation, href=f"#{target}") if target else tags.code(obligation)
