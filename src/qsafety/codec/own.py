"""Facts → the one text that equal facts have, its digest, and the fast road back from bytes that we wrote."""

import gc
from collections.abc import Callable, Generator
from contextlib import contextmanager
from hashlib import sha256
from typing import Any, TypeVar

import msgspec

from qsafety.bilingual import Bilingual
from qsafety.codec.shapes import FORMAT, PREPARING, dossier_wire, wire
from qsafety.codec.syntax import flaws
from qsafety.dossier import COLLECTIONS, Dossier, Fact
from qsafety.errors import CodecError, JsonProblem

T = TypeVar("T", bound=Fact | Dossier)

# keys and sets in order, so that equal facts give equal bytes; no float and no key beyond ASCII, so that they are also
# what RFC 8785 asks for
_encode = msgspec.json.Encoder(order="sorted").encode


@contextmanager
def without_collector() -> Generator[None]:
    """No garbage collection meanwhile: a bulk of new facts holds no cycles, and looking for some is a tenth of the time."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def members(dossier: Dossier) -> dict[str, Any]:
    """The keys of a dossier's JSON; a collection that was not given has none."""
    given = {name: facts for name in COLLECTIONS if (facts := getattr(dossier, name)) is not None}
    return {"format": FORMAT, "seller": dossier.seller, "partial": dossier.partial, **given}


def canonical(fact: Fact | Dossier) -> bytes:
    """The one JSON text of a fact or a dossier, in UTF-8 (RFC 8785).

    Equal facts have equal bytes, in every process and version of Python. A text with half a character (a lone surrogate)
    has no bytes: :class:`~qsafety.errors.CodecError`.

    >>> from qsafety.dossier import ExternalRef
    >>> canonical(ExternalRef(system="erp", type="invoice", id="4711"))
    b'{"id":"4711","system":"erp","type":"invoice"}'
    """
    body = members(fact) if isinstance(fact, Dossier) else fact
    try:
        return _encode(body)
    except UnicodeEncodeError:
        raise CodecError([*flaws(msgspec.to_builtins(body))]) from None


def plain(fact: Fact | Dossier) -> Any:
    """A fact or a dossier as plain data: dates, times, numbers and words as text, sets as sorted lists."""
    return msgspec.json.decode(canonical(fact))


def digest(fact: Fact | Dossier) -> str:
    """The SHA-256 of :func:`canonical`, as lower-case hex: equal for equal facts of a kind, and for no others."""
    return sha256(canonical(fact)).hexdigest()


def read(cls: type[T], data: bytes) -> T:
    """The fact (or dossier) whose :func:`canonical` bytes these are.

    Nothing is checked but the form: use it for bytes that this library wrote and whose digest holds, and
    :func:`from_json` for all others. Bytes that are no fact of this kind: :class:`~qsafety.errors.CodecError`.
    """
    kind: type = cls
    try:
        made: T = (_DECODERS.get(kind) or _decoder(kind))(data)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        message = Bilingual(f"不是 {kind.__name__} 的存储内容：{error}", f"no stored {kind.__name__}: {error}")
        raise CodecError([JsonProblem("not_ours", "$", message)]) from error
    return made


_DECODERS: dict[type, Callable[[bytes], Any]] = {}


def _decoder(cls: type) -> Callable[[bytes], Any]:
    with PREPARING:
        decode = msgspec.json.Decoder(dossier_wire(strict=False) if cls is Dossier else wire(cls, strict=False)).decode

    def decode_dossier(data: bytes) -> Dossier:
        with without_collector():
            return Dossier(**decode(data))

    return _DECODERS.setdefault(cls, decode_dossier if cls is Dossier else decode)
