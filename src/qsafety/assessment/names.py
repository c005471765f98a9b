"""What people call the persons, outlets, facts and articles that findings name by id."""

import re
from collections.abc import Iterable
from datetime import date

from attrs import field, frozen

from qsafety.bilingual import Bilingual, Lang
from qsafety.dossier import LABELS, Dossier
from qsafety.findings import SELLER
from qsafety.law.editions import Edition

_FIELDS = {
    "regimes": Bilingual("监管类别", "regimes"),
    "affects_safety": Bilingual("是否涉及健康安全", "whether it bears on health or safety"),
    "trade": Bilingual("经营方式", "trade"),
    "size_class": Bilingual("规模", "size class"),
    "headcount": Bilingual("从业人员", "headcount"),
    "revenue": Bilingual("上年营业收入", "revenue of last year"),
}


@frozen
class Names:
    """The names in one dossier, in one language."""

    lang: Lang
    people: dict[str, str] = field(repr=False)
    outlets: dict[str, str]
    products: dict[str, str]

    @classmethod
    def of(cls, dossier: Dossier, lang: Lang) -> "Names":
        """The names of persons, outlets and products."""
        return cls(
            lang,
            {p.id: p.name for p in dossier.people or ()},
            {o.id: o.name for o in dossier.outlets or ()},
            {p.id: p.name for p in dossier.products or ()},
        )

    def _with_id(self, name: str | None, id_: str) -> str:
        if not name:
            return id_
        return f"{name}（{id_}）" if self.lang == "zh" else f"{name} ({id_})"

    def person(self, id_: str) -> str:
        """A person's name and id; the id alone where no name is known."""
        return self._with_id(self.people.get(id_), id_)

    def persons(self, ids: Iterable[str]) -> str:
        """Several persons."""
        return ("、" if self.lang == "zh" else ", ").join(map(self.person, ids))

    def outlet(self, id_: str) -> str:
        """An outlet's name and id."""
        place = Bilingual("门店", "outlet").to(self.lang)
        return f"{place} {self._with_id(self.outlets.get(id_), id_)}"

    def subject(self, subject: str) -> str:
        """Whom or what a finding is about."""
        if subject == SELLER:
            return Bilingual("本单位", "the seller").to(self.lang)
        if subject.startswith("outlet:"):
            return self.outlet(subject.removeprefix("outlet:"))
        return self.person(subject.removeprefix("person:"))

    def missing(self, path: str) -> str:
        """A fact that is missing, by its path: ``products.C1.regimes`` or ``seller.headcount``."""
        collection, _, rest = path.partition(".")
        owner, _, name = rest.rpartition(".")
        if not rest:
            return LABELS[collection].to(self.lang) if collection in LABELS else collection
        what = _FIELDS[name].to(self.lang) if name in _FIELDS else name
        if not owner:
            return what
        whose = self._with_id(self.products.get(owner) if collection == "products" else None, owner)
        return f"{whose}{'：' if self.lang == 'zh' else ': '}{what}"


def article(edition: Edition, provision: str, *, heading: bool = False) -> Bilingual:
    """An article as people cite it: ``第十条``, with ``heading`` ``第十条【日管控】``.

    >>> from qsafety.law import edition
    >>> article(edition(), "5.1.2", heading=True).zh
    '第五条【质量安全总监设置】'
    """
    number = provision.partition(".")[0]
    whole = edition.provision(number)
    numeral = re.match(r"\s*(第.+?条)", whole.text)
    chinese = numeral[1] if numeral else f"第{number}条"
    return Bilingual(chinese + (f"【{whole.heading}】" if heading and whole.heading else ""), f"Article {number}")


def day(value: date | None) -> str:
    """A day, or a dash where there is none."""
    return value.isoformat() if value else "—"
