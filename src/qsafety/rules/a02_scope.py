"""Article 2: to whom the regulation applies (with the exclusions of Article 18(1))."""

from collections.abc import Iterator

from qsafety.bilingual import Bilingual, join, listed
from qsafety.dossier import ProductLine
from qsafety.findings import Case, Finding, Point, Reason
from qsafety.law.vocabulary import Outcome, Regime


def scope(case: Case) -> Iterator[Finding]:
    """A02.1: 实施工业产品生产许可、强制性产品认证管理，以及涉及人身健康和生命财产安全并有强制性国家标准要求的产品."""
    if not case.open_on(case.on):
        seller = case.dossier.seller
        shown = case.because(
            seller,
            f"开业 {seller.opened_on or '—'}，歇业 {seller.closed_on or '—'}",
            f"opened {seller.opened_on or '—'}, closed {seller.closed_on or '—'}",
        )
        point = Point(outcome=Outcome.NOT_APPLICABLE, reason="not_open", because=(shown,))
        yield from case.conclude("A02.1", "seller", [point])
        return
    if case.dossier.products is None:
        yield case.not_given("A02.1", "products")
        return
    lines = [p for p in case.dossier.products if p.active_on(case.on)]
    inside = [p for p in lines if p.in_scope is True]
    unclear = [p for p in lines if p.in_scope is None]
    if inside:
        because = tuple(_why(case, p) for p in inside)
        point = Point(outcome=Outcome.SATISFIED, reason="in_scope", because=because, fields={"count": len(inside)})
    elif unclear:
        because = tuple(_missing(case, p) for p in unclear)
        point = Point(outcome=Outcome.UNKNOWN, reason="unclear", because=because, fields={"count": len(unclear)})
    elif not case.dossier.complete("products"):
        yield case.not_given("A02.1", "products")
        return
    else:
        because = tuple(_why_not(case, p) for p in lines)
        point = Point(outcome=Outcome.NOT_APPLICABLE, reason="out_of_scope", because=because)
    yield from case.conclude("A02.1", "seller", [point])


def _why(case: Case, line: ProductLine) -> Reason:
    regimes = line.regimes or frozenset()
    grounds = []
    if Regime.PRODUCTION_LICENCE in regimes:
        grounds.append(Bilingual("生产许可证管理", "under production licence"))
    if Regime.CCC in regimes:
        grounds.append(Bilingual("强制性产品认证", "under compulsory certification (CCC)"))
    if line.safety_standard:
        standards = listed(line.standards)
        grounds.append(
            Bilingual(
                "涉及人身健康和生命财产安全并有强制性国家标准" + (f"（{standards.zh}）" if line.standards else ""),
                "bears on health or safety, with a mandatory national standard"
                + (f" ({standards.en})" if line.standards else ""),
            )
        )
    ground = join(grounds, zh="；")
    return case.because(line, f"{line.name}（{line.id}）：{ground.zh}", f"{line.name} ({line.id}): {ground.en}")


def _missing(case: Case, line: ProductLine) -> Reason:
    missing = missing_facts(line)
    return case.because(
        line,
        f"{line.name}（{line.id}）缺少：{missing.zh}",
        f"{line.name} ({line.id}) lacks: {missing.en}",
    )


def missing_facts(line: ProductLine) -> Bilingual:
    """The facts whose absence leaves the scope of a line open."""
    missing = []
    if line.regimes is None:
        missing.append(Bilingual("监管类别", "regimes"))
    if line.affects_safety is None:
        missing.append(Bilingual("涉及健康安全", "affects_safety"))
    return listed(missing)


def _why_not(case: Case, line: ProductLine) -> Reason:
    if line.exclusion is not None:
        return case.because(
            line,
            f"{line.name}（{line.id}）：{line.exclusion.zh}，不属于工业产品（第十八条第（一）项）",
            f"{line.name} ({line.id}): {line.exclusion.en}, no industrial product (Article 18(1))",
        )
    return case.because(
        line,
        f"{line.name}（{line.id}）：既无生产许可、强制性认证，也不是涉及健康安全且有强制性国家标准的产品",
        f"{line.name} ({line.id}): no licence, no CCC, and not a safety product with a mandatory national standard",
    )
