"""References across sheets: gathered while sheets are read, looked up when all are, so that one misspelt id is one problem."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from attrs import Factory, define, field, frozen

from qsafety.bilingual import Bilingual
from qsafety.dossier import Fact, Outlet, Person, ProductLine
from qsafety.exchange.problems import Problem, did_you_mean
from qsafety.law.obligations import edition_ids, obligations

SUBJECTS = ("subjects",)
"""What 对象 may be: a person, ``outlet:M2``, or a record by its id, with or without its kind."""
SUBJECTS_WRITTEN = Bilingual(
    "例如 P2、outlet:M2、H1；对本单位的判断请留空。", "For example P2, outlet:M2, H1; leave it empty for the seller."
)
OBLIGATIONS = ("obligations",)
"""What 义务 may be: the id of an obligation of any edition."""

MOST_PLACES = 100
"""So many cells are named where one problem comes several times."""

_ENTER = Bilingual("请先登记，或改正编号。", "Enter it there first, or correct the id.")
_MOST_COMPARED = 5_000
_MOST_HINTS = 50


@frozen
class Use:
    """A cell that speaks of an id, and what its column expects."""

    sheet: str
    row: int
    column: str
    letter: str
    expected: Bilingual

    @property
    def place(self) -> str:
        """The cell as Excel writes it."""
        return f"{self.sheet}!{self.letter}{self.row}"


@define(eq=False)
class Uses:
    """The cells that speak of an id: the first of them by name, all of them counted."""

    count: int = 0
    named: list[Use] = Factory(list)


@frozen
class References:
    """What is there, and what is spoken of.

    A collection that is not in ``known`` was not given, of one in ``unsure`` the ids cannot be read: nothing is said of
    ids in these. ``lost`` counts the rows of a collection without an id that can be read: as many unknown ids that are
    used again and again are theirs, and are not told of a second time.
    """

    known: dict[str, dict[str, str]] = Factory(dict)
    lost: Counter[str] = field(factory=lambda: Counter[str]())
    unsure: set[str] = Factory(set)
    used: dict[tuple[tuple[str, ...], str], Uses] = Factory(dict)

    def given(self, collection: str) -> None:
        """The sheet of a collection is there."""
        self.known.setdefault(collection, {})

    def add(self, collection: str, id_: str, place: str) -> str | None:
        """An id, and where it stands. Returns where it stood before, if it did."""
        there = self.known.setdefault(collection, {})
        if id_ in there:
            return there[id_]
        there[id_] = place
        return None

    def uses(self, collections: tuple[str, ...], id_: str) -> Uses:
        """Where an id of these collections is spoken of, for one more cell to be added."""
        return self.used.setdefault((collections, id_), Uses())

    def problems(self, facts: Sequence[Fact]) -> Iterator[Problem]:
        """Every id that is spoken of and that nothing has, once."""
        there = {collections: self._there(collections) for collections in {key[0] for key in self.used}}
        if there.get(SUBJECTS) is not None:
            there[SUBJECTS] = self._subjects(facts)
        named = _ids_by_name(facts)
        unknown: dict[tuple[str, ...], list[tuple[str, Uses]]] = {}
        for (collections, id_), uses in self.used.items():
            ids = there[collections]
            if ids is not None and id_ not in ids:
                unknown.setdefault(collections, []).append((id_, uses))
        for collections, missing in unknown.items():
            among = ("people", "outlets") if collections == SUBJECTS else collections
            missing.sort(key=lambda one: one[1].count, reverse=True)
            lost = sum(self.lost[c] for c in among)
            missing = [one for number, one in enumerate(missing) if number >= lost or one[1].count == 1]
            alike = [*self.known.get("people", ()), *(f"outlet:{o}" for o in self.known.get("outlets", ()))]
            if collections != SUBJECTS:
                alike = [*(there[collections] or ())]
            for number, (id_, uses) in enumerate(missing):
                compared = alike[:_MOST_COMPARED] if number < _MOST_HINTS else []
                yield _problem(id_, uses, compared, named, SUBJECTS_WRITTEN if collections == SUBJECTS else _ENTER)

    def _there(self, collections: tuple[str, ...]) -> set[str] | None:
        if collections == OBLIGATIONS:
            return {o.id for edition in edition_ids() for o in obligations(edition)}
        among = ("people", "outlets") if collections == SUBJECTS else collections
        if any(c not in self.known or c in self.unsure for c in among):
            return None
        return {id_ for c in among for id_ in self.known[c]}

    def _subjects(self, facts: Iterable[Fact]) -> set[str]:
        subjects = {id_ for ids in self.known.values() for id_ in ids}
        subjects |= {f"outlet:{o}" for o in self.known["outlets"]} | {f"person:{p}" for p in self.known["people"]}
        for fact in facts:
            subjects |= {fact.id, f"{fact.KIND}:{fact.id}"}
        return subjects


def _ids_by_name(facts: Iterable[Fact]) -> dict[str, str]:
    """The id of each person, outlet and product by its name, where one has it."""
    found: dict[str, list[str]] = {}
    for fact in facts:
        if isinstance(fact, Outlet | Person | ProductLine):
            found.setdefault(fact.name, []).append(fact.id)
    return {name: ids[0] for name, ids in found.items() if len(ids) == 1}


def _problem(id_: str, uses: Uses, alike: Sequence[str], named: Mapping[str, str], otherwise: Bilingual) -> Problem:
    first = uses.named[0]
    if id_.removeprefix("outlet:") in named:
        meant = named[id_.removeprefix("outlet:")]
        hint = Bilingual(f"这里填编号，不填名称：{meant}。", f"Give the id, not the name: {meant}.")
    elif same := [one for one in alike if _bare(one) == _bare(id_)]:
        hint = Bilingual(f"是否为“{same[0]}”？", f"Did you mean {same[0]!r}?")
    else:
        hint = did_you_mean(id_, alike, otherwise)
    if uses.count > 1:
        count = uses.count
        hint = Bilingual(f"{hint.zh}共 {count} 处使用。", f"{hint.en} It is used in {count} places.")
    return Problem(
        code="unknown_reference",
        sheet=first.sheet,
        row=first.row,
        column=first.column,
        letter=first.letter,
        value=id_,
        expected=first.expected,
        hint=hint,
        places=tuple(use.place for use in uses.named),
    )


def _bare(id_: str) -> str:
    """An id as one may write it who does not mind capitals and leading zeros."""
    return id_.casefold().lstrip("0")
