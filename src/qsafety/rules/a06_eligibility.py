"""Articles 6 and 15: whether a person in post may hold it.

Only the question that the daily check asks is answered here: whether a record speaks against an officer on a day.
"""

from collections.abc import Iterator
from datetime import date

from qsafety.findings import Case, PersonFile, Reason
from qsafety.law.vocabulary import CompetenceItem, Role

_ASSESSED = (CompetenceItem.LAW_AND_RULES, CompetenceItem.EDUCATION_EXPERIENCE_SKILL)


def against(case: Case, person: str, role: Role, day: date) -> Iterator[Reason]:
    """What speaks against a person in a role on a day (6.1.1, 6.1.2, 6.1.3, 15.1); nothing: no record does.

    An exam failed bars from the day after it until one is passed; of several exams of one day the later in the record counts.
    """
    known = case.of_person.get(person, PersonFile())
    for item in _ASSESSED:
        rows = [c for c in known.competences if c.role is role and c.item is item and c.on is not None]
        latest = max(rows, key=lambda c: (c.on or date.min, c.id), default=None)
        if latest is not None and not latest.met:
            yield case.because(latest, f"{person} {item.zh}：不符合", f"{person}: {item.en} not met")
    any_role = case.readings.exam_role == "any_role"
    exams = [e for e in known.exams if e.on <= day and (any_role or e.role is role)]
    if not any(t.on <= day for t in known.trainings) and case.dossier.complete("trainings"):
        yield case.no_record(f"{person} 在 {day} 前没有参加培训的记录", f"no training attended by {person} up to {day}")
    if not any(e.passed for e in exams) and case.dossier.complete("exams"):
        yield case.no_record(f"{person} 在 {day} 前没有通过考核的记录", f"no exam passed by {person} up to {day}")
    last = max((e for e in exams if e.on < day), key=lambda e: (e.on, e.id), default=None)
    if last is not None and not last.passed and not any(e.passed and e.on == day for e in exams):
        yield case.because(last, f"{person} 于 {last.on} 考核未通过", f"{person} failed the exam of {last.on}")
