"""存档备查 (Article 13): a folder for the inspector that anybody can check without anything of ours.

BagIt 1.0 (RFC 8493): ``sha256sum -c`` and bagit.py read it; a CMS signature and an RFC 3161 time stamp, where asked for, are for
``openssl``. Every record is canonical JSON with its paper beside it; the index says what Article 13 wants and what is missing.
"""

from qsafety.archive.checking import PackCheck, verify_pack
from qsafety.archive.packing import pack
from qsafety.archive.problems import (
    DamagedPackError,
    NoPackError,
    PackError,
    PackProblem,
    PackTooNewError,
    Property,
    RedactedPackError,
    SealError,
    TargetError,
)
from qsafety.archive.reading import read_pack
from qsafety.archive.redaction import Redaction
from qsafety.archive.sealing import Seal, SealStatus, Signer

__all__ = [
    "DamagedPackError",
    "NoPackError",
    "PackCheck",
    "PackError",
    "PackProblem",
    "PackTooNewError",
    "Property",
    "RedactedPackError",
    "Redaction",
    "Seal",
    "SealError",
    "SealStatus",
    "Signer",
    "TargetError",
    "pack",
    "read_pack",
    "verify_pack",
]
