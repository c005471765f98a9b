"""Where things lie in a pack: its folders, the name of each record's file, and which names no pack may hold.

BagIt 1.0 (RFC 8493) says what stands around ``data/``; Article 13 says what is kept in it.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping

from qsafety.bilingual import Bilingual
from qsafety.dossier import Fact, Hazard
from qsafety.law.vocabulary import HazardSource

FORMAT = 1
"""The format of a pack that this version writes, and the newest that it reads."""

BAGIT, BAG_INFO = "bagit.txt", "bag-info.txt"
MANIFEST, TAG_MANIFEST, SM3_MANIFEST = "manifest-sha256.txt", "tagmanifest-sha256.txt", "metadata/manifest-sm3.txt"
SIGNATURE, TIMESTAMP = f"signatures/{TAG_MANIFEST}.p7s", f"timestamps/{TAG_MANIFEST}.tsr"
SEALS = "signatures/manifest-sha256.txt"
"""The digests of signature and time stamp: what signs the tag manifest cannot stand in it."""

DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"

INDEX = "data/00-目录"
INDEX_JSON, INDEX_CSV, INDEX_DOCX = f"{INDEX}/manifest.json", f"{INDEX}/目录.csv", f"{INDEX}/目录.docx"
COVER_TXT, COVER_DOCX = f"{INDEX}/检查要点.txt", f"{INDEX}/检查要点.docx"
PAGES = (INDEX_JSON, INDEX_CSV, COVER_TXT)
"""What of the index is text, and follows from the records alone."""
PEOPLE, DUTIES, RISKS, DAILY, WEEKLY, MONTHLY, OPINIONS, TRAINING, OTHER = (
    "data/01-机构与人员",
    "data/02-职责与守则",
    "data/03-风险管控清单",
    "data/04-日管控",
    "data/05-周排查",
    "data/06-月调度",
    "data/07-意见建议",
    "data/08-培训考核",
    "data/09-其他",
)
COLLECTIONS = f"{OTHER}/dossier-collections.json"
"""Which collections were given: "not given" and "given, and empty" are not the same, and the records alone cannot tell."""

CHAIN, EARLIER = "data/90-链/chain.tsv", "data/90-链/versions"
"""The store's chain, and the versions that a later one has replaced."""

NOTES = "data/99-说明"

_FOLDERS: Mapping[str, str] = {
    **dict.fromkeys(
        ("seller", "outlet", "closure", "person", "appointment", "post", "competence", "performance", "support"), PEOPLE
    ),
    "text": DUTIES,
    "risk_list": RISKS,
    "daily_check": DAILY,
    "nonconforming": DAILY,
    "weekly_screening": WEEKLY,
    "monthly_coordination": MONTHLY,
    **dict.fromkeys(("opinion", "decision"), OPINIONS),
    **dict.fromkeys(("training", "exam", "spot_check"), TRAINING),
}
_FOUND_BY = {HazardSource.DAILY: DAILY, HazardSource.WEEKLY: WEEKLY, HazardSource.MONTHLY: MONTHLY}
RECORDS = (PEOPLE, DUTIES, RISKS, DAILY, WEEKLY, MONTHLY, OPINIONS, TRAINING, OTHER)
"""The folders that hold records, as JSON, with the papers beside them."""


def folder_of(fact: Fact) -> str:
    """The folder of a record; a hazard's is that of the cadence that found it."""
    if isinstance(fact, Hazard):
        return _FOUND_BY.get(fact.source, OTHER)
    return _FOLDERS.get(fact.KIND, OTHER)


