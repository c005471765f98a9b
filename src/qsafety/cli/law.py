"""``qsafety law``: the text, its obligations and terms, how editions differ, and what is not computed."""

import re
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING

import click

from qsafety import law as text
from qsafety.assessment.lines import Page
from qsafety.assessment.names import Names, article
from qsafety.bilingual import Bilingual, Lang
from qsafety.cli.commands import FINE, Command, Commands, Described
from qsafety.cli.editions import edition_of, edition_option
from qsafety.cli.inputs import DayType, format_option, lang_option, on_option, read
from qsafety.cli.output import say, write_json
from qsafety.cli.refusals import UsageProblem
from qsafety.law.editions import Difference, Edition, Provision
from qsafety.law.glossary import labels
from qsafety.law.obligations import Obligation
from qsafety.law.provisions import touches

if TYPE_CHECKING:
    from qsafety.assessment.comparing import EditionsCompared

law = Commands(
    "law",
    help="条文、义务、用语、版本差异。\n\nThe text, its obligations and terms, and how editions differ.",
    members={
        "show": Described("qsafety.cli.law:show", "条文、义务或用语 / A provision, a duty or a term"),
        "diff": Described("qsafety.cli.law:diff", "两个版本的已知差异 / How two editions differ"),
        "trace": Described("qsafety.cli.law:trace", "义务由哪条规则计算、由什么检验 / Duty, rule, tests"),
        "gaps": Described("qsafety.cli.law:gaps", "哪些不计算、为什么 / What is not computed, and why"),
    },
)

_SHOW = """\b
显示条文（10、5.1.3、第十条）、义务（A10.2）、用语（周排查）、
解释口径（size_class）或其他法律的引注（行政处罚法33）；不给出则显示全文。

Show a provision (10, 5.1.3), an obligation (A10.2), a term, a reading or a citation of another statute; without any, the whole text.
"""


@click.command("show", cls=Command, help=_SHOW)
@click.argument("what", required=False, metavar="[A10.2 | 10 | TERM]")
@edition_option
@lang_option
def show(what: str | None, edition: str, lang: Lang) -> int:
    """Whatever the name names; one that names nothing is refused with the nearest."""
    chosen = edition_of(edition)
    page = Page(lang)
    asked = (what or "").strip()
    if not asked:
        _whole(page, chosen)
    elif re.match(r"[Aa]\d", asked):
        _obligation(page, chosen, chosen.obligation(asked[0].upper() + asked[1:]))
    elif provision := _provision_named(asked, chosen):
        _provision(page, chosen, provision)
    elif asked in {reading.name for reading in text.readings()}:
        _reading(page, text.reading(asked))
    elif statute := text.find_statute(asked):
        _statute(page, *statute)
    else:
        _term(page, chosen, text.define(asked, chosen))
    say(page.lines)
    return FINE


def _provision_named(asked: str, edition: Edition) -> Provision | None:
    """``10``, ``5.1.3``, ``第十条`` or ``第10条``."""
    if re.fullmatch(r"\d[\d.]*", asked):
        return edition.provision(asked.rstrip("."))
    named = re.fullmatch(r"第(.+)条", asked)
    if named and named[1].isdecimal():
        return edition.provision(str(int(named[1])))
    for number in dict.fromkeys(p.article for p in edition.provisions) if named else ():
        if article(edition, str(number)).zh == asked:
            return edition.provision(str(number))
    return None


def _whole(page: Page, edition: Edition) -> None:
    page.put((edition.title, "title"))
    page.put((f"{edition.id}  sha256 {edition.sha256}", "faint"))
    page.put((edition.notice, "warn"))
    page.blank()
    for line in edition.text.splitlines():
        if line.strip():
            page.put(line.strip())


def _heading(page: Page, edition: Edition, provision: Provision, *, heading: bool = True) -> None:
    cited = article(edition, provision.id, heading=heading)
    page.put((cited, "title"), (f"  {provision.id}  {edition.id}", "faint"))
    if provision.inherited:
        page.put((text.message("general", "inherited"), "warn"))


