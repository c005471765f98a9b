"""《质量安全否决建议书》, its answer, and 《停止销售通知》: Article 4, second paragraph.

A veto recommendation is an opinion about a product whose defect endangers safety; the answer is the unit's; the notice goes to every
outlet that sells the product, and comes back signed.
"""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any

import attrs

from qsafety.bilingual import Bilingual
from qsafety.dossier import Defect, Hazard, Opinion
from qsafety.dossier.known import local_day
from qsafety.errors import PaperError
from qsafety.law.editions import Edition
from qsafety.law.vocabulary import AnswerOutcome, FurtherPaper, OpinionKind, Role
from qsafety.papers.asking import Asked, Chosen
from qsafety.papers.book import Book
from qsafety.papers.daily_record import BOXES
from qsafety.papers.records import choose_record, posts_of
from qsafety.papers.sheets import Sheet, common, empty
from qsafety.papers.wording import all_named, named, plain_day, short_day, stamp

YES_NO = {True: "是", False: "否", None: ""}


@attrs.frozen(kw_only=True)
class VetoSheet(Sheet):
    """What the recommendation and its answer print alike: who raised what, when, about which product."""

    opinion: Annotated[str, Bilingual("否决建议编号", "id of the recommendation")]
    by: Annotated[str, Bilingual("提出人", "who raised it")]
    post: Annotated[str, Bilingual("提出人当时的职务", "the post of who raised it, then")]
    to: Annotated[str, Bilingual("送达：主要负责人", "to whom: the principal")]
    raised_at: Annotated[str, Bilingual("提出时间", "when it was raised")]
    subject: Annotated[str, Bilingual("否决建议的内容", "what is recommended")]
    product: Annotated[str, Bilingual("涉及产品", "the product")]
    lots: Annotated[str, Bilingual("批次", "lots")]
    matter: Annotated[str, Bilingual("所涉缺陷或隐患的编号", "id of the defect or hazard")]


@attrs.frozen(kw_only=True)
class VetoRecommendation(VetoSheet):
    """The variables of ``veto_recommendation.docx``."""

    found: Annotated[str, Bilingual("发现日期", "when it was found")]
    found_by: Annotated[str, Bilingual("发现人", "who found it")]
    danger: Annotated[str, Bilingual("缺陷情况", "what is wrong, as far as the records say")]
    endangers: Annotated[str, Bilingual("是否危及安全：是、否；未知为空", "does it endanger safety: yes, no, or empty")]
    common_defect: Annotated[
        str, Bilingual("是否设计制造等同一性缺陷：是、否；未知为空", "is it common to a make: yes, no, or empty")
    ]
    sold: Annotated[str, Bilingual("已售数量", "pieces sold already")]


@attrs.frozen(kw_only=True)
class VetoReply(VetoSheet):
    """The variables of ``veto_reply.docx``."""

    adopted_box: Annotated[str, Bilingual("“采纳”框：□ 或 √", "box: adopted")]
    partly_box: Annotated[str, Bilingual("“部分采纳”框：□ 或 √", "box: partly adopted")]
    rejected_box: Annotated[str, Bilingual("“未采纳”框：□ 或 √", "box: not adopted")]
    answered_by: Annotated[str, Bilingual("答复人", "who answered")]
    answered_at: Annotated[str, Bilingual("答复时间", "when it was answered")]
    justification: Annotated[str, Bilingual("理由", "the reason")]
    analysed: Annotated[str, Bilingual("分析研判日期", "when it was analysed")]
    measures: Annotated[str, Bilingual("处置措施", "the measures taken")]
    stopped: Annotated[str, Bilingual("停止销售日期", "when the sale was stopped")]
    eliminated: Annotated[str, Bilingual("隐患消除日期", "when the risk was removed")]
    recalled: Annotated[str, Bilingual("启动召回日期", "when the recall began")]
    reported: Annotated[str, Bilingual("报告市场监督管理部门日期", "when the authority was told")]


@attrs.frozen(kw_only=True)
class Addressee:
    """One row of the receipt: an outlet that is to stop selling."""

    outlet: Annotated[str, Bilingual("门店", "the outlet")]


