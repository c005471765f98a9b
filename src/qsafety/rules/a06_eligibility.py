"""Article 6: the conditions that directors and officers must meet while in post, and the posts that exclude each other."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from operator import itemgetter

import attrs

from qsafety.bilingual import listed
from qsafety.dossier import Competence, Exam, PostHolding
from qsafety.dossier.posts import Tenure
from qsafety.findings import Case, Finding, PersonFile, Point, Reason
from qsafety.law.vocabulary import CompetenceItem, Outcome, Role, Severity
from qsafety.periods import ONE_DAY

STAFF = (Role.DIRECTOR, Role.OFFICER)
_NOBODY = PersonFile()


@attrs.frozen
class InPost:
    """One person in one role: the stretches of the window in which they hold it, both ends included."""

    person: str
    role: Role
    stretches: tuple[tuple[date, date], ...]


def in_post(case: Case, roles: Sequence[Role] = STAFF) -> list[InPost]:
    """Who was director or officer on any day of the window, and when."""
    found: dict[tuple[str, Role], list[tuple[date, date]]] = {}
    began = case.edition.effective_on
    for tenure in case.plan.posts.tenures:
        first = max(d for d in (case.since, tenure.start, began) if d is not None)
        last = case.on if tenure.end is None else min(tenure.end, case.on)
        if tenure.appointment.role in roles and first <= last:
            found.setdefault((tenure.appointment.person, tenure.appointment.role), []).append((first, last))
    return [InPost(person, role, tuple(sorted(rows))) for (person, role), rows in found.items()]


def nobody(case: Case, obligation: str) -> Finding | None:
    """Why there is nobody to judge; None: there is somebody."""
    if case.in_scope is False:
        return case.out_of_scope(obligation)
    if in_post(case):
        return None
    if not case.dossier.complete("appointments"):
        return case.not_given(obligation, "appointments")
    return case.finding(obligation, Outcome.NOT_DUE, "nobody_in_post")


def per_person(case: Case, obligation: str, points: Mapping[str, list[Point]]) -> Iterator[Finding]:
    """The findings of each person."""
    for person, found in points.items():
        yield from case.conclude(obligation, person, found)


def assessed(case: Case, one: InPost, item: CompetenceItem) -> Competence | None:
    """The latest assessment of a condition, up to the last day in post in the window."""
    last = one.stretches[-1][1]
    rows = [
        (c.on, c.id, c)
        for c in case.of_person.get(one.person, _NOBODY).competences
        if c.role is one.role and c.item is item and c.on is not None and c.on <= last
    ]
    return max(rows, key=itemgetter(0, 1))[2] if rows else None


def _condition(case: Case, obligation: str, item: CompetenceItem) -> Iterator[Finding]:
    """MET satisfies, NOT_MET violates; without an assessment the ability is not known, whatever the records."""
    missing = nobody(case, obligation)
    if missing:
        yield missing
        return
    points: dict[str, list[Point]] = {}
    for one in in_post(case):
        row = assessed(case, one, item)
        point = partial(Point, certain=case.in_scope is True, fields={"role": one.role.label})
        if row is not None:
            shown = case.because(
                row, f"{one.person} {item.zh}：{'符合' if row.met else '不符合'}（{row.on}）", f"{one.person}: {row.on}"
            )
            outcome = Outcome.SATISFIED if row.met else Outcome.VIOLATED
            found = point(outcome=outcome, reason="met" if row.met else "not_met", because=(shown,))
        elif item is CompetenceItem.OTHER:
            found = point(outcome=Outcome.NEEDS_JUDGEMENT, reason="not_asserted")
        else:
            found = point(outcome=Outcome.UNKNOWN, reason="not_assessed")
        points.setdefault(one.person, []).append(found)
    for finding in per_person(case, obligation, points):
        standing = finding.outcome is Outcome.NEEDS_JUDGEMENT
        yield attrs.evolve(finding, severity=Severity.ADVISORY) if standing else finding


def knows_the_law(case: Case) -> Iterator[Finding]:
    """A06.1.1: 熟悉工业产品质量安全相关法律法规、强制性国家标准和本单位质量管理制度."""
    yield from _condition(case, "A06.1.1", CompetenceItem.LAW_AND_RULES)


def has_the_skill(case: Case) -> Iterator[Finding]:
    """A06.1.2: 具有与所负责工作相关的专业教育背景和工作经验，熟悉任职岗位的工作任务和要求."""
    yield from _condition(case, "A06.1.2", CompetenceItem.EDUCATION_EXPERIENCE_SKILL)


def other_competence(case: Case) -> Iterator[Finding]:
    """A06.1.4: 其他应当具备的工业产品质量安全管理能力."""
    yield from _condition(case, "A06.1.4", CompetenceItem.OTHER)


def exams_of(case: Case, person: str, role: Role) -> list[Exam]:
    """The unit's own exams of a person that count for a role (reading ``exam_role``), by day."""
    any_role = case.readings.exam_role == "any_role"
    rows = [e for e in case.of_person.get(person, _NOBODY).exams if any_role or e.role is role]
    return sorted(rows, key=lambda e: (e.on, e.id))


