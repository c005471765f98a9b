"""What of a person is handed over. Personal fields live in ``Person`` only; every other record names people by id."""

from enum import StrEnum

import attrs

from qsafety.archive.source import Kept, Material
from qsafety.bilingual import Bilingual
from qsafety.codec import canonical
from qsafety.dossier import Dossier, Person
from qsafety.errors import UnknownWordError


class Redaction(StrEnum):
    """``none``: nothing hidden. ``masked``: the first character of a name, the ends of a telephone number. ``full``: ids alone."""

    NONE = "none"
    MASKED = "masked"
    FULL = "full"

    @property
    def label(self) -> Bilingual:
        """What it means."""
        return _LABELS[self]

    @classmethod
    def _missing_(cls, value: object) -> "Redaction":
        raise UnknownWordError(Bilingual("脱敏级别", "redaction"), value, [str(level) for level in cls])


_LABELS = {
    Redaction.NONE: Bilingual("未脱敏", "nothing is hidden"),
    Redaction.MASKED: Bilingual(
        "已脱敏：姓名、电话部分遮盖，无身份证号", "redacted: names and telephone numbers masked, no resident ids"
    ),
    Redaction.FULL: Bilingual("已脱敏：人员只留编号", "redacted: people by their ids alone"),
}


def redacted(material: Material, level: Redaction) -> Material:
    """The material at a level of redaction; earlier versions of persons are left out."""
    if level is Redaction.NONE:
        return material
    people = [hidden(person, level) for person in material.dossier.people or ()]
    records = dict(material.records)
    for person in people:
        key = (Person.KIND, person.id)
        records[key] = Kept(canonical(person), records[key].version)
    earlier = {key: kept for key, kept in material.earlier.items() if key[0] != Person.KIND}
    given = None if material.dossier.people is None else people
    return attrs.evolve(
        material, dossier=attrs.evolve(material.dossier, people=given), records=records, earlier=earlier
    )


def hidden(person: Person, level: Redaction) -> Person:
    """A person with what is personal hidden.

    >>> shown = hidden(Person(id="P2", name="陈示安", phone="13800001234"), Redaction.MASKED)
    >>> shown.name, shown.phone
    ('陈**', '138****1234')
    """
    if level is Redaction.FULL:
        return attrs.evolve(person, name=person.id, phone=None, resident_id=None)
    name = f"{person.name[0]}**" if len(person.name) > 1 else "*"
    phone = f"{person.phone[:3]}****{person.phone[-4:]}" if person.phone and len(person.phone) > 7 else None
    return attrs.evolve(person, name=name, phone=phone, resident_id=None)


def on_paper(dossier: Dossier, level: Redaction) -> Dossier:
    """The dossier as papers print it: at any level of redaction people stand there by their ids."""
    if level is Redaction.NONE or not dossier.people:
        return dossier
    return attrs.evolve(dossier, people=[hidden(person, Redaction.FULL) for person in dossier.people])
