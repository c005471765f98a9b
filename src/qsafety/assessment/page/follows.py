"""What could follow: Article 17, never an amount; and whom Article 16 protects."""

from collections.abc import Sequence
from itertools import groupby

from qsafety import law
from qsafety.assessment.names import Names, article
from qsafety.assessment.page.elements import Html, Tags
from qsafety.assessment.page.findings import Linked, facts
from qsafety.assessment.penalty import APPLIES, KINDS, QUIET
from qsafety.assessment.report import Report
from qsafety.bilingual import Bilingual, same
from qsafety.findings import Citation
from qsafety.law.glossary import labels
from qsafety.law.vocabulary import Outcome


def stage(tags: Tags, name: str) -> Html:
    """A stage of Article 17, coloured."""
    style = "satisfied" if name in QUIET else "violated" if name == "refused" else "needs-judgement"
    return tags.span(labels("Stage")[name], class_=f"badge {style}")


def exposure(tags: Tags, report: Report, linked: Linked) -> list[Html]:
    """The stage, the range of a fine where there is one, the limbs, what the authority may weigh, the article, and other statutes."""
    found = report.exposure
    parts = [tags.p(stage(tags, found.stage), " ", [[limb, " "] for limb in found.limbs])]
    if found.range is not None:
        low, high = found.range
        fine = Bilingual(f"罚款幅度 {low:f} 元至 {high:f} 元", f"a fine of {low:f} to {high:f} yuan")
        without = Bilingual("，不作具体数额的判断", "; the amount is not for this report to say")
        parts.append(tags.p(tags.strong(fine), without))
    heads = (Bilingual("事由", "Limb"), Bilingual("阶段", "Stage"), Bilingual("义务与依据", "Duties and why"))
    rows = [
        tags.tr(
            tags.th(tags.div(f"{one.limb.number} ", one.limb.label), scope="row", data_label=heads[0]),
            tags.td(tags.div(stage(tags, one.stage)), data_label=heads[1]),
            tags.td(
                tags.div(
                    [[tags.a(id_, href=f"#{id_}"), " "] for id_ in one.obligations if report_has(report, id_)],
                    facts(tags, one.because, linked),
                ),
                data_label=heads[2],
            ),
        )
        for one in found.by_limb
    ]
    head = tags.tr([tags.th(title, scope="col") for title in heads])
    parts.append(tags.table(tags.thead(head), tags.tbody(rows), class_="stacked"))
    if found.considerations:
        parts.append(
            tags.h3(Bilingual("裁量时可以考虑的事实（第十六条）", "What the authority may weigh (Article 16)"))
        )
    for kind, group in groupby(found.considerations, key=lambda consideration: consideration.kind):
        texts = [consideration.text for consideration in group]
        shown = tags.ul([tags.li(text) for text in texts])
        title = KINDS.get(kind, same(kind))
        if len(texts) <= 6:
            parts.append(tags.div(tags.h4(title), shown))
        else:
            count = Bilingual(f"{title.zh}（{len(texts)}）", f"{title.en} ({len(texts)})")
            parts.append(tags.details(tags.summary(count), shown))
    parts += [tags.p(note, class_="note") for note in found.notes]
    parts.append(quoted(tags, report, found.citation))
    if found.context:
        cited = [tags.li(tags.strong(one.label), Bilingual("：", ": "), one.gist) for one in found.context]
        parts.append(tags.details(tags.summary(Bilingual("另见其他法律", "See also other statutes")), tags.ul(cited)))
    return [*parts, tags.p(found.disclaimer, class_="faint")]


def report_has(report: Report, obligation: str) -> bool:
    """Whether the page has findings of an obligation to point at."""
    return any(finding.obligation.id == obligation for finding in report.findings)


def quoted(tags: Tags, report: Report, citation: Citation) -> Html:
    """The words of the law, and whether they are only inherited."""
    words = "".join(citation.text.split("】", 1)[-1:]).strip()
    inherited = report.edition.provision(citation.provision).inherited
    return tags.blockquote(
        tags.p(
            tags.span("“", words, "”", lang="zh-CN" if tags.lang == "en" else None),
            " ",
            tags.cite(article(report.edition, citation.provision)),
            " ",
            tags.mark(law.message("general", "inherited")) if inherited else None,
        )
    )


def harbours(tags: Tags, report: Report, names: Names, linked: Linked) -> list[Html]:
    """Each opinion that protects who raised it, or may; the others in one line."""
    heads: Sequence[Bilingual] = (
        Bilingual("事项", "Matter"),
        Bilingual("提出人", "By"),
        Bilingual("结论", "Answer"),
        Bilingual("理由", "Why"),
    )
    rows = [
        tags.tr(
            tags.th(tags.div(tags.code(one.matter)), scope="row", data_label=heads[0]),
            tags.td(tags.div(names.person(one.person)), data_label=heads[1]),
            tags.td(
                tags.span(
                    APPLIES if one.outcome == "applies" else Outcome(one.outcome).label,
                    class_=f"badge {'satisfied' if one.outcome == 'applies' else one.outcome.replace('_', '-')}",
                ),
                data_label=heads[2],
            ),
            tags.td(tags.div(one.reason, facts(tags, one.because, linked)), data_label=heads[3]),
        )
        for one in report.safe_harbour
        if one.outcome != Outcome.NOT_APPLICABLE
    ]
    quiet = [one.matter for one in report.safe_harbour if one.outcome == Outcome.NOT_APPLICABLE]
    parts = []
    if rows:
        head = tags.tr([tags.th(title, scope="col") for title in heads])
        parts.append(tags.table(tags.thead(head), tags.tbody(rows), class_="stacked"))
        parts.append(quoted(tags, report, next(iter(report.safe_harbour)).citation))
    if quiet:
        parts.append(
            tags.p(Bilingual("不适用：", "Not applicable: "), [[tags.code(m), " "] for m in quiet], class_="faint")
        )
    return parts
