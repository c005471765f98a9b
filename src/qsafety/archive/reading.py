"""From a pack back to a dossier: checked first, and read in the same pass."""

import os

from qsafety.archive.checking import examined
from qsafety.archive.problems import DamagedPackError, RedactedPackError
from qsafety.archive.redaction import Redaction
from qsafety.bilingual import Bilingual
from qsafety.dossier import Dossier


def read_pack(path: str | os.PathLike[str], *, redacted: bool = True) -> Dossier:
    """The dossier of a pack, equal to the one that was packed; ``sources`` says in which file each record lies.

    The pack is checked as by :func:`qsafety.verify_pack`; one that is not as it was made is
    :class:`~qsafety.archive.DamagedPackError`, which lists everything, and nothing is read from it. From a redacted pack people
    come back as it has them; ``verify_pack(path).redaction`` says which level. With ``redacted=False``, for who goes on to keep what was
    read, such a pack is :class:`~qsafety.archive.RedactedPackError`: masked names would become the next version of the real ones.
    """
    found = examined(path)
    if not found.check.ok or found.dossier is None:
        raise DamagedPackError(str(path), found.check.problems)
    level = found.check.redaction
    if level is not Redaction.NONE and not redacted:
        raise RedactedPackError(
            Bilingual(f"{path} 已脱敏（{level}），没有读取", f"{path} is redacted ({level}), and was not read"),
            advice=Bilingual(
                "遮盖过的姓名会被当作真实的姓名；请用未脱敏的包。",
                "Its masked names would pass for the real ones; use a pack that is not redacted.",
            ),
        )
    return found.dossier
