"""《工业产品质量安全风险管控清单》: Article 9.

The items of one version of the list, grouped by stage (控制环节) in the order in which the stages first appear.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Annotated

import attrs

from qsafety.bilingual import Bilingual
from qsafety.dossier import RiskItem, RiskList
from qsafety.law.editions import Edition
from qsafety.papers.asking import Chosen
from qsafety.papers.book import Book
from qsafety.papers.controlled import controlled
from qsafety.papers.sheets import ControlledSheet, Sheet, common
from qsafety.papers.wording import files_of, plain_day

HIGHEST = 6
"""How many rows one cell of a stage spans at most, so that each page of a long stage names it."""
TALLEST = 18
"""And how many lines, half a page: rows of long texts fill a page with three."""


@attrs.frozen(kw_only=True)
class ListedItem:
    """One row of the list."""

    first: Annotated[bool, Bilingual("控制环节单元格是否从此行起", "whether a cell of the stage begins here")]
    no: Annotated[int, Bilingual("序号", "number of the row")]
    code: Annotated[str, Bilingual("编码", "code")]
    category: Annotated[str, Bilingual("风险类别", "category of the risk")]
    stage: Annotated[str, Bilingual("控制环节", "stage of control")]
    point: Annotated[str, Bilingual("风险点", "the point of risk")]
    description: Annotated[str, Bilingual("风险描述", "what may go wrong")]
    standard: Annotated[str, Bilingual("依据（标准、条款）", "the standard or clause")]
    level: Annotated[str, Bilingual("风险等级", "level of the risk")]
    measure: Annotated[str, Bilingual("管控措施", "the measure of control")]
    method: Annotated[str, Bilingual("检查方法", "how it is checked")]
    frequency: Annotated[str, Bilingual("频次：日、周、月", "how often: day, week, month")]
    principal: Annotated[str, Bilingual("主要负责人：★、●、○ 或空", "the principal's part: ★, ●, ○ or empty")]
    director: Annotated[str, Bilingual("质量安全总监：★、●、○ 或空", "the director's part: ★, ●, ○ or empty")]
    officer: Annotated[str, Bilingual("质量安全员：★、●、○ 或空", "the officer's part: ★, ●, ○ or empty")]
    evidence: Annotated[str, Bilingual("证据", "what is kept as evidence")]
    note: Annotated[str, Bilingual("备注：适用的产品；对全部产品适用为空", "the products it holds for; empty: all")]


@attrs.frozen(kw_only=True)
class RiskControlList(ControlledSheet):
    """The variables of ``risk_control_list.docx``."""

    reviewed: Annotated[str, Bilingual("最近评审日期", "when it was last reviewed")]
    items: Annotated[Sequence[ListedItem], Bilingual("清单各行", "the rows of the list")]
    total: Annotated[str, Bilingual("项数", "number of items")]
    attachments: Annotated[str, Bilingual("附件名", "names of attached files")]
    remark: Annotated[str, Bilingual("备注", "the note of the record")]


def risk_control_list(plan: Book, chosen: Chosen[RiskList], sheet: Sheet, edition: Edition) -> RiskControlList:
    """The context of one version of the list; without one, of the empty form."""
    risk_list = chosen.fact
    products = plan.product_names
    day = date.min if sheet.blank else chosen.day or date.max
    return RiskControlList(
        **common(sheet),
        **controlled(plan, chosen, plan.dossier.risk_lists or (), day=day),
        reviewed=plain_day(risk_list.reviewed_on) if risk_list else "",
        items=tuple(_items(risk_list.items, products)) if risk_list else (),
        total=str(len(risk_list.items)) if risk_list else "",
        attachments=files_of(risk_list.attachments) if risk_list else "",
        remark=risk_list.note if risk_list else "",
    )


def _items(items: Sequence[RiskItem], products: Mapping[str, str]) -> Iterator[ListedItem]:
    stages: dict[str, list[RiskItem]] = {}
    for item in items:
        stages.setdefault(item.stage, []).append(item)
    no = 0
    for stage, members in stages.items():
        height = -(-len(members) // -(-len(members) // HIGHEST))
        below = lines = 0
        for item in members:
            no += 1
            tall = _lines(item)
            first = not below or below == height or lines + tall > TALLEST
            below, lines = (1, tall) if first else (below + 1, lines + tall)
            yield ListedItem(
                first=first,
                no=no,
                code=item.code,
                category=item.category,
                stage=stage,
                point=item.risk_point,
                description=item.description or "",
                standard=item.basis or "",
                level=item.level.zh if item.level else "",
                measure=item.measure or "",
                method=item.method.zh if item.method else "",
                frequency=item.frequency.zh,
                principal=item.principal.zh if item.principal else "",
                director=item.director.zh if item.director else "",
                officer=item.officer.zh if item.officer else "",
                evidence=item.evidence.zh if item.evidence else "",
                note="、".join(products.get(p, p) for p in item.products),
            )


def _lines(item: RiskItem) -> int:
    """About how many lines a row takes: seven characters stand on a line of the narrowest column of long texts."""
    return max(
        1, *(-(-len(text or "") // wide) for text, wide in ((item.description, 7), (item.basis, 8), (item.measure, 8)))
    )
