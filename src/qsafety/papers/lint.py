"""What is wrong with a template that somebody changed in Word, before a paper is wanted of it.

Unknown variables with their paragraph and what was probably meant, broken loops, tags that Word split across runs, ``{%tr %}`` in a row
that holds more, and variables of the record that the template prints nowhere. The template is scanned, and read in a child process with
limits.
"""

import json
import os
from collections.abc import Mapping
from typing import Any, get_args, get_origin, get_type_hints

import attrs

from qsafety.bilingual import Bilingual, Lang
from qsafety.errors import PaperError
from qsafety.law.vocabulary import FurtherPaper, PaperKind
from qsafety.papers.child import in_child
from qsafety.papers.scan import read, scan
from qsafety.papers.sheets import documented, rows_of
from qsafety.papers.specs import ALL, spec_of

# Everything else that a record holds must stand on its paper, else the paper hides it.
# fmt: off
OPTIONAL = frozenset({
    "attachments", "blank", "compiled_by", "failed", "finished", "hazard_summary", "hazards_closed", "hazards_new", "hazards_open",
    "hazards_overdue", "hazards_serious", "list_version", "not_applicable", "outlet", "passed", "place", "problems", "products",
    "receiver_wanted", "remark", "reviewed", "revisions", "started", "status", "summary", "title", "total", "unanswered", "weeks_done",
    "weeks_due", "weeks_late", "weeks_missed",
})
"""Variables that a template may leave out."""

FIELDS: Mapping[str, Mapping[str, frozenset[str]]] = {
    "daily_record": {"items": frozenset({"code", "point", "result", "problem", "precaution"})},
    "risk_control_list": {"items": frozenset({"code", "point", "measure", "frequency"})},
    "director_duties": {"duties": frozenset({"text", "measure"})},
    "officer_code": {"duties": frozenset({"text", "measure"})},
    "weekly_report": {"findings": frozenset({"hazard", "description", "owner", "due", "state"})},
    "monthly_minutes": {"priorities": frozenset({"content", "owner", "due"})},
}
"""Fields of rows that a template must print."""
# fmt: on


@attrs.frozen(kw_only=True)
class Problem:
    """One thing wrong with a template. ``part`` and ``paragraph`` are where: the part of the package, and the text as Word shows it.

    ``code``: ``unknown_variable``, ``broken_loop``, ``broken_tag``, ``split_tag``, ``not_alone``, ``missing_field``.
    """

    code: str
    part: str = ""
    paragraph: str = ""
    message: Bilingual
    advice: Bilingual

    def to(self, lang: Lang) -> str:
        """A line: what is wrong, what to do, and where."""
        line = self.message.to(lang) + ("。" if lang == "zh" else ". ") + self.advice.to(lang)
        if not self.paragraph:
            return line
        return f"{line}（“{self.paragraph}”）" if lang == "zh" else f"{line} (“{self.paragraph}”)"

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return attrs.asdict(self)


def lint(template: str | os.PathLike[str] | bytes, kind: PaperKind | FurtherPaper | str | None = None) -> list[Problem]:
    """What is wrong with a template of a paper; nothing: an empty list.

    Without ``kind`` it is taken for the paper of which it prints most variables. A file that is hostile, damaged or no Word file at all is
    a :class:`~qsafety.errors.PaperError`, and so is a word that is no kind.

    >>> lint(spec_of("daily_record").template, "daily_record")
    []
    """
    if isinstance(template, bytes):
        name = f"{kind or 'template'}.docx"
        scan(template, name=name)
        content = template
    else:
        name = os.path.basename(os.fspath(template))
        content = read(template)
    kinds = list(ALL) if kind is None else [spec_of(kind).kind]
    shapes = {str(k): shape(spec_of(k).context) for k in kinds}
    found = json.loads(in_child("lint", content, {"shapes": shapes}, name=name))
    problems = [problem_of(said) for said in found["problems"]]
    return problems + _missing(found["kind"], shapes[found["kind"]], {k: set(v) for k, v in found["used"].items()})


def kind_of(template: str | os.PathLike[str]) -> PaperKind | FurtherPaper | None:
    """The paper of which a template prints most variables; None where it cannot be read."""
    shapes = {str(kind): shape(spec.context) for kind, spec in ALL.items()}
    try:
        found = json.loads(
            in_child("lint", read(template), {"shapes": shapes}, name=os.path.basename(os.fspath(template)))
        )
    except PaperError:
        return None
    return spec_of(found["kind"]).kind


def problem_of(said: dict[str, Any]) -> Problem:
    """A problem from its plain data."""
    message, advice = (Bilingual(**said.pop(name)) for name in ("message", "advice"))
    return Problem(**said, message=message, advice=advice)


def shape(context: type) -> dict[str, Any]:
    """The variables of a context: ``None`` for what is printed, a dict for the rows of a table, with their fields.

    >>> shape(spec_of("daily_record").context)["products"]["lot"] is None
    True
    """
    found: dict[str, Any] = {}
    for name, hint in get_type_hints(context).items():
        inner = get_args(hint)[0] if get_origin(hint) is not None else hint
        found[name] = shape(inner) if attrs.has(inner) else None
    return found


def _missing(kind: str, variables: Mapping[str, Any], used: Mapping[str, set[str]]) -> list[Problem]:
    """What the paper must print and the template does not."""
    words = _words(spec_of(kind).context)
    problems = [_absent(name, words[name]) for name in variables if name not in OPTIONAL and name not in used]
    for table, fields in FIELDS.get(kind, {}).items():
        absent = sorted(fields - used[table]) if table in used else []
        problems += [_absent(f"{table}.{field}", words[f"{table}.{field}"]) for field in absent]
    return problems


def _words(context: type) -> dict[str, Bilingual]:
    words = dict(documented(context))
    for table, row in rows_of(context).items():
        words |= {f"{table}.{field}": said for field, said in documented(row).items()}
    return words


def _absent(name: str, said: Bilingual) -> Problem:
    table, _, field = name.rpartition(".")
    advice = Bilingual(f"请在应有之处写 {{{{ {name} }}}}。", f"Write {{{{ {name} }}}} where it belongs.")
    if table:
        advice = Bilingual(
            f"请在 {table} 的各行中写 {{{{ row.{field} }}}}。", f"Write {{{{ row.{field} }}}} in the rows of {table}."
        )
    return Problem(
        code="missing_field",
        message=Bilingual(
            f"模板没有印出必备内容“{name}”：{said.zh}", f"the template does not print {name!r}: {said.en}"
        ),
        advice=advice,
    )


def lint_json(template: bytes, data: Mapping[str, Any], *, name: str) -> bytes:
    """The child's side of :func:`lint`."""
    from qsafety.papers.reading import read_template

    return json.dumps(read_template(template, data["shapes"], name=name)).encode()