def _provision(page: Page, edition: Edition, provision: Provision) -> None:
    _heading(page, edition, provision, heading="." in provision.id)  # a whole article begins with its own
    for line in provision.text.splitlines():
        if line.strip():
            page.put("  ", line.strip(), hang=2)
    _differences(page, edition, provision.id)
    inside = [o for o in edition.obligations if f"{o.provision}.".startswith(f"{provision.id}.")]
    if inside:
        page.blank()
        page.put((Bilingual("义务", "Obligations"), "head"))
        for obligation in inside:
            page.entry(obligation.id, obligation.action, width=10)
    _asked_of(page, provision.id)


def _differences(page: Page, edition: Edition, provision: str) -> None:
    for difference in edition.differences:
        if touches(difference.provision, provision):
            page.blank()
            page.put(
                Bilingual("  本版本：", "  In this edition: "),
                difference.other,
                (f"  {difference.certainty.label.to(page.lang)}", "faint"),
                hang=4,
            )


def _asked_of(page: Page, provision: str) -> None:
    """The readings that bear on an article."""
    number = provision.partition(".")[0]
    rows = [r for r in text.readings() if any(p.partition(".")[0] == number for p in r.provisions)]
    if rows:
        page.blank()
        page.put((Bilingual("解释口径", "Readings"), "head"))
        for reading in rows:
            page.put(f"  {reading.name}={reading.default}  ", (reading.question, "faint"), hang=4)


def _obligation(page: Page, edition: Edition, obligation: Obligation) -> None:
    from qsafety.rules import ANSWERS, RULES

    provision = edition.provision(obligation.provision)
    page.put((obligation.id, "title"))
    _heading(page, edition, provision)
    width = 10
    page.entry(Bilingual("义务", "Duty"), obligation.action.zh, width=width)
    page.entry("", obligation.action.en, width=width)
    page.entry(
        Bilingual("条文", "Text"), ("……".join(f"“{quote}”" for quote in obligation.quotes), "faint"), width=width
    )
    nobody = Bilingual("无（不单独约束任何人）", "nobody by itself")
    page.entry(Bilingual("谁", "Who"), obligation.actor.label if obligation.actor else nobody, width=width)
    page.entry(Bilingual("性质", "Kind"), obligation.modality.label, width=width)
    page.entry(Bilingual("何时", "When"), obligation.trigger.label, width=width)
    limbs = [Bilingual(f"{limb.number} {limb.zh}", f"{limb.number} {limb.en}") for limb in obligation.limbs]
    separator = "、" if page.lang == "zh" else ", "
    page.entry(
        Bilingual("罚则", "Limbs"),
        separator.join(page.text(limb) for limb in limbs) or Bilingual("无", "none"),
        width=width,
    )
    if obligation.archive_slots:
        page.entry(Bilingual("存档", "Archive"), separator.join(obligation.archive_slots), width=width)
    rule = RULES.get(obligation.id) or ANSWERS.get(obligation.id)
    if rule:
        page.entry(Bilingual("规则", "Rule"), (f"{rule.__module__}.{rule.__name__}", "good"), width=width)
    for gap in text.gaps():
        if gap.obligation == obligation.id:
            page.entry(Bilingual("不计算", "No rule"), (gap.reason, "warn"), width=width)
    _differences(page, edition, obligation.provision)


def _reading(page: Page, reading: text.Reading) -> None:
    page.put((reading.name, "title"), ("  " + " ".join(reading.provisions), "faint"))
    page.put("  ", reading.question, hang=2)
    for option, meaning in reading.options.items():
        usual = Bilingual("（默认）", " (default)") if option == str(reading.default) else ""
        page.put("  · ", (option, "head"), usual, "  ", meaning, hang=4)
    if "n" in reading.options:
        page.put("  ", Bilingual(f"默认 {reading.default}", f"default {reading.default}"))


