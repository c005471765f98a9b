"""Article 5: officers first, and who must have a quality safety director."""

from collections.abc import Callable, Iterator
from datetime import date

from attrs import frozen

from qsafety.bilingual import Bilingual
from qsafety.dossier import Appointment, ProductLine, both, either
from qsafety.findings import Case, Finding, Point, Reason
from qsafety.law.vocabulary import Outcome, Regime, Role
from qsafety.rules.size import Size, size_of


@frozen
class DirectorNeed:
    """Whether a director is required (None: a fact is missing), by which limbs of Article 5, who is in post, what is missing."""

    required: bool | None
    by: tuple[str, ...]
    in_post: tuple[str, ...]
    missing: tuple[str, ...]

    def to_dict(self) -> dict[str, object]:
        """Plain data: required, by, in_post, missing."""
        return {
            "required": self.required,
            "by": list(self.by),
            "in_post": list(self.in_post),
            "missing": list(self.missing),
        }


def under_licence(line: ProductLine) -> bool | None:
    """Limb 5.1.1: 销售工业产品生产许可证管理的产品."""
    return _regime(line, Regime.PRODUCTION_LICENCE)


def under_ccc(line: ProductLine) -> bool | None:
    """Limb 5.1.2: 销售强制性产品认证管理的产品."""
    return _regime(line, Regime.CCC)


def other_safety_goods(line: ProductLine) -> bool | None:
    """Limb 5.1.3, its goods: 其他涉及人身健康和生命财产安全并有强制性国家标准要求的工业产品."""
    if line.exclusion is not None:
        return False
    listed = line.licensed_or_certified
    return both(line.safety_standard, None if listed is None else not listed)


def _regime(line: ProductLine, regime: Regime) -> bool | None:
    if line.exclusion is not None:
        return False
    return None if line.regimes is None else regime in line.regimes


def sells(case: Case, test: Callable[[ProductLine], bool | None], day: date) -> bool | None:
    """Whether any line active on a day passes a test; None: a fact is missing. Who is not open sells nothing."""
    if not case.open_on(day):
        return False
    found: bool | None = False if case.dossier.complete("products") else None
    for line in case.dossier.products or ():
        if line.active_on(day):
            found = either(found, test(line))
    return found


def size(case: Case) -> Size:
    """The seller's size under the reading ``size_class``."""
    return size_of(case.edition, case.dossier.seller, case.readings.size_class)


def limbs(case: Case, day: date) -> dict[str, bool | None]:
    """The three limbs of Article 5 on a day; a size that is contradicted is not known."""
    seller = size(case)
    large = None if seller.contradicted else seller.large_or_medium
    return {
        "5.1.1": sells(case, under_licence, day),
        "5.1.2": sells(case, under_ccc, day),
        "5.1.3": both(sells(case, other_safety_goods, day), large),
    }


def required(case: Case, day: date) -> bool | None:
    """Whether a director is required on a day."""
    answer: bool | None = False
    for limb in limbs(case, day).values():
        answer = either(answer, limb)
    return answer


def director_need(case: Case) -> DirectorNeed:
    """The need of a director on ``on``, for the head of the report."""
    found = limbs(case, case.on)
    answer = required(case, case.on)
    missing: list[str] = []
    if answer is None:
        if not case.dossier.complete("products"):
            missing.append("products")
        for line in case.dossier.products or ():
            if line.active_on(case.on) and line.exclusion is None:
                if line.regimes is None:
                    missing.append(f"products.{line.id}.regimes")
                if line.affects_safety is None:
                    missing.append(f"products.{line.id}.affects_safety")
        if found["5.1.3"] is None:
            missing.extend(("seller.size_class",) if size(case).contradicted else size(case).missing)
    in_post = case.plan.posts.holders(Role.DIRECTOR, case.on)
    return DirectorNeed(answer, tuple(k for k, v in found.items() if v), in_post, tuple(missing))


