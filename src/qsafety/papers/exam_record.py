"""《质量安全人员培训考核记录》: Article 15, first paragraph, kept under Article 13.

One exam of one person for one post, with the training that the person attended up to that day.
"""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any

import attrs

from qsafety.bilingual import Bilingual
from qsafety.dossier import Exam
from qsafety.law.editions import Edition
from qsafety.law.vocabulary import FurtherPaper
from qsafety.papers.asking import Asked, Chosen
from qsafety.papers.book import Book
from qsafety.papers.daily_record import BOXES
from qsafety.papers.records import choose_record
from qsafety.papers.sheets import Sheet, common, empty
from qsafety.papers.wording import figure, files_of, named, plain_day, short_day


@attrs.frozen(kw_only=True)
class TrainingAttended:
    """One row of the training before the exam."""

    on: Annotated[str, Bilingual("培训日期", "when it was held")]
    topics: Annotated[str, Bilingual("培训内容", "the topics")]
    hours: Annotated[str, Bilingual("学时", "hours")]
    trainer: Annotated[str, Bilingual("培训人", "who trained")]
    files: Annotated[str, Bilingual("附件名", "names of attached files")]


@attrs.frozen(kw_only=True)
class ExamRecord(Sheet):
    """The variables of ``exam_record.docx``."""

    person: Annotated[str, Bilingual("姓名", "name of the person")]
    post: Annotated[str, Bilingual("所考核的职务", "the post that the exam is for")]
    day: Annotated[str, Bilingual("考核日期", "when the exam was held")]
    score: Annotated[str, Bilingual("成绩；未知为空", "the score; empty: not known")]
    pass_mark: Annotated[str, Bilingual("合格分数；未知为空", "the mark to pass; empty: not known")]
    passed_box: Annotated[str, Bilingual("“合格”框：□ 或 √", "box of: passed")]
    failed_box: Annotated[str, Bilingual("“不合格”框：□ 或 √", "box of: not passed")]
    trainings: Annotated[Sequence[TrainingAttended], Bilingual("考核前参加的培训", "the training attended before")]
    remark: Annotated[str, Bilingual("备注", "the note of the record")]


def held(exam: Exam) -> date:
    """The day of an exam."""
    return exam.on


def choose_exam(plan: Book, asked: Asked) -> Chosen[Exam]:
    """The exam of the given id, or the only one."""
    return choose_record(FurtherPaper.EXAM_RECORD, Bilingual("考核记录", "exam"), plan.dossier.exams or (), asked, held)


def exam_record(plan: Book, chosen: Chosen[Exam], sheet: Sheet, edition: Edition) -> ExamRecord:
    """The context of an exam; without one, of the empty form."""
    exam = chosen.fact
    if exam is None:
        boxes = dict.fromkeys(("passed_box", "failed_box"), BOXES[False])
        form: dict[str, Any] = {**empty(ExamRecord), **common(sheet), **boxes}
        return ExamRecord(**form)
    names = plan.names
    attended = [t for t in plan.dossier.trainings or () if exam.person in t.attendees and t.on <= exam.on]
    fields: dict[str, Any] = {
        **common(sheet),
        "person": named(names, exam.person),
        "post": exam.role.zh,
        "day": plain_day(exam.on),
        "score": figure(exam.score),
        "pass_mark": figure(exam.pass_mark),
        "passed_box": BOXES[exam.passed],
        "failed_box": BOXES[not exam.passed],
        "trainings": tuple(
            TrainingAttended(
                on=short_day(t.on),
                topics="、".join(topic.zh for topic in t.topics),
                hours=figure(t.hours),
                trainer=named(names, t.trainer),
                files=files_of(t.attachments),
            )
            for t in sorted(attended, key=lambda t: (t.on, t.id))
        ),
        "remark": exam.note,
    }
    return ExamRecord(**fields)
