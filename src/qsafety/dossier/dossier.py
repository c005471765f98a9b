"""质量安全档案: everything known of one seller (Article 8(4)), in memory.

A collection that is None was not given: what it would show is not known. A collection that is given, even empty, is complete, unless
``partial`` names it. Each collection is kept in the order of its ids, so that equal contents are equal dossiers.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

import attrs
from attrs import field, frozen

from qsafety.bilingual import Bilingual
from qsafety.dossier.control import DailyCheck, Explanation, Hazard, MonthlyCoordination, RiskList, WeeklyScreening
from qsafety.dossier.events import Defect, GoverningLaw, Inspection, Judgement, NonconformingLot, Order
from qsafety.dossier.facts import Fact
from qsafety.dossier.people import (
    Appointment,
    Competence,
    Exam,
    Performance,
    Person,
    PostHolding,
    SpotCheck,
    Support,
    Training,
)
from qsafety.dossier.sellers import Closure, Outlet, ProductLine, Seller
from qsafety.dossier.texts import Decision, Opinion, Text
from qsafety.errors import DuplicateRecordError, FactError, UnknownNameError

F = TypeVar("F", bound=Fact)

COLLECTIONS: Mapping[str, type[Fact]] = {
    "outlets": Outlet,
    "closures": Closure,
    "products": ProductLine,
    "people": Person,
    "appointments": Appointment,
    "posts": PostHolding,
    "competences": Competence,
    "trainings": Training,
    "exams": Exam,
    "spot_checks": SpotCheck,
    "texts": Text,
    "risk_lists": RiskList,
    "daily_checks": DailyCheck,
    "hazards": Hazard,
    "weekly_screenings": WeeklyScreening,
    "monthly_coordinations": MonthlyCoordination,
    "opinions": Opinion,
    "decisions": Decision,
    "defects": Defect,
    "nonconforming": NonconformingLot,
    "performance": Performance,
    "support": Support,
    "inspections": Inspection,
    "orders": Order,
    "explanations": Explanation,
    "judgements": Judgement,
    "governing_laws": GoverningLaw,
}
"""The collections of a dossier, in the order of the ledger's sheets, with the type of their facts."""

LABELS: Mapping[str, Bilingual] = {
    "outlets": Bilingual("门店", "outlets"),
    "closures": Bilingual("营业日历", "operating calendar"),
    "products": Bilingual("产品", "products"),
    "people": Bilingual("人员", "people"),
    "appointments": Bilingual("任职", "appointments"),
    "posts": Bilingual("岗位", "quality-control posts"),
    "competences": Bilingual("任职条件", "eligibility conditions"),
    "trainings": Bilingual("培训", "trainings"),
    "exams": Bilingual("考核", "exams"),
    "spot_checks": Bilingual("监督抽查考核", "spot-check exams"),
    "texts": Bilingual("制度", "controlled texts"),
    "risk_lists": Bilingual("风险清单", "risk control lists"),
    "daily_checks": Bilingual("日检查", "daily checks"),
    "hazards": Bilingual("隐患", "hazards"),
    "weekly_screenings": Bilingual("周排查", "weekly screenings"),
    "monthly_coordinations": Bilingual("月调度", "monthly coordinations"),
    "opinions": Bilingual("意见建议", "opinions"),
    "decisions": Bilingual("重大决策", "major decisions"),
    "defects": Bilingual("缺陷召回", "defects and recalls"),
    "nonconforming": Bilingual("不合格品", "nonconforming products"),
    "performance": Bilingual("履职情况", "performance of duties"),
    "support": Bilingual("保障奖惩", "support and incentives"),
    "inspections": Bilingual("监督检查", "regulatory inspections"),
    "orders": Bilingual("责令改正", "orders to correct"),
    "explanations": Bilingual("未履行说明", "explanations"),
    "judgements": Bilingual("人工判断", "judgements"),
    "governing_laws": Bilingual("其他法律、行政法规", "other laws and administrative regulations"),
}
"""What a collection is called; most are sheets of the ledger."""

KINDS: Mapping[str, type[Fact]] = {"seller": Seller} | {cls.KIND: cls for cls in COLLECTIONS.values()}
"""Each kind of fact by its name, as it stands in natural keys and stores."""


def numbered(facts: Sequence[F], places: Sequence[str] = ()) -> tuple[F, ...]:
    """The facts with ids that are unique: the later of two equal natural keys gets ``:2``.

    Two facts that are equal in every field, or one id used twice by the caller, are a :class:`DuplicateRecordError`;
    ``places`` (one for each fact) says where they stand.
    """
    for error in duplicates(facts, places):
        raise error
    taken = {fact.id for fact in facts}
    seen: dict[str, int] = {}
    result: list[F] = []
    for fact in facts:
        number = seen[fact.id] = seen.get(fact.id, 0) + 1
        if number > 1:
            while f"{fact.id}:{number}" in taken:
                number += 1
            seen[fact.id] = number
            fact = attrs.evolve(fact, id=f"{fact.id}:{number}")
        result.append(fact)
    return tuple(result)


def duplicates(facts: Sequence[Fact], places: Sequence[str] = ()) -> Iterator[DuplicateRecordError]:
    """An error for each fact that repeats an earlier one, or uses its id though no natural key gave it."""
    seen: dict[str, dict[Fact, int]] = {}
    for i, fact in enumerate(facts):
        earlier = seen.setdefault(fact.id, {})
        given = fact.id != fact.natural_key()
        if earlier and (given or fact in earlier):
            j = next(iter(earlier.values())) if given else earlier[fact]
            first, second = (places[j], places[i]) if places else (f"[{j}]", f"[{i}]")
            yield DuplicateRecordError(
                Bilingual(f"记录“{fact.id}”重复", f"record {fact.id!r} comes twice")
                if given
                else Bilingual(f"两条记录完全相同：{fact.id}", f"two records are equal in every field: {fact.id}"),
                places=(first, second),
                advice=Bilingual(f"见 {first} 与 {second}。", f"See {first} and {second}."),
            )
        earlier.setdefault(fact, i)


