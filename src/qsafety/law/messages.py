"""The words of findings and advice, in Chinese and English: templates kept as data, by obligation and reason.

``data/messages/a10.toml`` holds, for instance, ``["A10.2".missed]`` with ``zh``, ``en`` and perhaps ``advice_zh`` and
``advice_en``; sentences that belong to no obligation stand under ``general``.
"""

import string
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import attrs

from qsafety.bilingual import Bilingual
from qsafety.errors import QSafetyError, UnknownNameError
from qsafety.law.data import FOLDER, toml

_KEYS = {"zh", "en", "advice_zh", "advice_en"}


class MessageError(QSafetyError, LookupError):
    """A template that is badly written, or was not given a field that it names."""

    code = "bad_message"


@attrs.frozen(kw_only=True)
class Template:
    """One template: the text of a finding, or the advice that goes with it (``advice`` True)."""

    obligation: str
    reason: str
    advice: bool
    text: Bilingual = attrs.field(repr=False)

    @property
    def fields(self) -> frozenset[str]:
        """The names between braces, of both languages."""
        parse = string.Formatter().parse
        return frozenset(
            name for text in (self.text.zh, self.text.en) for _, name, *_ in parse(text) if name is not None
        )

    def render(self, **fields: object) -> Bilingual:
        """The text with its fields filled; a :class:`~qsafety.bilingual.Bilingual` goes into its own language."""
        if missing := sorted(self.fields - fields.keys()):
            key, names = f"{self.obligation}.{self.reason}", ", ".join(missing)
            raise MessageError(Bilingual(f"模板 {key} 缺少字段：{names}", f"template {key} lacks the field(s) {names}"))
        return self.text.format(**fields)


def read_templates(folder: Path) -> Mapping[tuple[str, str, bool], Template]:
    """All templates of the TOML files in a folder, by obligation, reason and whether it is the advice."""
    found: dict[tuple[str, str, bool], Template] = {}
    for path in sorted(folder.glob("*.toml")):
        for obligation, reasons in toml(path).items():
            for reason, row in reasons.items():
                for advice, template in _row(obligation, reason, row):
                    if (obligation, reason, advice) in found:
                        key = f"{obligation}.{reason}"
                        raise MessageError(Bilingual(f"模板 {key} 重复", f"template {key} is there twice"))
                    found[obligation, reason, advice] = template
    return found


def _row(obligation: str, reason: str, row: Mapping[str, Any]) -> Iterator[tuple[bool, Template]]:
    one_tongued = ("advice_zh" in row) != ("advice_en" in row)
    if not {"zh", "en"} <= row.keys() or one_tongued or not row.keys() <= _KEYS:
        key = f"{obligation}.{reason}"
        raise MessageError(
            Bilingual(
                f"模板 {key} 须有 zh 与 en（可另有 advice_zh 与 advice_en），现有：{'、'.join(row)}",
                f"template {key} needs zh and en (and perhaps advice_zh and advice_en), it has: {', '.join(row)}",
            )
        )
    yield False, Template(obligation=obligation, reason=reason, advice=False, text=Bilingual(row["zh"], row["en"]))
    if "advice_zh" in row:
        text = Bilingual(row["advice_zh"], row["advice_en"])
        yield True, Template(obligation=obligation, reason=reason, advice=True, text=text)


@cache
def _templates() -> Mapping[tuple[str, str, bool], Template]:
    return read_templates(FOLDER / "messages")


def templates() -> tuple[Template, ...]:
    """Every template, for whoever wants to render or to translate them all."""
    return tuple(_templates().values())


def _find(obligation_id: str, reason: str, *, advice: bool) -> Template | None:
    """The obligation's own words for a reason, else those that all obligations share."""
    own = (obligation_id, reason, False) in _templates()
    return _templates().get((obligation_id if own else "general", reason, advice))


def message(obligation_id: str, reason: str, /, **fields: object) -> Bilingual:
    """The text of a finding about an obligation, for a reason, with its fields filled.

    Where the obligation has no words of its own for the reason, those under ``general`` are used.

    >>> message("general", "inherited").to("en")
    'inherited, not verified'

    Raises :class:`~qsafety.errors.UnknownNameError` for a template that is not there, :class:`MessageError` for a field
    that was not given.
    """
    found = _find(obligation_id, reason, advice=False)
    if found is None:
        known = [f"{t.obligation}.{t.reason}" for t in templates() if not t.advice]
        raise UnknownNameError(Bilingual("文字模板", "message template"), f"{obligation_id}.{reason}", known)
    return found.render(**fields)


def advice(obligation_id: str, reason: str, /, **fields: object) -> Bilingual | None:
    """The advice that goes with a finding, or None where there is none. Errors as for :func:`message`."""
    found = _find(obligation_id, reason, advice=True)
    if found is not None:
        return found.render(**fields)
    if _find(obligation_id, reason, advice=False) is None:
        message(obligation_id, reason)
    return None
