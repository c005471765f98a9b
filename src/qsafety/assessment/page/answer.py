"""The answer in a few lines, who is in post, and what it all rests on."""

from collections.abc import Sequence

from qsafety import law
from qsafety.assessment.names import Names, article
from qsafety.assessment.page.elements import Child, Html, Tags
from qsafety.assessment.page.findings import Linked, facts
from qsafety.assessment.page.follows import stage
from qsafety.assessment.report import Report
from qsafety.assessment.sentences import (
    given_empty,
    limb_gist,
    not_computed,
    not_given,
    option_words,
    perhaps_partial,
    tenure_details,
    whether_required,
)
from qsafety.bilingual import Bilingual
from qsafety.dossier import Posts, as_known_on
from qsafety.law.readings import Readings, reading
from qsafety.law.vocabulary import Role


def answer(tags: Tags, report: Report, names: Names, linked: Linked) -> Html:
    """Whether the regulation applies, whether a director is required and by which limb, and what could follow."""
    rows: list[tuple[Bilingual, Child]] = [(Bilingual("适用", "Scope"), _scope(tags, report, linked))]
    rows.append((Bilingual("总监", "Director"), _director(tags, report, names)))
    rows.append((Bilingual("责任风险", "Exposure"), [tags.a(stage(tags, report.exposure.stage), href="#exposure")]))
    return tags.section(
        tags.h2(Bilingual("结论", "The answer"), id="answer-title"),
        tags.dl([tags.div(tags.dt(name), tags.dd(what)) for name, what in rows], class_="answer"),
        id="answer",
        aria_labelledby="answer-title",
    )


def _scope(tags: Tags, report: Report, linked: Linked) -> list[Html | None]:
    parts: list[Html | None] = []
    for finding in report.findings:
        if finding.obligation.id == "A02.1":
            parts += [tags.p(tags.strong(finding.message)), tags.p(finding.advice) if finding.advice else None]
            parts.append(facts(tags, finding.because, linked))
    return parts


def _director(tags: Tags, report: Report, names: Names) -> list[Html]:
    need = report.director
    parts = [tags.p(tags.strong(whether_required(need)))]
    if need.by:
        limbs = [
            tags.li(
                article(report.edition, limb),
                " ",
                tags.code(limb),
                " ",
                limb_gist(report, limb),
                " ",
                tags.mark(law.message("general", "inherited")) if report.edition.provision(limb).inherited else None,
            )
            for limb in need.by
        ]
        parts.append(tags.ul(limbs))
    if need.in_post:
        parts.append(tags.p(Bilingual("在任：", "In post: "), names.persons(need.in_post)))
    else:
        words = Bilingual("没有在任的质量安全总监", "no director is in post")
        parts.append(tags.p(tags.span(words, class_="badge violated") if need.required else words))
    if need.missing:
        missing = [names.missing(path) for path in need.missing]
        listed = Bilingual("、".join(missing), ", ".join(missing))
        parts.append(tags.p(Bilingual("缺少：", "Missing: "), tags.strong(listed)))
    return parts


def posts(tags: Tags, report: Report, names: Names) -> Html:
    """Who is in post on the day asked about."""
    known = as_known_on(report.dossier, report.on)
    if known.appointments is None:
        return tags.p(Bilingual("未提供任职资料", "no appointments were given"), class_="faint")
    tenures = Posts.of(known.appointments)
    rows = []
    for role in Role:
        there = tenures.on(role, report.on)
        people = [
            tags.li(
                tags.strong(names.person(tenure.appointment.person)),
                " ",
                tags.span(tenure_details(tenure, names), class_="faint"),
            )
            for tenure in there
        ]
        shown: list[Html] = [tags.ul(people)]
        if len(people) > 12:
            count = Bilingual(f"{len(people)} 人", f"{len(people)} persons")
            shown = [tags.details(tags.summary(count), shown)]
        if not people:
            shown = [tags.span(Bilingual("无人在任", "nobody in post"), class_="badge unknown")]
        rows.append(tags.div(tags.dt(role.label), tags.dd(shown)))
    return tags.dl(rows, class_="answer")


def readings(tags: Tags, report: Report) -> Html:
    """Every reading with its option and what that means; those that are not the default are marked."""
    usual = Readings().to_dict()
    heads = (
        Bilingual("口径", "Reading"),
        Bilingual("问题", "Question"),
        Bilingual("选项", "Option"),
    )
    rows = []
    for name, option in report.readings.to_dict().items():
        asked = reading(name)
        meaning = asked.options.get(str(option)) or asked.options.get("n")
        other = option != usual[name]
        default = Bilingual(f"默认 {option_words(usual[name])}", f"default {option_words(usual[name])}")
        rows.append(
            tags.tr(
                tags.th(tags.div(tags.code(name)), scope="row", data_label=heads[0]),
                tags.td(tags.div(asked.question), data_label=heads[1]),
                tags.td(
                    tags.div(
                        tags.strong(tags.code(option_words(option))),
                        " ",
                        [tags.mark(default), " "] if other else None,
                        meaning,
                    ),
                    data_label=heads[2],
                ),
                id=f"reading-{name}",
            )
        )
    head = tags.tr([tags.th(title, scope="col") for title in heads])
    table = tags.table(tags.thead(head), tags.tbody(rows), class_="stacked")
    count = Bilingual(f"所用的 {len(rows)} 个口径", f"The {len(rows)} readings used")
    return tags.details(tags.summary(count), table)


def uncovered(tags: Tags, report: Report, unread: Sequence[str], notes: Sequence[Bilingual]) -> Html:
    """What the input lacks, and what no rule computes."""
    sheets = Bilingual(f"未读取的工作表：{'、'.join(unread)}", f"Sheets that were not read: {', '.join(unread)}")
    lacks = (not_given(report), given_empty(report), perhaps_partial(report), not_computed())
    said = [*notes, sheets if unread else None, *lacks]
    return tags.ul([tags.li(words) for words in said if words is not None])


def receipt(tags: Tags, report: Report) -> Html:
    """What to replay the answer with."""
    found = report.receipt
    rows = {
        Bilingual("版本", "version"): f"qsafety {found.version}",
        Bilingual("条文", "text"): f"{found.edition} · SHA-256 {found.text_sha256}",
        Bilingual("档案", "dossier"): f"SHA-256 {found.dossier_sha256}",
        Bilingual("判断日", "on"): str(found.on),
        Bilingual("起始日", "since"): str(found.since),
    }
    title = Bilingual("回执", "Receipt")
    pairs = [tags.div(tags.dt(name), tags.dd(tags.code(value))) for name, value in rows.items()]
    return tags.section(
        tags.h2(title, id="receipt-title"), tags.dl(pairs, class_="about"), aria_labelledby="receipt-title"
    )
