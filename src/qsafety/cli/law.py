"""``qsafety law``: the text, its obligations and terms, how editions differ, and what is not computed."""

import re
from itertools import groupby

import click

from qsafety import law as text
from qsafety.assessment.lines import Page
from qsafety.assessment.names import article
from qsafety.bilingual import Bilingual, Lang
from qsafety.cli.commands import FINE, Command, Commands, Described
from qsafety.cli.inputs import format_option, lang_option
from qsafety.cli.output import say, write_json
from qsafety.law.editions import Edition, Provision
from qsafety.law.obligations import DRAFT, Obligation

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
显示条文（10、5.1.3、第十条）、义务（A10.2）、用语（周排查）
或解释口径（size_class）；不给出则显示全文。

Show a provision (10, 5.1.3), an obligation (A10.2), a term or a reading; without any, the whole text.
"""


@click.command("show", cls=Command, help=_SHOW)
@click.argument("what", required=False, metavar="[A10.2 | 10 | TERM]")
@click.option("--edition", "edition_id", default=DRAFT, show_default=True, metavar="E", help="条文版本 / Edition")
@lang_option
def show(what: str | None, edition_id: str, lang: Lang) -> int:
    """Whatever the name names; one that names nothing is refused with the nearest."""
    edition = text.edition(edition_id)
    page = Page(lang)
    asked = (what or "").strip()
    if not asked:
        _whole(page, edition)
    elif re.match(r"[Aa]\d", asked):
        _obligation(page, edition, edition.obligation(asked[0].upper() + asked[1:]))
    elif provision := _provision_named(asked, edition):
        _provision(page, edition, provision)
    elif asked in {reading.name for reading in text.readings()}:
        _reading(page, text.reading(asked))
    else:
        _term(page, edition, text.define(asked, edition))
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
    inside = [o for o in edition.obligations if _within(o.provision, provision.id)]
    if inside:
        page.blank()
        page.put((Bilingual("义务", "Obligations"), "head"))
        for obligation in inside:
            page.entry(obligation.id, obligation.action, width=10)
    _asked_of(page, provision.id)


def _within(inner: str, outer: str) -> bool:
    """Whether a provision is another one, or a part of it."""
    return f"{inner}.".startswith(f"{outer}.")


def _differences(page: Page, edition: Edition, provision: str) -> None:
    for difference in edition.differences:
        if _within(difference.provision, provision) or _within(provision, difference.provision):
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


@click.command("diff", cls=Command, help="两个版本的已知差异。\n\nHow two editions differ, as far as that is known.")
@click.argument("one", metavar="E1")
@click.argument("other", metavar="E2")
@format_option("text", "json")
@lang_option
def diff(one: str, other: str, form: str, lang: Lang) -> int:
    """The order of the two does not matter."""
    found = text.diff(one, other)
    if form == "json":
        write_json([difference.to_dict() for difference in found])
        return FINE
    page = Page(lang)
    page.put((f"{one}  {other}", "title"))
    if not found:
        page.put(Bilingual("没有已知差异", "no known difference"))
    for difference in found:
        page.blank()
        cited = article(text.edition(), difference.provision)
        page.put((cited, "head"), f"  {difference.provision}  ", (difference.certainty.label, "faint"))
        page.entry(Bilingual("征求意见稿", "draft"), difference.draft, width=12)
        page.entry(Bilingual("另一版本", "other"), difference.other, width=12)
    say(page.lines)
    return FINE


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