def deciding_exams(case: Case, person: str, role: Role) -> list[Exam]:
    """The exams that decide on the post: the unit's and, under ``spot_check_bars=yes``, the authority's.

    Another post's exam may count when passed (``exam_role``); failed, it bars from that other post only (相应岗位).
    """
    exams = [e for e in exams_of(case, person, role) if e.passed or e.role is role]
    if case.readings.spot_check_bars == "yes":
        spot_checks = (s for s in case.dossier.spot_checks or () if s.person == person and s.role is role)
        exams += [Exam(id=s.id, on=s.on, person=s.person, role=s.role, passed=s.passed) for s in spot_checks]
    return sorted(exams, key=lambda e: (e.on, e.id))


def qualified_from(case: Case, person: str, role: Role, lacking: Sequence[str] = ()) -> date | None:
    """The first day by which a training was attended and a unit exam for the role passed; None: never.

    ``lacking``: the collections that may lack a record, which then may have been there from the first.
    """
    trained = min((t.on for t in case.of_person.get(person, _NOBODY).trainings), default=None)
    passed = next((e.on for e in exams_of(case, person, role) if e.passed), None)
    days = [day for name, day in (("trainings", trained), ("exams", passed)) if name not in lacking]
    known = [day for day in days if day is not None]
    return max(known, default=date.min) if len(known) == len(days) else None


def _until(stretches: Sequence[tuple[date, date]], qualified: date | None) -> list[tuple[date, date]]:
    """The parts of some stretches before the day of qualification; None: it never came."""
    return [
        (first, last if qualified is None else min(last, qualified - ONE_DAY))
        for first, last in stretches
        if qualified is None or first < qualified
    ]


def trained_and_examined(case: Case) -> Iterator[Finding]:
    """A06.1.3: 参加本单位组织的质量安全管理人员培训并通过考核 — on every day in post."""
    missing = nobody(case, "A06.1.3")
    if missing:
        yield missing
        return
    lacking = [n for n in ("trainings", "exams") if not case.dossier.complete(n)]
    points: dict[str, list[Point]] = {}
    for one in in_post(case):
        # what may be missing is taken as there: who lacks the other half is in breach all the same
        qualified = qualified_from(case, one.person, one.role, lacking)
        without = _until(one.stretches, qualified)
        perhaps = _until(one.stretches, qualified_from(case, one.person, one.role))
        fields = {"role": one.role.label}
        point = partial(Point, certain=case.in_scope is True, readings=("exam_role",))
        if not perhaps:
            found = point(outcome=Outcome.SATISFIED, reason="qualified", fields=fields)
        elif not without:
            found = point(outcome=Outcome.UNKNOWN, reason="perhaps_unqualified", fields=fields)
        else:
            days = listed(f"{first}–{last}" if first < last else str(first) for first, last in without)
            found = point(
                outcome=Outcome.VIOLATED,
                reason="unqualified" if qualified is None else "cured",
                fields=fields | {"days": days} | ({"cured": str(qualified)} if qualified else {}),
            )
        points.setdefault(one.person, []).append(found)
    yield from per_person(case, "A06.1.3", points)


def director_not_officer(case: Case) -> Iterator[Finding]:
    """A06.2a: 质量安全总监不得兼任质量安全员."""
    missing = nobody(case, "A06.2a")
    if missing:
        yield missing
        return
    rows = in_post(case)
    points: list[Point] = []
    for director in (r for r in rows if r.role is Role.DIRECTOR):
        for officer in (r for r in rows if r.role is Role.OFFICER and r.person == director.person):
            for first, last in _overlaps(director, officer):
                days = f"{first}–{last}" if first < last else str(first)
                points.append(
                    Point(
                        outcome=_excluded(case),
                        reason="both_posts" if last >= case.on else "both_posts_past",
                        certain=case.in_scope is True,
                        because=tuple(_appointed(case, director.person)),
                        readings=("director_officer",),
                        fields={"person": director.person, "days": days},
                    )
                )
    if points:
        yield from case.conclude("A06.2a", "seller", points)
    elif not case.dossier.complete("appointments"):
        yield case.not_given("A06.2a", "appointments")
    else:
        yield case.finding("A06.2a", Outcome.SATISFIED, "separate", readings=["director_officer"])


def _excluded(case: Case) -> Outcome:
    """Violated; under an edition that is believed to have dropped 6.2, for a person to judge."""
    return Outcome.NEEDS_JUDGEMENT if case.edition.doubtful("6.2") else Outcome.VIOLATED


def _overlaps(a: InPost, b: InPost) -> Iterator[tuple[date, date]]:
    for first, last in a.stretches:
        for start, end in b.stretches:
            if max(first, start) <= min(last, end):
                yield max(first, start), min(last, end)


def _appointed(case: Case, person: str) -> Iterator[Reason]:
    tenures: Sequence[Tenure] = case.plan.posts.tenures
    for tenure in tenures:
        a = tenure.appointment
        if a.person == person and a.role in STAFF:
            until = tenure.end or "今"
            yield case.because(
                a, f"{person} 任{a.role.zh}：{a.start} 至 {until}", f"{person} {a.role.en} from {a.start}"
            )


