"""The form of a pack: names, manifests and ``bag-info.txt``, before any content is looked at."""

import hashlib
from collections.abc import Iterator, Mapping

import attrs

from qsafety.archive import layout
from qsafety.archive.bag import LONGEST_LINE, read_info, read_manifest
from qsafety.archive.found import ASK, Found, shown
from qsafety.archive.problems import PackProblem, PackTooNewError, Property
from qsafety.archive.tree import Tree, whole
from qsafety.archive.unfinished import PARTIAL
from qsafety.bilingual import Bilingual

_TAGS = (layout.BAGIT, layout.BAG_INFO, layout.MANIFEST)
_FIELDS = (
    "QSafety-Version",
    "QSafety-Seller",
    "QSafety-Since",
    "QSafety-Until",
    "QSafety-Edition",
    "QSafety-Redaction",
    "Bagging-Date",
    "Payload-Oxum",
    "Source-Organization",
    "External-Identifier",
)


def names(there: Tree, found: Found, name: str) -> None:
    """Names, links, look-alikes; an empty folder is a change too."""
    if name.endswith(PARTIAL):
        found.wrong(
            Property.INTEGRITY,
            "",
            "存档没有做完",
            "it was not finished",
            Bilingual("请重新运行 pack", "run pack again"),
        )
    for odd in there.odd:
        found.problems.append(PackProblem(Property.SECURITY, odd.path, odd.why, ASK))
    seen: dict[str, str] = {}
    for path in sorted([*there.files, *there.folders]):
        if why := layout.unfit(path):
            found.wrong(Property.SECURITY, shown(path), f"名称{why.zh}", f"of its name: {why.en}")
        other = seen.setdefault(layout.alike(path), path)
        if other != path:
            found.wrong(
                Property.SECURITY, shown(path), f"与 {shown(other)} 看起来一样", f"it looks like {shown(other)}"
            )
    used = {parent for path in there.files for parent in parents(path)}
    for folder in sorted(there.folders - used):
        found.wrong(Property.INTEGRITY, shown(folder), "多出的空文件夹", "an empty folder that does not belong")


def parents(path: str) -> Iterator[str]:
    """The folders above a path, the nearest first."""
    at = path.rpartition("/")[0]
    while at:
        yield at
        at = at.rpartition("/")[0]


@attrs.frozen
class Lists:
    """The manifests of a pack."""

    tags: Mapping[str, str]
    payload: Mapping[str, str]
    sm3: Mapping[str, str]
    seals: Mapping[str, str]

    def all(self) -> dict[str, str]:
        """Every path that a list names, with its digest."""
        return {**self.tags, **self.payload, **self.seals}


def lists(root: str, there: Tree, found: Found) -> Lists:
    """The manifests, and that they list what they should; one that is much too long for the files there is not read."""
    most = LONGEST_LINE * (len(there.files) + 256)

    def listed(name: str, inside: str = "") -> Mapping[str, str]:
        if name not in there.files:
            return {}
        content = whole(root, name, most)
        if content is None:
            found.wrong(Property.USABILITY, name, "无法读取，或过大", "it cannot be read, or is too large")
            return {}
        listed = read_manifest(content, name, inside=inside)
        found.problems += listed.problems
        return listed.sums

    read = Lists(
        listed(layout.TAG_MANIFEST),
        listed(layout.MANIFEST, "data/"),
        listed(layout.SM3_MANIFEST, "data/"),
        listed(layout.SEALS),
    )
    for name in (*_TAGS, layout.TAG_MANIFEST):
        if name not in there.files:
            found.wrong(Property.INTEGRITY, name, "没有这个文件", "it is missing")
    for name in _TAGS:
        if name not in read.tags and layout.TAG_MANIFEST in there.files:
            found.wrong(Property.INTEGRITY, layout.TAG_MANIFEST, f"没有列出 {name}", f"it does not list {name}")
    for name in read.tags.keys() - {*_TAGS, layout.SM3_MANIFEST}:
        found.wrong(
            Property.INTEGRITY, layout.TAG_MANIFEST, f"列出了不该有的 {name}", f"it lists {name}, which does not belong"
        )
    for name in read.seals.keys() - {layout.SIGNATURE, layout.TIMESTAMP}:
        found.wrong(
            Property.INTEGRITY, layout.SEALS, f"列出了不该有的 {name}", f"it lists {name}, which does not belong"
        )
    if read.sm3 and read.sm3.keys() != read.payload.keys():
        found.wrong(
            Property.INTEGRITY,
            layout.SM3_MANIFEST,
            "与 SHA-256 清单所列不同",
            "it does not list what the SHA-256 manifest lists",
        )
    return read


def info(root: str, there: Tree, lists: Lists, found: Found) -> Mapping[str, str]:
    """The fields of ``bag-info.txt``; a newer format is :class:`PackTooNewError`, unless the file was only changed."""
    if layout.BAGIT in there.files and whole(root, layout.BAGIT, 1024) != layout.DECLARATION:
        found.wrong(Property.INTEGRITY, layout.BAGIT, "不是 BagIt 1.0 的声明", "it is no declaration of BagIt 1.0")
    if layout.BAG_INFO not in there.files:
        return {}
    content = whole(root, layout.BAG_INFO, 1 << 20)
    if content is None:
        found.wrong(Property.USABILITY, layout.BAG_INFO, "无法读取，或过大", "it cannot be read, or is too large")
        return {}
    fields, problems = read_info(content, layout.BAG_INFO)
    found.problems += problems
    told = fields.get("QSafety-Format", "")
    unchanged = lists.tags.get(layout.BAG_INFO) == hashlib.sha256(content).hexdigest()
    if told.isdecimal() and int(told) > layout.FORMAT and unchanged:
        raise PackTooNewError(
            Bilingual(
                f"存档包的格式是 {told}，此处只识 {layout.FORMAT}",
                f"the pack has format {told}; known here is {layout.FORMAT}",
            ),
            advice=Bilingual("请运行：pip install --upgrade qsafety", "Run: pip install --upgrade qsafety"),
        )
    if told != str(layout.FORMAT):
        found.wrong(Property.USABILITY, layout.BAG_INFO, f"格式“{told}”无法识别", f"the format {told!r} is not known")
    for name in _FIELDS:
        if name not in fields:
            found.wrong(Property.INTEGRITY, layout.BAG_INFO, f"缺少 {name}", f"it lacks {name}")
    return fields


def oxum(fields: Mapping[str, str], size: int, lists: Lists, found: Found) -> None:
    """The size and number of the files under ``data/``, as ``bag-info.txt`` has them."""
    told = fields.get("Payload-Oxum")
    if fields and told != f"{size}.{len(lists.payload)}":
        found.wrong(
            Property.INTEGRITY,
            layout.BAG_INFO,
            f"Payload-Oxum 是 {told}，实为 {size}.{len(lists.payload)}",
            f"Payload-Oxum is {told}; there are {size}.{len(lists.payload)}",
        )
