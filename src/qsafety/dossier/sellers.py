"""Who sells what, where, on which days: Articles 2, 5 and 18(1)."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import ClassVar
from zoneinfo import ZoneInfo

from attrs import Attribute, field, frozen
from attrs.converters import optional
from stdnum.cn import uscc as credit_code

from qsafety.bilingual import Bilingual
from qsafety.dossier.facts import Fact, checked, money, tuple_of
from qsafety.errors import FactError
from qsafety.law.vocabulary import CalendarKind, Exclusion, Level, Regime, SizeClass, Trade
from qsafety.periods import EVERY_DAY

_OF_THE_MACHINE = frozenset({"Factory", "localtime", "posixrules"})
"""Names that a time zone database has and that mean another zone, or none, on another machine."""


def _known_zone(_: object, attribute: "Attribute[str]", value: str) -> None:
    try:
        if value in _OF_THE_MACHINE or value.startswith(("posix/", "right/")):
            raise KeyError(value)
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        raise FactError(
            Bilingual(f"没有名为“{value}”的时区", f"there is no time zone {value!r}"),
            field=attribute.name,
            value=value,
            advice=Bilingual("请写 IANA 名称，例如 Asia/Shanghai。", "Write an IANA name such as Asia/Shanghai."),
        ) from None


_as_weekdays = tuple_of("open_weekdays", int)
_as_regimes = tuple_of("regimes", Regime, optional=True)


def _weekdays(value: Iterable[int]) -> frozenset[int]:
    days = frozenset[int](_as_weekdays(value))
    if not days <= EVERY_DAY:
        raise FactError(
            Bilingual("每周营业日应为 0（星期一）至 6（星期日）", "weekdays are 0 (Monday) to 6 (Sunday)"),
            field="open_weekdays",
            value=sorted(days),
        )
    return days


def _regimes(value: Iterable[Regime | str] | None) -> frozenset[Regime] | None:
    return None if value is None else frozenset[Regime](_as_regimes([value] if isinstance(value, str) else value))


def _check_credit_code(_: object, attribute: "Attribute[str | None]", value: str | None) -> None:
    # the library forgives spaces, hyphens and small letters; a fact has one spelling
    if value is not None and not (credit_code.is_valid(value) and credit_code.compact(value) == value):
        raise FactError(
            Bilingual(f"统一社会信用代码“{value}”的格式或校验码不对", f"{value!r} is no valid credit code (USCC)"),
            field=attribute.name,
            value=value,
            advice=Bilingual("请对照营业执照核对 18 位代码。", "Compare the 18 characters with the business licence."),
        )


@frozen(kw_only=True, field_transformer=checked)
class Seller(Fact):
    """销售单位: the unit that the regulation binds (Article 2). ``revenue`` is last year's, in yuan.

    ``opened_on`` is the first day due, ``closed_on`` the first day no longer; weekdays count from 0 (Monday).
    """

    KIND: ClassVar[str] = "seller"

    name: str
    uscc: str | None = field(default=None, validator=_check_credit_code)
    address: str | None = None
    trade: Trade | None = field(default=None, converter=optional(Trade))
    size_class: SizeClass | None = field(default=None, converter=optional(SizeClass))
    headcount: int | None = None
    revenue: Decimal | None = field(default=None, converter=money)
    opened_on: date | None = None
    closed_on: date | None = None
    open_weekdays: frozenset[int] = field(default=EVERY_DAY, converter=_weekdays)
    tz: str = field(default="Asia/Shanghai", validator=_known_zone)
    authority: str | None = None

    def check(self) -> None:
        """An end before its start is refused."""
        self.order("opened_on", "closed_on")


@frozen(kw_only=True, field_transformer=checked)
class Outlet(Fact):
    """门店: a place of sale; weekdays not given are the seller's."""

    KIND: ClassVar[str] = "outlet"

    name: str
    address: str | None = None
    opened_on: date | None = None
    closed_on: date | None = None
    open_weekdays: frozenset[int] | None = field(default=None, converter=optional(_weekdays))

    def check(self) -> None:
        """An end before its start is refused."""
        self.order("opened_on", "closed_on")


@frozen(kw_only=True, field_transformer=checked)
class Closure(Fact):
    """A row of the operating calendar: closed (or, of kind ``open``, opened on an extra day) from start to end, both included.

    Without an outlet it holds for all.
    """

    KIND: ClassVar[str] = "closure"
    NATURAL: ClassVar[tuple[str, ...]] = ("outlet", "start")

    outlet: str | None = None
    start: date
    end: date
    kind: CalendarKind = field(default=CalendarKind.CLOSED, converter=CalendarKind)
    reason: str = ""

    def check(self) -> None:
        """An end before its start is refused."""
        self.order("start", "end")


@frozen(kw_only=True, field_transformer=checked)
class ProductLine(Fact):
    """A line of products sold (Articles 2, 5, 18(1)).

    ``regimes``: empty says "none", None "not known". ``exclusion`` None: none claimed. ``sold_from`` is the first day, ``sold_until``
    the first day no longer. Without outlets it is sold in all. A mandatory standard is there when the regime says so or a standard is
    listed.
    """

    KIND: ClassVar[str] = "product"

    name: str
    regimes: frozenset[Regime] | None = field(default=None, converter=_regimes)
    affects_safety: bool | None = None
    standards: Sequence[str] = ()
    exclusion: Exclusion | None = field(default=None, converter=optional(Exclusion))
    risk_level: Level | None = field(default=None, converter=optional(Level))
    certificate_number: str | None = None
    certificate_valid_to: date | None = None
    sold_from: date | None = None
    sold_until: date | None = None
    outlets: Sequence[str] = ()

    def check(self) -> None:
        """An end before its start is refused."""
        self.order("sold_from", "sold_until")

    def active_on(self, day: date) -> bool:
        """Whether the line is sold on a day."""
        return (self.sold_from is None or self.sold_from <= day) and (self.sold_until is None or day < self.sold_until)

    @property
    def mandatory_standard(self) -> bool | None:
        """Whether a mandatory national standard (强制性国家标准) applies; None: not known."""
        if self.standards or (self.regimes is not None and Regime.MANDATORY_GB in self.regimes):
            return True
        return None if self.regimes is None else False

    @property
    def licensed_or_certified(self) -> bool | None:
        """Whether the line is under production licence or compulsory certification; None: not known."""
        if self.regimes is None:
            return None
        return not self.regimes.isdisjoint({Regime.PRODUCTION_LICENCE, Regime.CCC})

    @property
    def safety_standard(self) -> bool | None:
        """涉及人身健康和生命财产安全并有强制性国家标准要求; None: not known."""
        return both(self.affects_safety, self.mandatory_standard)

    @property
    def in_scope(self) -> bool | None:
        """Whether the line falls under the regulation (Articles 2 and 18(1)); None: a fact is missing."""
        return False if self.exclusion is not None else either(self.licensed_or_certified, self.safety_standard)


def both(a: bool | None, b: bool | None) -> bool | None:
    """Three-valued "and": False where either is False, None where that is not known."""
    if a is False or b is False:
        return False
    return None if a is None or b is None else True


def either(a: bool | None, b: bool | None) -> bool | None:
    """Three-valued "or": True where either is True, None where that is not known."""
    if a is True or b is True:
        return True
    return None if a is None or b is None else False