@attrs.frozen(kw_only=True)
class StopSaleNotice(Sheet):
    """The variables of ``stop_sale_notice.docx``."""

    to: Annotated[str, Bilingual("致：各门店", "to: the outlets")]
    product: Annotated[str, Bilingual("停售产品", "the product")]
    lots: Annotated[str, Bilingual("停售批次；未限定为空", "the lots; empty: not limited")]
    found: Annotated[str, Bilingual("发现日期", "when the defect was found")]
    found_by: Annotated[str, Bilingual("发现人", "who found it")]
    stopped: Annotated[str, Bilingual("停止销售日期", "from when the sale stops")]
    endangers: Annotated[str, Bilingual("是否危及安全：是、否；未知为空", "does it endanger safety: yes, no, or empty")]
    sold: Annotated[str, Bilingual("已售数量", "pieces sold already")]
    vetoes: Annotated[str, Bilingual("据以停售的否决建议", "the recommendations behind it")]
    measures: Annotated[str, Bilingual("处置措施", "the measures")]
    recalled: Annotated[str, Bilingual("启动召回日期", "when the recall began")]
    addressees: Annotated[Sequence[Addressee], Bilingual("回执各行", "the rows of the receipt")]
    remark: Annotated[str, Bilingual("备注", "the note of the record")]


def raised(plan: Book, opinion: Opinion) -> date:
    """The day on which an opinion was raised."""
    return local_day(opinion.raised_at, plan.zone)


def vetoes(plan: Book) -> Sequence[Opinion]:
    """The veto recommendations."""
    return [o for o in plan.dossier.opinions or () if o.kind is OpinionKind.VETO]


def answered(plan: Book) -> Sequence[Opinion]:
    """The veto recommendations with an answer."""
    return [o for o in vetoes(plan) if o.answer is not None]


def stop_day(defect: Defect) -> date:
    """The day of a notice: when the sale was stopped, else when the defect was found."""
    return defect.stopped_on or defect.found_on


def choose_veto(plan: Book, asked: Asked) -> Chosen[Opinion]:
    """The veto recommendation of the given id, or the only one. An opinion that is no veto is refused."""
    return _veto(FurtherPaper.VETO_RECOMMENDATION, plan, asked)


def choose_reply(plan: Book, asked: Asked) -> Chosen[Opinion]:
    """The same for its answer; without an answer yet the form is there to be filled."""
    return _veto(FurtherPaper.VETO_REPLY, plan, asked)


def _veto(paper: FurtherPaper, plan: Book, asked: Asked) -> Chosen[Opinion]:
    other = next((o for o in plan.dossier.opinions or () if o.id == asked.record), None)
    if other is not None and other.kind is not OpinionKind.VETO:
        raise PaperError(
            Bilingual(
                f"“{other.id}”是{other.kind.zh}，不是否决建议",
                f"{other.id!r} is of kind {other.kind.en}, no veto recommendation",
            )
        )
    return choose_record(
        paper, Bilingual("否决建议", "veto recommendation"), vetoes(plan), asked, lambda opinion: raised(plan, opinion)
    )


def choose_defect(plan: Book, asked: Asked) -> Chosen[Defect]:
    """The defect of the given id, or the only one."""
    what = Bilingual("缺陷记录", "defect")
    return choose_record(FurtherPaper.STOP_SALE_NOTICE, what, plan.dossier.defects or (), asked, stop_day)


def _matter(plan: Book, opinion: Opinion) -> Defect | Hazard | None:
    facts: list[Defect | Hazard] = [*(plan.dossier.defects or ()), *(plan.dossier.hazards or ())]
    return next((fact for fact in facts if fact.id == opinion.about), None)


def _said(plan: Book, opinion: Opinion, matter: Defect | Hazard | None, sheet: Sheet) -> dict[str, Any]:
    day = raised(plan, opinion)
    product = matter.product if matter else None
    return {
        **common(sheet),
        "opinion": opinion.id,
        "by": named(plan.names, opinion.raised_by),
        "post": posts_of(plan, opinion.raised_by, day),
        "to": all_named(plan.names, plan.posts.holders(Role.PRINCIPAL, day)),
        "raised_at": stamp(opinion.raised_at, plan.zone),
        "subject": opinion.subject,
        "product": plan.product_names.get(product, product) if product else "",
        "lots": "　".join(matter.lots) if isinstance(matter, Defect) else "",
        "matter": opinion.about or "",
    }


