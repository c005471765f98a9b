"""The index of a pack, made anew from its records and compared: that is how a slot is seen that somebody took out."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

import msgspec

from qsafety import law
from qsafety.archive import layout
from qsafety.archive.chain import Chain
from qsafety.archive.found import ASK, Found
from qsafety.archive.notes import notes
from qsafety.archive.packing import Asked, index_pages, version
from qsafety.archive.problems import PackProblem, Property
from qsafety.archive.redaction import Redaction, on_paper
from qsafety.archive.source import Key, Material
from qsafety.bilingual import Bilingual
from qsafety.dossier import as_known_on
from qsafety.errors import QSafetyError
from qsafety.rules.a13_archive import TITLES


def index(
    fields: Mapping[str, str],
    payload: Mapping[str, str],
    page: Callable[[str], bytes],
    given: Material,
    places: Mapping[Key, str],
    chain: Chain | None,
    hidden: Redaction,
    found: Found,
) -> None:
    """The twelve slots, and, of a pack that this version made, every entry of the index, the cover page and the instructions.

    ``payload``: the listed digests, which hold. ``page`` reads a file of the pack. ``places``: where each record lies, without its
    ending.
    """
    for path in layout.PAGES:
        if path not in payload:
            found.wrong(Property.INTEGRITY, path, "没有这个文件", "it is missing")
    try:
        since, until, on = (
            date.fromisoformat(fields[name]) for name in ("QSafety-Since", "QSafety-Until", "Bagging-Date")
        )
        edition = law.edition(fields["QSafety-Edition"])
    except (KeyError, ValueError, LookupError):
        found.wrong(
            Property.INTEGRITY, layout.BAG_INFO, "期间、日期或版本无法识别", "its window, day or edition is not known"
        )
        return
    unit = given.dossier.seller
    asked = Asked(
        since=since, until=until, on=on, edition=edition, redaction=hidden, papers=layout.INDEX_DOCX in payload
    )
    told = (fields.get("QSafety-Seller"), fields.get("External-Identifier"), fields.get("Source-Organization"))
    if told != (" ".join(unit.id.split()), unit.uscc or " ".join(unit.id.split()), " ".join(unit.name.split())):
        found.wrong(Property.INTEGRITY, layout.BAG_INFO, "单位与记录不符", "the seller is not that of the records")
    if fields.get("QSafety-Version") != version():
        made, here = fields.get("QSafety-Version"), version()
        found.note(
            f"由 qsafety {made} 制作，目录未用 {here} 重新推算",
            f"made by qsafety {made}; the index was not made anew by {here}",
        )
        listed = _slots(page(layout.INDEX_JSON))
        if lacking := [slot for slot in TITLES if slot not in listed]:
            found.wrong(
                Property.INTEGRITY, layout.INDEX_JSON, f"缺少 {'、'.join(lacking)}", f"it lacks {', '.join(lacking)}"
            )
        return
    known = as_known_on(on_paper(given.dossier, hidden), on)
    printed = {key for key, place in places.items() if f"{place}.docx" in payload}
    head = (chain.head, len(chain.lines)) if chain and chain.head else None
    try:
        for path, content in index_pages(given, asked, known, places, printed, head):
            if path in payload and payload[path] != hashlib.sha256(content).hexdigest():
                found.problems += _differences(path, page(path), content)
    except QSafetyError as error:
        found.problems.append(PackProblem(Property.USABILITY, layout.INDEX, error.message, ASK))
        return
    given_with = dict(notes())
    for path in payload:
        if path.startswith(f"{layout.NOTES}/") and path not in given_with:
            found.wrong(Property.INTEGRITY, path, "不是存档包的内容", "it is nothing that a pack holds")
    for path, content in given_with.items():
        if payload.get(path) != hashlib.sha256(content).hexdigest():
            found.wrong(Property.INTEGRITY, path, "不是存档包所附的说明", "it is not what a pack is given with")


def _differences(path: str, told: bytes, made: bytes) -> Iterable[PackProblem]:
    """Which slots the index lacks or says otherwise; the whole file where it cannot be said more closely."""
    hint = Bilingual("目录应由记录推出；请取得原件", "the index follows from the records; ask for the original")
    if path == layout.INDEX_JSON:
        there, right = _entries(told), _entries(made)
        rows = [
            (
                entry,
                Bilingual("目录缺少这一项", "the index lacks this entry")
                if entry not in there
                else Bilingual("目录所载与记录不符", "the index says otherwise than the records"),
            )
            for entry, row in right.items()
            if there.get(entry) != row
        ]
        rows += [
            (entry, Bilingual("目录多出这一项", "the index has an entry too many"))
            for entry in there
            if entry not in right
        ]
        for entry, what in rows:
            about = " ".join(part for part in entry if part)
            yield PackProblem(Property.INTEGRITY, path, Bilingual(f"{about}：{what.zh}", f"{about}: {what.en}"), hint)
        if rows:
            return
    yield PackProblem(Property.INTEGRITY, path, Bilingual("与记录推出的不同", "it is not what the records give"), hint)


def _entries(content: bytes) -> dict[tuple[str, ...], Any]:
    try:
        rows = msgspec.json.decode(content)["entries"]
        return {tuple(str(row[name] or "") for name in ("slot", "outlet", "period", "record")): row for row in rows}
    except (msgspec.MsgspecError, KeyError, TypeError, UnicodeDecodeError):
        return {}


def _slots(content: bytes) -> frozenset[str]:
    try:
        return frozenset(row["slot"] for row in msgspec.json.decode(content)["slots"])
    except (msgspec.MsgspecError, KeyError, TypeError, UnicodeDecodeError):
        return frozenset()
