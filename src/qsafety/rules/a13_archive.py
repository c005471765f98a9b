"""Article 13: what is kept for inspection (存档备查), slot by slot, and what is there of it.

The text sets no retention period: how long to keep is a parameter without a default (``retention``).
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import attrs

from qsafety import codec
from qsafety.bilingual import Bilingual
from qsafety.cadence import Slot
from qsafety.dossier import Fact, Opinion
from qsafety.dossier.known import local_day
from qsafety.findings import Case, Finding, Point, Reason
from qsafety.law.vocabulary import Cadence, Outcome, PaperKind, Role, RuleKind, SlotStatus
from qsafety.rules.a05_director import required
from qsafety.rules.a07_director_duties import performed
from qsafety.rules.events import in_window
from qsafety.rules.house_rules import approved
from qsafety.rules.slots import by_id

TITLES: Mapping[str, Bilingual] = {
    "S1": Bilingual("主要负责人的设立、调整和履职情况", "principal: establishment, adjustment, performance"),
    "S2": Bilingual("质量安全总监的设立、调整和履职情况", "director: establishment, adjustment, performance"),
    "S3": Bilingual("质量安全员的设立、调整和履职情况", "officers: establishment, adjustment, performance"),
    "S4": Bilingual("《质量安全总监职责》", "Duties of the Quality Safety Director"),
    "S5": Bilingual("《质量安全员守则》", "Code of the Quality Safety Officer"),
    "S6": Bilingual("《工业产品质量安全风险管控清单》", "Risk Control List"),
    "S7": Bilingual("《每日工业产品质量安全检查记录》", "Daily Check Record"),
    "S8": Bilingual("《每周工业产品质量安全排查治理报告》", "Weekly Screening and Remediation Report"),
    "S9": Bilingual("《每月工业产品质量安全调度会议纪要》", "Monthly Coordination Meeting Minutes"),
    "S10": Bilingual("质量安全总监、质量安全员提出的意见建议及答复", "opinions and suggestions, with the answers"),
    "S11": Bilingual("培训与考核情况", "training and examination"),
    "S12": Bilingual(
        "监督抽查考核、召回、监督检查、责令改正（建议留存）", "spot-checks, recalls, inspections, orders (recommended)"
    ),
}
"""What each archive slot holds."""

STATUS: Mapping[str, Bilingual] = {
    "present": Bilingual("已有", "present"),
    "late": Bilingual("逾期补录", "late"),
    "missing": Bilingual("缺", "missing"),
    "unknown": Bilingual("资料不足", "unknown"),
    "not_due": Bilingual("未到期", "not due"),
    "not_required": Bilingual("无须", "not required"),
}
"""What each status of a manifest's entry is called, in the order in which they are listed."""

PAPERS: Mapping[str, PaperKind] = dict(zip(("S4", "S5", "S6", "S7", "S8", "S9"), PaperKind, strict=True))
"""The slots that hold a mandated paper."""

_STATUS = {
    SlotStatus.DONE: "present",
    SlotStatus.INCOMPLETE: "present",
    SlotStatus.LATE: "late",
    SlotStatus.MISSED: "missing",
    SlotStatus.DUE: "not_due",
    SlotStatus.NOT_DUE: "not_due",
    SlotStatus.NOT_REQUIRED: "not_required",
}
_PAPERS = (
    ("S7", Cadence.DAILY_CONTROL, "daily_checks"),
    ("S8", Cadence.WEEKLY_SCREENING, "weekly_screenings"),
    ("S9", Cadence.MONTHLY_COORDINATION, "monthly_coordinations"),
)
_ROLES = (("S1", Role.PRINCIPAL), ("S2", Role.DIRECTOR), ("S3", Role.OFFICER))


@attrs.frozen(kw_only=True)
class ManifestEntry:
    """One thing to keep: its slot and provision, what it is about, its status, and the record that is there.

    Status: ``present``, ``missing``, ``late``, ``not_due``, ``not_required``, ``unknown``. ``version`` is the store's, None without one;
    ``digest`` the SHA-256 of the record's canonical JSON.
    """

    slot: str
    provision: str = "13"
    period: str | None = None
    outlet: str | None = None
    status: str
    record: str | None = None
    version: int | None = None
    digest: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return attrs.asdict(self)