def officers_first(case: Case) -> Iterator[Finding]:
    """A05.0: 在依法配备质量安全员的基础上 — at least one officer in post."""
    if case.in_scope is False:
        yield case.out_of_scope("A05.0")
        return
    posts = case.plan.posts
    principals = posts.holders(Role.PRINCIPAL, case.on)
    reading = case.readings.principal_officer
    tenures = posts.on(Role.OFFICER, case.on)
    counted = [t for t in tenures if reading != "forbid" or t.appointment.person not in principals]
    if counted:
        because = [_in_post(case, t.appointment, "质量安全员", "officer") for t in counted]
        points = [Point(outcome=Outcome.SATISFIED, reason="in_post", because=tuple(because))]
        if reading == "advisory" and all(t.appointment.person in principals for t in counted):
            points.append(_remark("principal_is_officer", "principal_officer"))
        yield from case.conclude("A05.0", "seller", points)
    elif tenures:
        yield case.finding("A05.0", Outcome.VIOLATED, "principal_is_officer", readings=["principal_officer"])
    elif not case.dossier.complete("appointments"):
        yield case.not_given("A05.0", "appointments")
    else:
        none = case.no_record(f"{case.on} 无在任的质量安全员", f"no officer in post on {case.on}")
        yield case.finding("A05.0", Outcome.VIOLATED, "none", because=[none])


def licence_limb(case: Case) -> Iterator[Finding]:
    """A05.1.1: sellers of products under production licence need a director, whatever their size."""
    yield from _limb(case, "A05.1.1", sells(case, under_licence, case.on), under_licence)


def ccc_limb(case: Case) -> Iterator[Finding]:
    """A05.1.2: sellers of products under compulsory certification need a director, whatever their size."""
    yield from _limb(case, "A05.1.2", sells(case, under_ccc, case.on), under_ccc)


def size_limb(case: Case) -> Iterator[Finding]:
    """A05.1.3: large and medium sellers of other safety products with a mandatory national standard need a director."""
    goods = sells(case, other_safety_goods, case.on)
    seller = size(case)
    if goods is not False and seller.contradicted:
        figures = case.because(case.dossier.seller, *_figures(case))
        yield case.finding(
            "A05.1.3", Outcome.NEEDS_JUDGEMENT, "contradicted", because=[figures], readings=["size_class"]
        )
        return
    if goods is True and seller.large_or_medium is False:
        figures = case.because(case.dossier.seller, *_figures(case))
        points = [Point(outcome=Outcome.NOT_APPLICABLE, reason="small", because=(figures,), readings=("size_class",))]
        yield from case.conclude("A05.1.3", "seller", [*points, *_otherwise(case, seller)])
        return
    extra = _otherwise(case, seller) if goods is True and seller.large_or_medium is not None else ()
    yield from _limb(case, "A05.1.3", both(goods, seller.large_or_medium), other_safety_goods, extra, ("size_class",))


def _otherwise(case: Case, seller: Size) -> tuple[Point, ...]:
    """That ``both`` would answer otherwise; only under ``either`` it can, for a declared class goes before both."""
    strict = size_of(case.edition, case.dossier.seller, "both")
    if strict.large_or_medium == seller.large_or_medium:
        return ()
    return (_remark("size_otherwise", "size_class"),)


def _figures(case: Case) -> tuple[str, str]:
    s = case.dossier.seller
    declared = s.size_class.label if s.size_class else Bilingual("未申报", "not declared")
    persons = "—" if s.headcount is None else str(s.headcount)
    yuan = "—" if s.revenue is None else f"{s.revenue:,f}"
    trade = s.trade.label if s.trade else Bilingual("—", "—")
    return (
        f"经营方式 {trade.zh}，从业人员 {persons}，上年营业收入 {yuan} 元，申报规模 {declared.zh}",
        f"trade {trade.en}, {persons} persons, revenue of last year {yuan} yuan, declared size {declared.en}",
    )


def _remark(reason: str, reading: str) -> Point:
    return Point(outcome=Outcome.SATISFIED, reason=reason, remark=True, readings=(reading,))


def _in_post(case: Case, appointment: Appointment, zh: str, en: str) -> Reason:
    return case.because(appointment, f"{appointment.person} 任{zh}", f"{appointment.person} is {en}")