def veto_recommendation(plan: Book, chosen: Chosen[Opinion], sheet: Sheet, edition: Edition) -> VetoRecommendation:
    """The context of a veto recommendation; without one, of the empty form."""
    opinion = chosen.fact
    if opinion is None:
        return VetoRecommendation(**{**empty(VetoRecommendation), **common(sheet)})
    matter = _matter(plan, opinion)
    defect = matter if isinstance(matter, Defect) else None
    return VetoRecommendation(
        **_said(plan, opinion, matter, sheet),
        found=plain_day(matter.found_on) if matter else "",
        found_by=named(plan.names, defect.found_by) if defect else "",
        danger="\n".join(
            filter(None, (matter.description if isinstance(matter, Hazard) else "", matter.note if matter else ""))
        ),
        endangers=YES_NO[defect.endangers_safety if defect else None],
        common_defect=YES_NO[defect.common if defect else None],
        sold="" if defect is None or defect.sold is None else str(defect.sold),
    )


def veto_reply(plan: Book, chosen: Chosen[Opinion], sheet: Sheet, edition: Edition) -> VetoReply:
    """The context of the answer to a veto recommendation; what is not answered yet stays empty."""
    opinion = chosen.fact
    answer = opinion.answer if opinion else None
    boxes: dict[str, Any] = {
        f"{name}_box": BOXES[answer is not None and answer.outcome is outcome]
        for name, outcome in (
            ("adopted", AnswerOutcome.ADOPTED),
            ("partly", AnswerOutcome.PARTLY_ADOPTED),
            ("rejected", AnswerOutcome.REJECTED),
        )
    }
    if opinion is None:
        return VetoReply(**{**empty(VetoReply), **common(sheet), **boxes})
    matter = _matter(plan, opinion)
    defect = matter if isinstance(matter, Defect) else None
    return VetoReply(
        **_said(plan, opinion, matter, sheet),
        **boxes,
        answered_by=named(plan.names, answer.by) if answer else "",
        answered_at=stamp(answer.at, plan.zone) if answer else "",
        justification=(answer.justification or "") if answer else "",
        analysed=short_day(defect.analysed_on) if defect else "",
        measures=(defect.measures or "") if defect else "",
        stopped=short_day(defect.stopped_on) if defect else "",
        eliminated=short_day(defect.eliminated_on) if defect else "",
        recalled=short_day(defect.recall_started_on) if defect else "",
        reported=short_day(defect.recall_reported_on) if defect else "",
    )


def stop_sale_notice(plan: Book, chosen: Chosen[Defect], sheet: Sheet, edition: Edition) -> StopSaleNotice:
    """The context of a stop-sale notice; without a defect, of the empty form."""
    defect = chosen.fact
    if defect is None:
        return StopSaleNotice(**{**empty(StopSaleNotice), **common(sheet)})
    line = next((p for p in plan.dossier.products or () if p.id == defect.product), None)
    sells = [o for o in plan.outlet_names if line is None or not line.outlets or o in line.outlets]
    behind = [o for o in vetoes(plan) if o.about == defect.id]
    return StopSaleNotice(
        **common(sheet),
        to="、".join(plan.outlet_name(o) for o in sells),
        product=line.name if line else defect.product,
        lots="　".join(defect.lots),
        found=plain_day(defect.found_on),
        found_by=named(plan.names, defect.found_by),
        stopped=plain_day(defect.stopped_on),
        endangers=YES_NO[defect.endangers_safety],
        sold="" if defect.sold is None else str(defect.sold),
        vetoes="；".join(
            f"{named(plan.names, o.raised_by)} {short_day(raised(plan, o))}：{o.subject}（{o.id}）" for o in behind
        ),
        measures=defect.measures or "",
        recalled=plain_day(defect.recall_started_on),
        addressees=tuple(Addressee(outlet=plan.outlet_name(o)) for o in sells),
        remark=defect.note,
    )