@attrs.frozen
class Manifest:
    """What Article 13 asks to be kept of a window, and what is there."""

    entries: tuple[ManifestEntry, ...]

    @property
    def counts(self) -> dict[str, dict[str, int]]:
        """How many entries of each slot have which status."""
        found: dict[str, Counter[str]] = {}
        for entry in self.entries:
            found.setdefault(entry.slot, Counter())[entry.status] += 1
        return {slot: dict(sorted(statuses.items())) for slot, statuses in found.items()}

    def to_dict(self) -> dict[str, Any]:
        """Plain data: the entries, and the counts."""
        return {"entries": [e.to_dict() for e in self.entries], "counts": self.counts}


def manifest(case: Case, until: date) -> Manifest:
    """The manifest of [since, until], as known on ``on``."""
    slots = case.plan.slots(case.since, until)
    rows = (*_people(case), *_texts(case), *_periodic(case, slots), *_events(case, until))
    return Manifest(tuple(attrs.evolve(e, digest=codec.digest(fact)) if fact is not None else e for e, fact in rows))


def _entries(case: Case) -> Iterator[ManifestEntry]:
    """The entries up to ``on``, without digests."""
    rows = (*_people(case), *_texts(case), *_periodic(case, case.slots), *_events(case, case.on))
    return (entry for entry, _ in rows)


def _kept(slot: str, status: str, fact: Fact | None = None, **more: Any) -> tuple[ManifestEntry, Fact | None]:
    """An entry, and the record that is there."""
    return ManifestEntry(slot=slot, status=status, record=fact.id if fact is not None else None, **more), fact


def _need(case: Case) -> bool | None:
    """Whether a director is required or in post; None: that is not known."""
    need = True if case.plan.posts.holders(Role.DIRECTOR, case.on) else required(case, case.on)
    return None if need is False and not case.dossier.complete("appointments") else need


def _people(case: Case) -> Iterator[tuple[ManifestEntry, Fact | None]]:
    """S1–S3: the appointment is there, and one person of the role who performed is enough."""
    for slot, role in _ROLES:
        need = _need(case) if role is Role.DIRECTOR else True
        tenures = [t for t in case.plan.posts.tenures if t.appointment.role is role and t.start <= case.on]
        shown = next((t.appointment for t in tenures if any(_acts(case, t.appointment.person))), None)
        if need is False:
            yield _kept(slot, "not_required")
        elif shown is not None:
            yield _kept(slot, "present", shown)
        elif need is None or not case.dossier.complete("appointments") or (tenures and _acts_unknown(case)):
            yield _kept(slot, "unknown")
        else:
            yield _kept(slot, "missing")


def _acts(case: Case, person: str) -> Iterator[Reason]:
    """Any check, screening, minutes or performance record by a person in the window."""
    yield from performed(case, person)
    for check in case.dossier.daily_checks or ():
        if check.officer == person and not check.draft and case.since <= check.day <= case.on:
            yield case.because(check, f"{person} {check.day}", f"{person} {check.day}")
            return


def _acts_unknown(case: Case) -> bool:
    names = ("performance", "daily_checks", "weekly_screenings", "monthly_coordinations")
    return any(not case.dossier.complete(name) for name in names)


def _texts(case: Case) -> Iterator[tuple[ManifestEntry, Fact | None]]:
    """S4–S6."""
    for slot, kind in (("S4", RuleKind.DIRECTOR_DUTIES), ("S5", RuleKind.OFFICER_CODE)):
        need = _need(case) if slot == "S4" else True
        holds, text = approved(case, kind)
        if need is False:
            yield _kept(slot, "not_required")
        elif holds:
            yield _kept(slot, "present", text)
        elif need is None or holds is None:
            yield _kept(slot, "unknown")
        else:
            yield _kept(slot, "missing")
    in_force = case.plan.list_on(case.on)
    if in_force is not None:
        yield _kept("S6", "present", in_force)
    else:
        yield _kept("S6", "missing" if case.dossier.complete("risk_lists") else "unknown")


def _periodic(case: Case, slots: Sequence[Slot]) -> Iterator[tuple[ManifestEntry, Fact | None]]:
    """S7–S9: one entry for each slot of the cadence."""
    for slot, cadence, name in _PAPERS:
        records: Mapping[str, Fact] = by_id(getattr(case.dossier, name))
        if not case.dossier.given(name):
            yield _kept(slot, "unknown")
        for one in slots:
            if one.cadence is cadence:
                fact = records[one.record] if one.record else None
                yield _kept(slot, _status(case, one, name), fact, period=str(one.period), outlet=one.outlet)


def _status(case: Case, slot: Slot, name: str) -> str:
    if slot.status is SlotStatus.MISSED and not case.dossier.complete(name):
        return "unknown"
    return _STATUS[slot.status]


