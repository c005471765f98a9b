"""From a pack back to a dossier: checked first, and read in the same pass."""

import os

from qsafety.archive.checking import examined
from qsafety.archive.problems import DamagedPackError
from qsafety.dossier import Dossier


def read_pack(path: str | os.PathLike[str]) -> Dossier:
    """The dossier of a pack, equal to the one that was packed; ``sources`` says in which file each record lies.

    The pack is checked as by :func:`qsafety.verify_pack`; one that is not as it was made is
    :class:`~qsafety.archive.DamagedPackError`, which lists everything, and nothing is read from it. From a redacted pack people
    come back as it has them; ``verify_pack(path).redaction`` says which level.
    """
    found = examined(path)
    if not found.check.ok or found.dossier is None:
        raise DamagedPackError(str(path), found.check.problems)
    return found.dossier
