"""Who and what the records speak of that the dossier does not have: told at the head of a report, for it may be a slip of the pen.

A ledger with such a reference is refused, cell by cell. A dossier that a host keeps may well have it (a person erased, a record of years
ago left out), so there it is no error.
"""

from collections.abc import Iterable, Iterator, Mapping

from qsafety.bilingual import Bilingual, listed
from qsafety.dossier import LABELS, Dossier

_PEOPLE: Mapping[str, tuple[str, ...]] = {
    "appointments": ("person", "reports_to"),
    "posts": ("person",),
    "competences": ("person",),
    "trainings": ("attendees",),
    "exams": ("person",),
    "spot_checks": ("person",),
    "texts": ("compiled_by", "approved_by"),
    "risk_lists": ("compiled_by", "approved_by"),
    "daily_checks": ("officer",),
    "hazards": ("reported_to", "owner", "verified_by"),
    "weekly_screenings": ("organiser", "participants"),
    "monthly_coordinations": ("chair", "participants"),
    "opinions": ("raised_by",),
    "decisions": ("decided_by",),
    "defects": ("found_by",),
    "performance": ("person",),
    "support": ("person",),
}
_PLACES: Mapping[str, tuple[str, ...]] = {"daily_checks": ("outlet",), "hazards": ("outlet",), "products": ("outlets",)}
_FOUND: Mapping[str, tuple[str, ...]] = {"weekly_screenings": ("findings",), "inspections": ("findings",)}
_HEARD: Mapping[str, tuple[str, ...]] = {"decisions": ("heard",)}
_SPOKEN_OF = {"people": _PEOPLE, "outlets": _PLACES, "hazards": _FOUND, "opinions": _HEARD}
_SHOWN = 6


def strangers(dossier: Dossier) -> Iterator[Bilingual]:
    """A sentence for each complete collection of which ids are spoken of that it does not have, with the records that do."""
    for name, fields in _SPOKEN_OF.items():
        if not dossier.complete(name):
            continue
        known = {fact.id for fact in getattr(dossier, name)}
        found: dict[str, str] = {}
        for collection, names in fields.items():
            for fact in getattr(dossier, collection) or ():
                for field in names:
                    for id_ in _ids(getattr(fact, field)):
                        if id_ not in known:
                            found.setdefault(id_, fact.id)
        if found:
            said = listed(f"{id_} ({record})" for id_, record in [*found.items()][:_SHOWN])
            more = len(found) - _SHOWN
            zh, en = (f"，另有 {more} 个", f", and {more} more") if more > 0 else ("", "")
            label = LABELS[name]
            yield Bilingual(
                f"记录提到的编号不在“{label.zh}”中：{said.zh}{zh}；可能写错，也可能没有登记",
                f"records speak of ids that are not among the {label.en}: {said.en}{en}; misspelt, or not entered",
            )


def _ids(value: object) -> Iterable[str]:
    if isinstance(value, str):
        return (value,)
    return value if isinstance(value, tuple) else ()