def _events(case: Case, until: date) -> Iterator[tuple[ManifestEntry, Fact | None]]:
    """S10–S12: one entry for each record."""
    groups: dict[str, dict[str, str]] = {
        "S10": {"opinions": "raised_at"},
        "S11": {"trainings": "on", "exams": "on"},
        "S12": {"spot_checks": "on", "defects": "found_on", "inspections": "on", "orders": "issued_on"},
    }
    for slot, collections in groups.items():
        for name, day in collections.items():
            if not case.dossier.given(name) and slot != "S12":
                yield _kept(slot, "unknown")
            facts = _staff_opinions(case) if name == "opinions" else getattr(case.dossier, name) or ()
            for fact in facts:
                if case.since <= local_day(getattr(fact, day), case.plan.zone) <= until:
                    yield _kept(slot, "present", fact)


def _staff_opinions(case: Case) -> list[Opinion]:
    """质量安全总监、质量安全员提出的意见建议: of those who were in post, or may have been."""
    perhaps = not case.dossier.complete("appointments")
    return [
        o
        for o in case.dossier.opinions or ()
        if perhaps
        or any(
            case.plan.posts.of_person(role, o.raised_by, local_day(o.raised_at, case.plan.zone))
            for role in (Role.DIRECTOR, Role.OFFICER)
        )
    ]


def _archived(case: Case, obligation: str, slots: tuple[str, ...]) -> Iterator[Finding]:
    if case.in_scope is False:
        yield case.out_of_scope(obligation)
        return
    points = []
    missing: dict[str, int] = {}
    entries = [e for e in case.once(_entries) if e.slot in slots]
    for entry in entries:
        if entry.status in ("missing", "unknown"):
            missing[f"{entry.slot}.{entry.status}"] = missing.get(f"{entry.slot}.{entry.status}", 0) + 1
    for key, count in missing.items():
        slot, status = key.split(".")
        points.append(
            Point(
                outcome=Outcome.VIOLATED if status == "missing" else Outcome.UNKNOWN,
                reason=f"archive_{status}",
                certain=case.in_scope is True,
                because=tuple(_where(entries, slot, status)),
                fields={"slot": slot, "title": TITLES[slot], "count": count},
            )
        )
    if any(p.outcome is Outcome.VIOLATED for p in points):
        points = [p for p in points if p.outcome is Outcome.VIOLATED]
    if not points:
        points.append(Point(outcome=Outcome.SATISFIED, reason="archived"))
    late = sum(e.status == "late" for e in entries)
    if late:
        points.append(Point(outcome=Outcome.SATISFIED, reason="archived_late", remark=True, fields={"count": late}))
    yield from case.conclude(obligation, "seller", points)


def _where(entries: list[ManifestEntry], slot: str, status: str) -> Iterator[Reason]:
    for entry in entries:
        if entry.slot == slot and entry.status == status:
            place = " ".join(p for p in (entry.outlet, entry.period) if p)
            title = TITLES[slot]
            yield Reason(Bilingual(f"{title.zh} {place}".strip(), f"{title.en} {place}".strip()))


def roles_archived(case: Case) -> Iterator[Finding]:
    """A13.1: 主要负责人、质量安全总监、质量安全员的设立、调整和履职情况 — 予以记录并存档备查."""
    yield from _archived(case, "A13.1", ("S1", "S2", "S3"))


def papers_archived(case: Case) -> Iterator[Finding]:
    """A13.2: 六种文书 — 予以记录并存档备查."""
    yield from _archived(case, "A13.2", ("S4", "S5", "S6", "S7", "S8", "S9"))


def opinions_archived(case: Case) -> Iterator[Finding]:
    """A13.3: 质量安全总监、质量安全员提出的意见建议 — 予以记录并存档备查."""
    if case.in_scope is False:
        yield case.out_of_scope("A13.3")
        return
    raised = [o for o in _staff_opinions(case) if in_window(case, o.raised_at)]
    if raised:
        because = [
            case.because(o, f"{o.raised_by} {o.kind.zh} {o.id}", f"{o.kind.en} {o.id} of {o.raised_by}") for o in raised
        ]
        yield case.finding("A13.3", Outcome.SATISFIED, "opinions_kept", because=because, count=len(raised))
    elif case.dossier.complete("opinions"):
        yield case.finding("A13.3", Outcome.NOT_DUE, "no_event")
    else:
        yield case.not_given("A13.3", "opinions")