def _canonical(name: str) -> Any:
    kind = COLLECTIONS[name]

    def convert(facts: Iterable[Any] | None) -> tuple[Any, ...] | None:
        if facts is None:
            return None
        if isinstance(facts, str | bytes) or not isinstance(facts, Iterable):
            raise FactError(
                Bilingual(
                    f"{name}：收到 {type(facts).__name__}，应为一个列表",
                    f"{name}: got a {type(facts).__name__}, expected a list",
                ),
                field=name,
                value=facts,
            )
        given = facts if isinstance(facts, tuple) else tuple(facts)
        for fact in given:
            if not isinstance(fact, kind):
                raise FactError(
                    Bilingual(
                        f"{name}：收到 {type(fact).__name__}，应为 {kind.__name__}",
                        f"{name}: got a {type(fact).__name__}, expected a {kind.__name__}",
                    ),
                    field=name,
                    value=fact,
                )
        ids = [fact.id for fact in given]
        if len(set(ids)) < len(ids):
            given = numbered(given)
            ids = [fact.id for fact in given]
        return given if ids == sorted(ids) else tuple(sorted(given, key=lambda fact: fact.id))

    return convert


def _a_seller(_: Any, attribute: "attrs.Attribute[Any]", value: object) -> None:
    if not isinstance(value, Seller):
        raise FactError(
            Bilingual(
                f"{attribute.name}：收到 {type(value).__name__}，应为 Seller",
                f"{attribute.name}: got a {type(value).__name__}, expected a Seller",
            ),
            field=attribute.name,
            value=value,
        )


def _names(value: Iterable[str]) -> frozenset[str]:
    names = frozenset([value] if isinstance(value, str) else value)
    for name in sorted(names):
        if name not in COLLECTIONS:
            raise UnknownNameError(Bilingual("档案集合", "collection"), name, COLLECTIONS)
    return names


def _collections(_: type, fields: list["attrs.Attribute[Any]"]) -> list["attrs.Attribute[Any]"]:
    return [f.evolve(converter=_canonical(f.name)) if f.name in COLLECTIONS else f for f in fields]


@frozen(kw_only=True, field_transformer=_collections)
class Dossier:
    """All facts of one seller. What is not given is not known.

    ``partial`` names given collections that may lack records. ``sources`` says where a record stands in the input
    (``日检查!A17``); it is no part of equality. Duplicates raise :class:`DuplicateRecordError`, facts of a wrong type :class:`FactError`.

    >>> ebike = ProductLine(id="ebike", name="电动自行车", regimes={"ccc"})
    >>> shop = Dossier(seller=Seller(id="hz01", name="示例店"), products=[ebike])
    >>> shop.given("products"), shop.given("people")
    (True, False)
    """

    seller: Seller = field(validator=_a_seller)
    outlets: Sequence[Outlet] | None = None
    closures: Sequence[Closure] | None = None
    products: Sequence[ProductLine] | None = None
    people: Sequence[Person] | None = None
    appointments: Sequence[Appointment] | None = None
    posts: Sequence[PostHolding] | None = None
    competences: Sequence[Competence] | None = None
    trainings: Sequence[Training] | None = None
    exams: Sequence[Exam] | None = None
    spot_checks: Sequence[SpotCheck] | None = None
    texts: Sequence[Text] | None = None
    risk_lists: Sequence[RiskList] | None = None
    daily_checks: Sequence[DailyCheck] | None = None
    hazards: Sequence[Hazard] | None = None
    weekly_screenings: Sequence[WeeklyScreening] | None = None
    monthly_coordinations: Sequence[MonthlyCoordination] | None = None
    opinions: Sequence[Opinion] | None = None
    decisions: Sequence[Decision] | None = None
    defects: Sequence[Defect] | None = None
    nonconforming: Sequence[NonconformingLot] | None = None
    performance: Sequence[Performance] | None = None
    support: Sequence[Support] | None = None
    inspections: Sequence[Inspection] | None = None
    orders: Sequence[Order] | None = None
    explanations: Sequence[Explanation] | None = None
    judgements: Sequence[Judgement] | None = None
    governing_laws: Sequence[GoverningLaw] | None = None
    partial: frozenset[str] = field(default=frozenset(), converter=_names)
    sources: Mapping[str, str] = field(factory=dict, eq=False, repr=False)

    def given(self, name: str) -> bool:
        """Whether a collection was given at all."""
        return getattr(self, name) is not None

    def complete(self, name: str) -> bool:
        """Whether a collection was given and lacks nothing: only then is "no such record" a fact."""
        return self.given(name) and name not in self.partial

    def source(self, fact: Fact) -> str | None:
        """Where a fact stands in the input it came from, if that is known."""
        return self.sources.get(f"{fact.KIND}:{fact.id}") or self.sources.get(fact.id)

    def facts(self) -> Iterator[Fact]:
        """Every fact, the seller first, then the collections in their order."""
        yield self.seller
        for name in COLLECTIONS:
            yield from getattr(self, name) or ()

    def __repr__(self) -> str:
        counts = ", ".join(f"{n}={len(getattr(self, n))}" for n in COLLECTIONS if self.given(n))
        return f"Dossier(seller={self.seller.id!r}{', ' if counts else ''}{counts})"