def at_most_two_posts(case: Case) -> Iterator[Finding]:
    """A06.2b: 质量安全员最多只能担任两个不相关的质量控制岗位."""
    missing = nobody(case, "A06.2b")
    if missing:
        yield missing
        return
    officers = [r for r in in_post(case) if r.role is Role.OFFICER]
    if not officers:
        yield case.finding("A06.2b", Outcome.NOT_DUE, "nobody_in_post")
        return
    if case.dossier.posts is None:
        yield case.not_given("A06.2b", "posts")
        return
    points: dict[str, list[Point]] = {}
    for one in officers:
        held = [p for p in case.dossier.posts if p.person == one.person]
        points[one.person] = list(_posts(case, one, held))
    yield from per_person(case, "A06.2b", points)


def _posts(case: Case, one: InPost, held: Sequence[PostHolding]) -> Iterator[Point]:
    """On each day on which a set of posts begins to be held together: no more than two, and unrelated."""
    because = tuple(
        case.because(p, f"{one.person} 任{p.post}（{p.process.zh if p.process else '—'}）", f"{one.person}: {p.post}")
        for p in held
    )
    point = partial(Point, certain=case.in_scope is True, because=because, readings=("related_posts",), fields={})
    starts = {p.start for p in held if p.start is not None}
    unclear = not case.dossier.complete("posts")
    for first, last in one.stretches:
        for day in sorted({first, *(s for s in starts if first <= s <= last)}):
            now = [p for p in held if (p.start is None or p.start <= day) and (p.end is None or day <= p.end)]
            if len(now) > 2:
                yield point(outcome=_excluded(case), reason="three_posts")
                return
            together = related(case, now[0], now[1]) if len(now) == 2 else False
            if together:
                yield point(outcome=_excluded(case), reason="related_posts")
                return
            unclear = unclear or together is None
    if unclear:
        yield point(outcome=Outcome.UNKNOWN, reason="posts_unknown")
    else:
        yield point(outcome=Outcome.SATISFIED, reason="posts_fit")


def related(case: Case, a: PostHolding, b: PostHolding) -> bool | None:
    """Whether two posts are related: declared so or, under ``related_posts=same_process``, of one process.

    None: the process of one of them is not known.
    """
    if a.post in b.related_to or b.post in a.related_to or a.id in b.related_to or b.id in a.related_to:
        return True
    if case.readings.related_posts == "declared":
        return False
    return None if a.process is None or b.process is None else a.process is b.process


def against(case: Case, person: str, role: Role, day: date) -> Iterator[Reason]:
    """What speaks against a person in a role on a day (6.1.1, 6.1.2, 6.1.3, 15.1); nothing: no record does."""
    known = case.of_person.get(person, _NOBODY)
    one = InPost(person, role, ((day, day),))
    for item in (CompetenceItem.LAW_AND_RULES, CompetenceItem.EDUCATION_EXPERIENCE_SKILL):
        row = assessed(case, one, item)
        if row is not None and not row.met:
            yield case.because(row, f"{person} {item.zh}：不符合", f"{person}: {item.en} not met")
    exams = [e for e in exams_of(case, person, role) if e.on <= day]
    if not any(t.on <= day for t in known.trainings) and case.dossier.complete("trainings"):
        yield case.no_record(f"{person} 在 {day} 前没有参加培训的记录", f"no training attended by {person} up to {day}")
    if not any(e.passed for e in exams) and case.dossier.complete("exams"):
        yield case.no_record(f"{person} 在 {day} 前没有通过考核的记录", f"no exam passed by {person} up to {day}")
    failed = barred_by(deciding_exams(case, person, role), day)
    if failed is not None:
        yield case.because(failed, f"{person} 于 {failed.on} 考核未通过", f"{person} failed the exam of {failed.on}")


def barred_by(exams: Sequence[Exam], day: date) -> Exam | None:
    """The failed exam that bars from the post on a day: from the day after it until one is passed (Article 15)."""
    last = max((e for e in exams if e.on < day), key=lambda e: (e.on, e.id), default=None)
    if last is None or last.passed or any(e.passed and e.on == day for e in exams):
        return None
    return last


def barred_days(exams: Sequence[Exam], first: date, last: date) -> list[tuple[date, date]]:
    """The stretches of [first, last] on which a failed exam bars; both ends included."""
    found: list[tuple[date, date]] = []
    rows = sorted(exams, key=lambda e: (e.on, e.id))
    for i, exam in enumerate(rows):
        if exam.passed:
            continue
        again = rows[i + 1].on if i + 1 < len(rows) else None
        start = max(first, exam.on + timedelta(days=1))
        # the next exam decides: passed, from its own day; failed, it bars from the day after
        end = last if again is None else min(last, again - ONE_DAY if rows[i + 1].passed else again)
        if start <= end:
            found.append((start, end))
    return found