def _statute(page: Page, statute: text.Statute, article_number: str | None) -> None:
    page.put((statute.title, "title"), (f"  {statute.level.label.to(page.lang)}", "faint"))
    page.put("  ", statute.gist, hang=2)
    for cited in statute.articles:
        if article_number in (None, cited.article):
            page.put("  ", (cited.number, "head"), "  ", cited.gist, hang=4)
    page.put("  ", (text.caution(), "warn"), hang=2)


def _term(page: Page, edition: Edition, found: text.Definition | text.Term) -> None:
    if isinstance(found, text.Definition):
        page.put((f"{found.term.zh}  {found.term.en}", "title"))
        page.put("  ", f"“{found.text}”", hang=2)
        page.put("  ", (article(edition, found.provision), "faint"), (f"  {found.provision}  {found.edition}", "faint"))
        return
    page.put((f"{found.zh}  {found.en}", "title"))
    if found.identifiers:
        page.put("  ", ("  ".join(found.identifiers), "faint"), hang=2)
    if found.note:
        page.put("  ", found.note, hang=2)
    if not found.house and found.zh in edition.text:
        places = dict.fromkeys(article(edition, p.id).to(page.lang) for p in edition.provisions if found.zh in p.text)
        page.put(Bilingual("  见 ", "  See "), ("、" if page.lang == "zh" else ", ").join(places), hang=4)


_DIFF = """两个版本的已知差异。给出台账时，还列出哪些认定随之改变、依据哪些差异。

How two editions differ, as far as that is known; with a ledger also which verdicts change with them, and by which differences.
E1 and E2: ids, or folders of your own.
"""


@click.command("diff", cls=Command, help=_DIFF)
@click.argument("one", metavar="E1")
@click.argument("other", metavar="E2")
@click.option("--ledger", metavar="LEDGER", help="台账、档案或数据库 / Ledger, dossier or store")
@click.option("--seller", metavar="ID", help="数据库中的单位 / Which seller of the store")
@on_option
@click.option("--since", type=DayType(), metavar="D", help="起始日，默认上月一日 / First day looked at")
@click.option("--reading", "readings", multiple=True, metavar="NAME=OPTION", help="解释口径 / A reading; repeatable")
@format_option("text", "json")
@lang_option
def diff(
    one: str,
    other: str,
    ledger: str | None,
    seller: str | None,
    on: date | None,
    since: date | None,
    readings: tuple[str, ...],
    form: str,
    lang: Lang,
) -> int:
    """Without a ledger the order of the two does not matter."""
    first, second = edition_of(one), edition_of(other)
    if ledger is None:
        if on or since or seller or readings:
            raise UsageProblem(
                Bilingual(
                    "--on、--since、--seller、--reading 须与 --ledger 同用",
                    "--on, --since, --seller and --reading need --ledger",
                )
            )
        found, compared = text.diff(first, second), None
        data: object = [difference.to_dict() for difference in found]
    else:
        from qsafety.assessment.comparing import compare_editions

        given = read(ledger, seller)
        compared = compare_editions(
            given.dossier, first, second, on=on or given.today(), since=since, readings=readings
        )
        found, data = compared.differences, compared.to_dict()
    if form == "json":
        write_json(data)
        return FINE
    page = Page(lang)
    page.put((f"{first.id}  {second.id}", "title"))
    if not found:
        page.put(Bilingual("没有已知差异", "no known difference"))
    for difference in found:
        page.blank()
        _difference(page, difference, first, second)
    if compared is not None:
        _verdicts(page, compared)
    say(page.lines)
    return FINE


def _difference(page: Page, difference: Difference, one: Edition, other: Edition) -> None:
    page.put(
        (_cited(difference, one, other), "head"), f"  {difference.provision}  ", (difference.certainty.label, "faint")
    )
    against_draft = text.edition() in (one, other)
    left = Bilingual("征求意见稿", "draft") if against_draft else Bilingual("前者", "first")
    right = Bilingual("另一版本", "other") if against_draft else Bilingual("后者", "second")
    page.entry(left, difference.draft, width=12)
    page.entry(right, difference.other, width=12)


