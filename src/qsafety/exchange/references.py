"""References across sheets: gathered while sheets are read, looked up when all are, so that one misspelt id is one problem."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from attrs import Factory, define, field, frozen

from qsafety.bilingual import Bilingual
from qsafety.dossier import Fact
from qsafety.exchange.problems import Problem, did_you_mean
from qsafety.law.obligations import edition_ids, obligations

SUBJECTS = ("subjects",)
"""What 对象 may be: a person, ``outlet:M2``, or a record by its id, with or without its kind."""
OBLIGATIONS = ("obligations",)
"""What 义务 may be: the id of an obligation of any edition."""

_MOST_PLACES = 100
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


@define
class _Uses:
    first: Use
    places: list[str]
    count: int = 1

    @property
    def full(self) -> bool:
        """Whether enough places are named; the others are counted."""
        return len(self.places) >= _MOST_PLACES


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
    used: dict[tuple[tuple[str, ...], str], _Uses] = Factory(dict)

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

    def use(self, collections: tuple[str, ...], id_: str, use: Use) -> None:
        """An id that is spoken of in a cell."""
        uses = self.used.get((collections, id_))
        if uses is None:
            self.used[collections, id_] = _Uses(use, [use.place])
            return
        uses.count += 1
        if not uses.full:
            uses.places.append(use.place)

    def problems(self, facts: Iterable[Fact]) -> Iterator[Problem]:
        """Every id that is spoken of and that nothing has, once."""
        there = {collections: self._there(collections) for collections in {key[0] for key in self.used}}
        if there.get(SUBJECTS) is not None:
            there[SUBJECTS] = self._subjects(facts)
        unknown: dict[tuple[str, ...], list[tuple[str, _Uses]]] = {}
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
                yield _problem(id_, uses, alike[:_MOST_COMPARED] if number < _MOST_HINTS else [])

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


def _problem(id_: str, uses: _Uses, alike: Sequence[str]) -> Problem:
    first = uses.first
    otherwise = Bilingual("请先登记，或改正编号。", "Enter it there first, or correct the id.")
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
        places=tuple(uses.places),
    )