def stems(keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """The file name, without its ending, of each record by its kind and id; no two are the same on any file system.

    >>> stems([("hazard", "H1"), ("daily_check", "daily_check:M1:2024-01-31")])
    {('hazard', 'H1'): 'hazard-H1', ('daily_check', 'daily_check:M1:2024-01-31'): 'daily_check-M1-2024-01-31'}
    """
    plain = {key: _plain(*key) for key in keys}
    shared: dict[str, int] = {}
    for stem, _ in plain.values():
        shared[stem.casefold()] = shared.get(stem.casefold(), 0) + 1
    return {
        key: stem if whole and shared[stem.casefold()] == 1 else f"{stem}-{_mark(*key)}"
        for key, (stem, whole) in plain.items()
    }


def _plain(kind: str, id_: str) -> tuple[str, bool]:
    """A name that every file system takes, and whether nothing of the id was lost but its colons."""
    own = unicodedata.normalize("NFC", id_.removeprefix(f"{kind}:")).replace(":", "-")
    kept = "".join(c if c.isalnum() or c in "-_." else "_" for c in own)
    short = kept.encode()[:100].decode(errors="ignore").rstrip(".")
    return f"{kind}-{short}", short == id_.removeprefix(f"{kind}:").replace(":", "-")


def _mark(kind: str, id_: str) -> str:
    return hashlib.sha256(f"{kind}\t{id_}".encode()).hexdigest()[:12]


def earlier(stem: str, version: int) -> str:
    """Where an earlier version of a record lies."""
    return f"{EARLIER}/{stem}.v{version}.json"


def folder_name(seller: str, uscc: str | None, since: object, until: object) -> str:
    """The name of the pack's own folder: credit code, seller, window."""
    stem = stems([("", seller)])["", seller].removeprefix("-")
    return "_".join(filter(None, (uscc, stem, str(since), str(until))))


_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(\..*)?", re.IGNORECASE)
_NOT_ON_WINDOWS = frozenset('<>:"|?*')
_LONGEST, _LONGEST_PATH = 255, 1024


_PLAIN_PART = r"(?!(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:[./]|$))[0-9A-Za-z_\-一-鿿]+(?:\.[0-9A-Za-z_\-一-鿿]+)*"
_PLAIN = re.compile(f"{_PLAIN_PART}(?:/{_PLAIN_PART})*", re.IGNORECASE | re.ASCII)
"""Paths of which nothing has to be asked, for they are nearly all: letters, digits, Chinese, no part longer than 85 characters."""


def _is_plain(path: str) -> bool:
    return len(path) <= 85 and _PLAIN.fullmatch(path) is not None


def unfit(path: str) -> Bilingual | None:
    """Why a path may stand in no pack; None where it may. Nothing of that name is ever opened.

    >>> unfit("data/../../etc/passwd").en
    'it leads out of the pack (..)'
    """
    if _is_plain(path):
        return None
    if not path or path.startswith(("/", "\\")) or re.match(r"[A-Za-z]:", path):
        return Bilingual("是绝对路径或带盘符", "it is absolute, or names a drive")
    if "\\" in path:
        return Bilingual("含有反斜杠", "it contains a backslash")
    try:
        path.encode()
    except UnicodeEncodeError:
        return Bilingual("不是 UTF-8", "it is not UTF-8")
    if any(unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp", "Co", "Cn") for c in path):
        return Bilingual("含有控制字符或不可见字符", "it contains a control character or one that is not seen")
    if unicodedata.normalize("NFC", path) != path:
        return Bilingual("不是 NFC 规范形式", "it is not in the normal form NFC")
    if len(path) > _LONGEST_PATH:
        return Bilingual("名称过长", "it is too long")
    parts = path.split("/")
    if ".." in parts:
        return Bilingual("指向存档包之外（..）", "it leads out of the pack (..)")
    for part in parts:
        if part in ("", "."):
            return Bilingual("有空的一段", "a part of it is empty")
        if part[-1] in ". " or part[0] == " ":
            return Bilingual(
                "有一段以点或空格结尾、或以空格开头", "a part ends with a dot or space, or begins with a space"
            )
        if _RESERVED.fullmatch(part):
            return Bilingual(f"{part} 是系统保留名", f"{part} is a reserved name")
        if _NOT_ON_WINDOWS & set(part) or "%" in part:
            return Bilingual("含有文件名不能用的字符", "it contains a character that file names cannot have")
        if len(part.encode()) > _LONGEST:
            return Bilingual("名称过长", "it is too long")
    return None


def alike(path: str) -> str:
    """What two paths have in common that some file system takes for one: capitals, composed and compatible characters."""
    if _is_plain(path):
        return path.lower()
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", path).casefold())