_FIELDS = {
    "products": Bilingual("产品", "products"),
    "regimes": Bilingual("监管类别", "regimes"),
    "affects_safety": Bilingual("涉及健康安全", "whether it bears on health or safety"),
    "trade": Bilingual("经营方式", "trade"),
    "headcount": Bilingual("从业人员", "headcount"),
    "revenue": Bilingual("上年营业收入", "revenue of last year"),
    "size_class": Bilingual("规模", "size class"),
}


def _field(path: str) -> Bilingual:
    """A missing fact in words: ``products.C1.regimes`` is C1's 监管类别."""
    of, _, name = path.removeprefix("seller.").removeprefix("products.").rpartition(".")
    label = _FIELDS[name]
    return Bilingual(f"{of} {label.zh}".strip(), f"{label.en}{' of ' + of if of else ''}")


def _limb(
    case: Case,
    obligation: str,
    fired: bool | None,
    test: Callable[[ProductLine], bool | None],
    extra: tuple[Point, ...] = (),
    readings: tuple[str, ...] = (),
) -> Iterator[Finding]:
    if case.in_scope is False:
        yield case.out_of_scope(obligation)
        return
    if fired is False:
        yield case.finding(obligation, Outcome.NOT_APPLICABLE, "no_such_goods", readings=readings)
        return
    posts = case.plan.posts
    tenures = posts.on(Role.DIRECTOR, case.on)
    people = {p.id: p for p in case.dossier.people or ()}
    managed = {
        t.appointment.person: people[t.appointment.person].in_management if t.appointment.person in people else None
        for t in tenures
    }
    principals = posts.holders(Role.PRINCIPAL, case.on)
    good = [p for p, in_management in managed.items() if in_management]
    lines = [
        case.because(p, f"销售 {p.name}（{p.id}）", f"sells {p.name} ({p.id})")
        for p in case.dossier.products or ()
        if p.active_on(case.on) and test(p) is not False
    ]
    appointed = [_in_post(case, t.appointment, "质量安全总监", "director") for t in tenures]
    because = tuple([*lines, *appointed])
    if good:
        reason = "in_post" if fired else "in_post_perhaps"
        points = [Point(outcome=Outcome.SATISFIED, reason=reason, because=because, readings=readings)]
        if all(p in principals for p in good):
            choice = case.readings.principal_director
            if choice == "forbid":
                points = [
                    Point(
                        outcome=Outcome.VIOLATED if fired else Outcome.UNKNOWN,
                        reason="principal_is_director",
                        because=because,
                        readings=(*readings, "principal_director"),
                    )
                ]
            elif choice == "advisory":
                points.append(_remark("principal_is_director", "principal_director"))
        yield from case.conclude(obligation, "seller", [*points, *extra])
    elif fired is None:
        need = director_need(case)
        missing = [Reason(Bilingual(f"缺少：{_field(m).zh}", f"missing: {_field(m).en}")) for m in need.missing]
        points = [
            Point(outcome=Outcome.UNKNOWN, reason="need_unknown", because=(*because, *missing), readings=readings)
        ]
        yield from case.conclude(obligation, "seller", points)
    elif any(m is None for m in managed.values()):
        points = [
            Point(
                outcome=Outcome.UNKNOWN,
                reason="management_unknown",
                because=because,
                readings=readings,
                needs=("people",),
            )
        ]
        yield from case.conclude(obligation, "seller", [*points, *extra])
    elif not case.dossier.complete("appointments"):
        yield case.not_given(obligation, "appointments")
    else:
        reason = "not_in_management" if managed else "none"
        none = (
            () if managed else (case.no_record(f"{case.on} 无在任的质量安全总监", f"no director in post on {case.on}"),)
        )
        points = [Point(outcome=Outcome.VIOLATED, reason=reason, because=(*because, *none), readings=readings)]
        yield from case.conclude(obligation, "seller", [*points, *extra])


def guidance(case: Case) -> Iterator[Finding]:
    """A05.2: 指导本辖区具备条件的销售单位配备质量安全总监 — the authority may guide; never a breach."""
    if case.in_scope is False:
        yield case.out_of_scope("A05.2")
        return
    may = required(case, case.on) is False and sells(case, lambda p: p.safety_standard, case.on) is True
    yield case.finding("A05.2", Outcome.NOT_APPLICABLE, "may_be_guided" if may else "not_addressed")
