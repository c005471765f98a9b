"""Whether a controlled text (制度) is approved and in force: Articles 3, 7 to 12 all ask it."""

from collections.abc import Iterator
from datetime import date

from qsafety.dossier import Text
from qsafety.findings import Case, Finding, Reason
from qsafety.law.vocabulary import Outcome, RuleKind, TextStatus


def in_force(text: Text, day: date) -> bool | None:
    """Whether a text holds on a day; None: it is not known when it was approved.

    Without a date of effect the date of approval counts; a repealed text needs the date of repeal.
    """
    if text.status is TextStatus.DRAFT:
        return False
    if text.status is TextStatus.REPEALED and text.repealed_on is None:
        return False
    if text.repealed_on is not None and text.repealed_on <= day:
        return False
    if text.effective_on is not None and text.effective_on > day:
        return False
    return None if text.approved_on is None else text.approved_on <= day


def approved(case: Case, kind: RuleKind) -> tuple[bool | None, Text | None]:
    """Whether a text of a kind is in force on ``on`` (None: not known), and the one that shows it."""
    unclear: Text | None = None
    latest: Text | None = None
    for text in case.dossier.texts or ():
        if text.kind is not kind:
            continue
        holds = in_force(text, case.on)
        if holds:
            start = text.effective_on or text.approved_on or date.min
            if latest is None or start >= (latest.effective_on or latest.approved_on or date.min):
                latest = text
        elif holds is None:
            unclear = text
    if latest is not None:
        return True, latest
    if unclear is not None or not case.dossier.complete("texts"):
        return None, unclear
    return False, next((t for t in case.dossier.texts or () if t.kind is kind), None)


def undated(case: Case, text: Text) -> Reason:
    """That a text does not say when it was approved."""
    return case.because(text, f"{text.quoted}没有批准或生效日期", f"{text.title!r} has no date of approval or effect")


def list_undated(case: Case) -> bool:
    """Whether a risk list that was approved by somebody says neither when it was nor since when it holds: it may hold on any day."""
    return any(
        r.status is TextStatus.APPROVED and r.approved_by and not (r.effective_on or r.approved_on)
        for r in case.dossier.risk_lists or ()
    )


def established(case: Case, obligation: str, kind: RuleKind) -> Iterator[Finding]:
    """应当建立…制度: the text is approved and in force on ``on``."""
    if case.in_scope is False:
        yield case.out_of_scope(obligation)
        return
    holds, text = approved(case, kind)
    if holds and text is not None:
        start = text.effective_on or text.approved_on
        because = [case.because(text, f"{text.quoted}自 {start} 起生效", f"{text.title!r} in force since {start}")]
        yield case.finding(obligation, Outcome.SATISFIED, "approved", because=because)
    elif holds is None and text is not None:
        yield case.finding(obligation, Outcome.UNKNOWN, "undated", because=[undated(case, text)])
    elif holds is None:
        yield case.not_given(obligation, "texts")
    elif text is not None:
        status = text.status.label
        because = [
            case.because(
                text, f"{text.quoted}：{status.zh}，{case.on} 未生效", f"{text.title!r}: {status.en}, not in force"
            )
        ]
        yield case.finding(obligation, Outcome.VIOLATED, "not_approved", because=because)
    else:
        name = kind.zh if kind.zh.endswith("制度") else f"{kind.zh}制度"
        because = [case.no_record(f"没有{name}", f"no text of kind {kind.en!r}")]
        yield case.finding(obligation, Outcome.VIOLATED, "not_approved", because=because)