def _cited(difference: Difference, one: Edition, other: Edition) -> Bilingual:
    """The article of a difference, by the edition that has it."""
    there = any(p.id.split(".")[0] == difference.provision.split(".")[0] for p in one.provisions)
    return article(one if there else other, difference.provision)


def _verdicts(page: Page, compared: "EditionsCompared") -> None:
    """The verdicts that change, each with both messages and the differences behind it; the exposure where it changes."""
    one, two = compared.before, compared.after
    names = Names.of(one.dossier, page.lang)
    page.blank()
    page.put(
        (Bilingual("改变的认定", "Verdicts that change"), "title"),
        f"  {one.dossier.seller.name}  {one.since} – {one.on}",
    )
    if one.since != two.since:
        page.put(Bilingual(f"后一版本自 {two.since} 起计算", f"under the second edition from {two.since}"))
    if not compared.changes:
        page.put(Bilingual("没有", "none"))
    for row in compared.changes:
        change = row.change
        page.blank()
        page.put((f"{change.obligation}  ", "head"), names.subject(change.subject))
        for edition, finding in ((one.edition.id, change.before), (two.edition.id, change.after)):
            outcome = finding.outcome.label if finding else Bilingual("（无）", "(none)")
            page.put(
                "  ", (edition, "faint"), "  ", (outcome, "head"), "  ", finding.message if finding else "", hang=4
            )
        for difference in row.why:
            page.put(
                "  ",
                Bilingual("因为 ", "because "),
                _cited(difference, one.edition, two.edition),
                Bilingual("：", ": "),
                difference.other,
                (f"  {difference.certainty.label.to(page.lang)}", "faint"),
                hang=4,
            )
    stages = labels("Stage")
    before, after = one.exposure.stage, two.exposure.stage
    if before != after:
        page.blank()
        arrow = Bilingual(f"{stages[before].zh} → {stages[after].zh}", f"{stages[before].en} → {stages[after].en}")
        page.put((Bilingual("责任风险  ", "Exposure  "), "head"), arrow)


_TRACE = """每项义务：条文、规则、检验它的情形，或不计算的理由。

Each obligation: its provision, its rule, the scenarios that test it, or why it has none.
"""


@click.command("trace", cls=Command, help=_TRACE)
@format_option("text", "json")
@lang_option
def trace(form: str, lang: Lang) -> int:
    """In the order of the obligations."""
    rows = text.trace()
    if form == "json":
        write_json([row.to_dict() for row in rows])
        return FINE
    page = Page(lang)
    reasons = {gap.obligation: gap.kind.label for gap in text.gaps()}
    for row in rows:
        rule = (row.rule.removeprefix("qsafety.rules."), "") if row.rule else (reasons.get(row.obligation, ""), "faint")
        tests = ("、" if lang == "zh" else ", ").join(row.tests)
        page.entry(row.obligation, f"{row.provision:<7}", rule, (f"  {tests}", "faint"), width=9)
    say(page.lines)
    return FINE


@click.command("gaps", cls=Command, help="本版本不计算的义务与问题，及其理由。\n\nWhat is not computed, and why.")
@format_option("text", "json")
@lang_option
def gaps(form: str, lang: Lang) -> int:
    """In the order of the articles, the open questions last."""
    rows = text.gaps()
    if form == "json":
        write_json([gap.to_dict() for gap in rows])
        return FINE
    page = Page(lang)
    page.put((Bilingual(f"本版本不计算的：{len(rows)} 项", f"Not computed in this version: {len(rows)}"), "title"))
    for (kind, reason), group in groupby(rows, key=lambda gap: (gap.kind, gap.reason)):
        page.blank()
        for gap in group:
            page.entry(gap.id, gap.title, width=max(10, len(gap.id) + 2))
        page.put("    ", (f"{kind.label.to(lang)}  ", "warn"), (reason, "faint"), hang=4)
    say(page.lines)
    return FINE
