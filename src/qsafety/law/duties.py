"""The obligations of an edition that is read from a folder: its own rows, or inherited ones with what it says differently."""

from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from qsafety.bilingual import Bilingual
from qsafety.law.obligations import Obligation
from qsafety.law.provisions import Edition, Provision, upwards
from qsafety.law.tables import Folder, Table
from qsafety.law.vocabulary import Actor, Modality, PenaltyLimb, Trigger

_ROW = ("provision", "actor", "modality", "trigger", "limbs", "archive", "zh", "en", "quotes")
_SLOTS = frozenset(f"S{n}" for n in range(1, 13))


@attrs.frozen
class Duties:
    """What an edition asks. ``known`` has every id there may be (None: the edition that says so is being read)."""

    folder: Folder
    about: Table
    base: Edition | None
    known: Edition | None

    def obligations(self) -> tuple[Obligation, ...]:
        """``obligations.toml`` or the rows of the base, each with what ``[obligations]`` changes."""
        rows = {o.id: o for o in self.base.obligations} if self.base else {}
        ids = [o.id for o in self.known.obligations] if self.known else None
        own = self.folder.toml("obligations.toml")
        if own is not None:
            rows = dict(self._rows(Table(self.folder, "obligations.toml", own), {}, ids))
            if missing := [id_ for id_ in ids or () if id_ not in own]:
                listed = ", ".join(missing)
                self.folder.wrong("obligations.toml", (), f"缺少义务：{listed}", f"obligations are missing: {listed}")
        elif self.base is None and not any(p.file == "obligations.toml" for p in self.folder.problems):
            self.folder.wrong("obligations.toml", (), "没有这个文件", "there is no such file")
        changes = self.about.inner("obligations")
        if changes is not None and rows:
            rows |= dict(self._rows(changes, rows, [*rows]))
        return tuple(rows.values())

    def _rows(
        self, table: Table, rows: Mapping[str, Obligation], known: list[str] | None
    ) -> Iterator[tuple[str, Obligation]]:
        for id_ in table.values:
            if known is not None and id_ not in known:
                table.unknown(id_, Bilingual("义务", "obligation"), id_, known)
                continue
            row = table.inner(id_)
            made = None if row is None else _obligation(id_, row, rows.get(id_))
            if made is not None:
                yield id_, made

    def dropped(self, obligations: tuple[Obligation, ...]) -> frozenset[str]:
        """The ids of the duties that this edition, or its base, no longer has."""
        named = self.about.texts("dropped") or ()
        ids = [o.id for o in obligations]
        for id_ in named:
            if ids and id_ not in ids:
                self.about.unknown("dropped", Bilingual("义务", "obligation"), id_, ids)
        return (self.base.dropped if self.base else frozenset[str]()) | frozenset(named)

    def rest_on(
        self, provisions: tuple[Provision, ...], obligations: tuple[Obligation, ...], dropped: frozenset[str]
    ) -> None:
        """Every obligation names a provision that is there and quotes its article; what is dropped quotes nothing."""
        ids = {id_ for p in provisions for id_ in upwards(p.id)}
        articles: dict[str, str] = {}
        for piece in provisions:
            articles[str(piece.article)] = articles.get(str(piece.article), "") + piece.text
        for duty in obligations if provisions else ():
            file, place = self._where(duty.id)
            if duty.provision not in ids:
                self.folder.wrong(
                    file,
                    place,
                    f"义务 {duty.id} 所在的条款 {duty.provision} 不在条文中",
                    f"obligation {duty.id} names provision {duty.provision}, which the text does not have",
                )
                continue
            for quote in duty.quotes if duty.id not in dropped else ():
                if quote not in articles[duty.provision.partition(".")[0]]:
                    said = quote if len(quote) <= 30 else quote[:30] + "…"
                    self.folder.wrong(
                        file,
                        place,
                        f'义务 {duty.id} 引用的“{said}”不在条文中；请在 [obligations."{duty.id}"] 写上新的 quotes，或列入 dropped',
                        f"obligation {duty.id} quotes “{said}”, which the text does not have; give its new quotes in "
                        f'[obligations."{duty.id}"], or list it under dropped',
                    )

    def _where(self, obligation: str) -> tuple[str, tuple[str, ...]]:
        """Where the row of an obligation stands in this folder; where it stands nowhere, what changed its words."""
        changes = self.about.inner("obligations")
        if changes is not None and obligation in changes.values:
            return "edition.toml", ("obligations", obligation)
        if "obligations.toml" in self.folder.files:
            return "obligations.toml", (obligation,)
        return ("text.txt", ()) if "text.txt" in self.folder.files else ("edition.toml", ("provisions",))


def _obligation(id_: str, row: Table, old: Obligation | None) -> Obligation | None:
    row.only(_ROW)
    if old is None and not all([row.needs(k) for k in ("provision", "modality", "trigger", "zh", "en", "quotes")]):
        return None
    given: dict[str, Any] = {
        "provision": row.text("provision"),
        "actor": row.word("actor", Actor),
        "modality": row.word("modality", Modality),
        "trigger": row.word("trigger", Trigger),
        "limbs": row.words("limbs", PenaltyLimb),
        "archive_slots": row.texts("archive"),
        "quotes": row.texts("quotes"),
    }
    if wrong := sorted(set(given["archive_slots"] or ()) - _SLOTS):
        row.wrong("archive", f"没有存档位 {'、'.join(wrong)}", f"there is no slot {', '.join(wrong)}; S1 to S12")
    zh, en = row.text("zh"), row.text("en")
    given = {name: value for name, value in given.items() if value is not None}
    if old is not None:
        return attrs.evolve(old, action=Bilingual(zh or old.action.zh, en or old.action.en), **given)
    if not {"provision", "modality", "trigger", "quotes"} <= given.keys() or zh is None or en is None:
        return None
    return Obligation(id=id_, action=Bilingual(zh, en), **given)
