"""What may be a key: it must fit every backend's index, and be told apart in a line of the journal."""

import re

from qsafety.bilingual import Bilingual
from qsafety.dossier import KINDS, Fact, Seller
from qsafety.errors import FactError, StoreError
from qsafety.storage.backend import KEY_BYTES, SELLER_BYTES

_FORBIDDEN = re.compile("[\t\n\r\0\ud800-\udfff]")  # the last are halves of characters, which have no UTF-8
_KEPT = frozenset(KINDS.values())


def kind_of(cls: type[Fact]) -> str:
    """The kind under which facts of a class are kept; a class that no store keeps is :class:`~qsafety.errors.FactError`."""
    if cls not in _KEPT:
        name = getattr(cls, "__name__", repr(cls))
        kept = [kind.__name__ for kind in KINDS.values()]
        raise FactError(
            Bilingual(f"{name} 不是可存储的记录", f"{name} is no kind of record that a store keeps"),
            value=cls,
            advice=Bilingual(f"可存储：{'、'.join(kept)}。", f"Stores keep: {', '.join(kept)}."),
        )
    return cls.KIND


def check_text(name: str, value: object) -> None:
    """Refuse what is no text where an id is asked for."""
    if not isinstance(value, str):
        raise StoreError(
            Bilingual(
                f"{name}：应为文本，而非 {type(value).__name__}",
                f"{name}: text was expected, and {type(value).__name__} came",
            ),
            advice=Bilingual("请给出编号，例如 'hz01'。", "Give the id, such as 'hz01'."),
        )


def check_number(name: str, value: object) -> None:
    """Refuse what is no whole number, none below zero, where a version or a place in a journal is asked for."""
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise StoreError(
            Bilingual(
                f"{name}：应为不小于 0 的整数，而非 {value!r}", f"{name}: a number from 0 was expected, not {value!r}"
            )
        )


def check_place(seller: str, key: str) -> None:
    """Refuse a seller or an id that cannot be a key."""
    for name, text, most in (("seller", seller, SELLER_BYTES), ("id", key, KEY_BYTES)):
        if type(text) is str and text.isascii() and text.isprintable() and 0 < len(text) <= most:
            continue  # nearly all are so
        check_text(name, text)
        if not text or _FORBIDDEN.search(text) or len(text.encode()) > most:
            raise _unfit(name, text, most)


def check_author(by: str) -> None:
    """Refuse an author that cannot stand in a line of the journal."""
    if type(by) is str and by.isascii() and len(by) <= KEY_BYTES and (by.isprintable() or not by):
        return
    check_text("by", by)
    if _FORBIDDEN.search(by) or len(by.encode()) > KEY_BYTES:
        raise _unfit("by", by, KEY_BYTES)


def check_own(seller: str, fact: Fact) -> None:
    """A seller is kept under its own id."""
    if isinstance(fact, Seller) and fact.id != seller:
        raise StoreError(
            Bilingual(
                f"销售单位“{fact.id}”不能存入“{seller}”名下", f"seller {fact.id!r} cannot be kept under {seller!r}"
            ),
            advice=Bilingual(f"请存入“{fact.id}”。", f"Put it under {fact.id!r}."),
        )


def _unfit(name: str, text: str, most: int) -> StoreError:
    shown = text if len(text) <= 60 else text[:57] + "..."
    return StoreError(
        Bilingual(f"{name}：{shown!r} 不能用作存储的键", f"{name}: {shown!r} cannot be a key of a store"),
        advice=Bilingual(
            f"应为 1 至 {most} 字节，且不含制表符、换行和空字符。",
            f"It should have 1 to {most} bytes, and no tab, line break or NUL.",
        ),
    )
