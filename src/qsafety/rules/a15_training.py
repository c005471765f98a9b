"""Article 15: training and exams of directors and officers; who failed may not hold the post."""

from collections.abc import Iterator
from functools import partial

from qsafety.bilingual import listed
from qsafety.findings import Case, Finding, PersonFile, Point
from qsafety.law.vocabulary import Outcome, Topic
from qsafety.rules.a06_eligibility import (
    STAFF,
    InPost,
    barred_days,
    deciding_exams,
    exams_of,
    in_post,
    nobody,
    per_person,
)
from qsafety.rules.a07_director_duties import recently
from qsafety.rules.events import conclude, in_window, slow


def _nobody_now(case: Case, obligation: str) -> Finding | None:
    if case.in_scope is False:
        return case.out_of_scope(obligation)
    if any(case.plan.posts.holders(role, case.on) for role in STAFF):
        return None
    if not case.dossier.complete("appointments"):
        return case.not_given(obligation, "appointments")
    return case.finding(obligation, Outcome.NOT_DUE, "nobody_in_post")


def trained(case: Case) -> Iterator[Finding]:
    """A15.1a: 应当组织对质量安全总监和质量安全员进行法律法规、标准和专业知识培训."""
    missing = _nobody_now(case, "A15.1a")
    if missing:
        yield missing
        return
    if case.dossier.trainings is None:
        yield case.not_given("A15.1a", "trainings")
        return
    people = dict.fromkeys(p for role in STAFF for p in case.plan.posts.holders(role, case.on))
    points: dict[str, list[Point]] = {}
    for person in people:
        trainings = case.of_person.get(person, PersonFile()).trainings
        for topic in Topic:
            rows = [t for t in trainings if topic in t.topics]
            recent = recently(case, [t.on for t in rows])
            because = tuple(
                case.because(t, f"{person} 于 {t.on} 参加{topic.zh}培训", f"{person} trained in {topic.en} on {t.on}")
                for t in rows
            )
            point = partial(Point, certain=case.in_scope is True, because=because, readings=("training_months",))
            if recent is None:
                complete = case.dossier.complete("trainings")
                found = point(
                    outcome=Outcome.VIOLATED if complete else Outcome.UNKNOWN,
                    reason="never_trained",
                    fields={"topic": topic.label},
                )
                points.setdefault(person, []).append(found)
                continue
            points.setdefault(person, []).append(point(outcome=Outcome.SATISFIED, reason="trained_in_all"))
            if not recent:
                points[person].append(
                    point(outcome=Outcome.SATISFIED, reason="long_ago", remark=True, fields={"topic": topic.label})
                )
    yield from per_person(case, "A15.1a", points)


def examined(case: Case) -> Iterator[Finding]:
    """A15.1b: 考核，并对培训、考核情况予以记录，存档备查."""
    missing = _nobody_now(case, "A15.1b")
    if missing:
        yield missing
        return
    if case.dossier.exams is None:
        yield case.not_given("A15.1b", "exams")
        return
    points: dict[str, list[Point]] = {}
    for role in STAFF:
        for person in case.plan.posts.holders(role, case.on):
            exams = exams_of(case, person, role)
            point = partial(Point, certain=case.in_scope is True, readings=("exam_role",), fields={"role": role.label})
            if exams:
                last = exams[-1]
                shown = case.because(last, f"{person} 于 {last.on} 参加考核", f"{person} examined on {last.on}")
                found = point(outcome=Outcome.SATISFIED, reason="examined", because=(shown,))
            else:
                complete = case.dossier.complete("exams")
                found = point(outcome=Outcome.VIOLATED if complete else Outcome.UNKNOWN, reason="not_examined")
            points.setdefault(person, []).append(found)
    yield from per_person(case, "A15.1b", points)


def failed_not_in_post(case: Case) -> Iterator[Finding]:
    """A15.1c: 未通过考核的人员不得担任相应岗位的质量安全管理人员 — from the day after, until passed."""
    missing = nobody(case, "A15.1c")
    if missing:
        yield missing
        return
    if case.dossier.exams is None:
        yield case.not_given("A15.1c", "exams")
        return
    points: dict[str, list[Point]] = {}
    for one in in_post(case):
        points.setdefault(one.person, []).extend(_barred(case, one))
    yield from per_person(case, "A15.1c", points)


def _barred(case: Case, one: InPost) -> Iterator[Point]:
    exams = deciding_exams(case, one.person, one.role)
    readings = ("exam_role", "spot_check_bars")
    deciding = ("exams", "spot_checks") if case.readings.spot_check_bars == "yes" else ("exams",)
    days = [d for first, last in one.stretches for d in barred_days(exams, first, last)]
    shown = tuple(
        case.because(
            e,
            f"{one.person} {e.on} 考核{'通过' if e.passed else '未通过'}",
            f"{one.person} {e.on}: {'passed' if e.passed else 'failed'}",
        )
        for e in exams
    )
    fields = {"role": one.role.label}
    point = partial(Point, certain=case.in_scope is True, because=shown, readings=readings)
    if days:
        text = listed(f"{first}–{last}" if first < last else str(first) for first, last in days)
        yield point(
            outcome=Outcome.VIOLATED,
            reason="failed_in_post" if days[-1][1] >= case.on else "failed_in_post_past",
            fields=fields | {"days": text},
        )
    elif not all(case.dossier.complete(n) for n in deciding):
        yield point(outcome=Outcome.UNKNOWN, reason="exams_unknown", fields=fields)
    elif any(e.passed for e in exams):
        yield point(outcome=Outcome.SATISFIED, reason="passed", fields=fields)
    else:
        yield point(outcome=Outcome.NOT_DUE, reason="no_exam_yet", fields=fields)


def no_fee(case: Case) -> Iterator[Finding]:
    """A15.2b: 监督抽查考核不得收取费用 — the authority's duty; a fee is named, for it protects the unit."""
    if case.in_scope is False:
        yield case.out_of_scope("A15.2b")
        return
    charged = [s for s in case.dossier.spot_checks or () if s.fee and in_window(case, s.on)]
    because = [case.because(s, f"{s.on} 抽查考核收费 {s.fee} 元", f"fee of {s.fee} yuan on {s.on}") for s in charged]
    yield case.finding("A15.2b", Outcome.NOT_APPLICABLE, "fee" if charged else "authority_duty", because=because)


def spot_check_rectified(case: Case) -> Iterator[Finding]:
    """A15.3: 抽查考核不合格的，销售单位应当立即采取整改措施."""
    points: list[Point] = []
    for row in case.dossier.spot_checks or ():
        if row.passed or not in_window(case, row.on):
            continue
        shown = case.because(
            row, f"{row.person} {row.on} 抽查考核不合格", f"{row.person} failed the spot-check of {row.on}"
        )
        point = partial(Point, certain=case.in_scope is True, because=(shown,), fields={"record": row.id})
        if row.rectified_on is not None:
            points.append(point(outcome=Outcome.SATISFIED, reason="spot_check_rectified", fields={}))
            points.extend(slow(case, row.on, row.rectified_on, "rectification_slow", row.id))
        else:
            complete = case.dossier.complete("spot_checks")
            outcome = Outcome.VIOLATED if complete else Outcome.UNKNOWN
            points.append(point(outcome=outcome, reason="spot_check_open"))
    yield from conclude(case, "A15.3", ["spot_checks"], points)
