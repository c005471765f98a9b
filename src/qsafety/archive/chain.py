"""``chain.tsv``: the journal of a store as lines of text, which anybody can recompute.

No header; a line is seq, kind, key, version, digest, at, by and link, joined by tabs. ``link`` is the SHA-256, in hex, of the link
before and the six fields after seq, joined by tabs; the first link before is empty. ``digest`` is that of the record's JSON in the pack.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from attrs import frozen

from qsafety.archive.problems import PackProblem, Property
from qsafety.bilingual import Bilingual
from qsafety.storage.journal import ERASURE, Entry

_NUMBER, _HEX = re.compile(r"[1-9][0-9]{0,17}"), re.compile(r"[0-9a-f]{64}")


def text(entries: Iterable[Entry]) -> bytes:
    """The journal as it stands in the pack."""
    return "".join(
        "\t".join((str(e.seq), e.kind, e.key, str(e.version), e.digest, e.at, e.by, e.link)) + "\n" for e in entries
    ).encode()


@frozen
class Line:
    """A line of the chain."""

    seq: int
    kind: str
    key: str
    version: int
    digest: str
    link: str

    @property
    def erasure(self) -> bool:
        """Whether it says that a person was erased."""
        return self.kind == ERASURE


@frozen
class Chain:
    """The lines that could be read, and what is wrong with them."""

    lines: tuple[Line, ...] = ()
    problems: tuple[PackProblem, ...] = ()

    @property
    def head(self) -> str | None:
        """The last link."""
        return self.lines[-1].link if self.lines else None

    def erased(self) -> Mapping[str, int]:
        """The persons that were erased, with the version that was current."""
        return {line.key: line.version for line in self.lines if line.erasure}


def read(content: bytes, path: str) -> Chain:
    """The chain of a file, every link computed anew."""
    problems = [*_form(content, path)]
    lines: list[Line] = []
    prev = ""
    for number, row in enumerate(content.decode("utf-8", "replace").split("\n")[:-1], 1):
        cells = row.split("\t")
        if (
            len(cells) != 8
            or not _NUMBER.fullmatch(cells[0])
            or not _NUMBER.fullmatch(cells[3])
            or not _HEX.fullmatch(cells[4])
        ):
            problems.append(
                _broken(path, Bilingual(f"第 {number} 行不是链的一行", f"line {number} is no line of a chain"))
            )
            continue
        seq, kind, key, version, digest, at, by, link = cells
        if int(seq) != number:
            problems.append(
                _broken(path, Bilingual(f"第 {number} 行的序号是 {seq}", f"line {number} has the number {seq}"))
            )
        if hashlib.sha256("\t".join((prev, kind, key, version, digest, at, by)).encode()).hexdigest() != link:
            problems.append(
                _broken(
                    path,
                    Bilingual(
                        f"第 {number} 行的链值与内容不符", f"the link of line {number} is not that of its content"
                    ),
                )
            )
        lines.append(Line(int(seq), kind, key, int(version), digest, link))
        prev = link
    return Chain(tuple(lines), tuple(problems))


def _form(content: bytes, path: str) -> Iterator[PackProblem]:
    if not content or not content.endswith(b"\n") or b"\r" in content:
        yield _broken(path, Bilingual("为空，或行尾不是 LF", "it is empty, or its lines do not end with LF"))
    try:
        content.decode()
    except UnicodeDecodeError:
        yield _broken(path, Bilingual("不是 UTF-8", "it is not UTF-8"))


def _broken(path: str, what: Bilingual) -> PackProblem:
    hint = Bilingual("链被改动过；请取得原件", "the chain was changed; ask for the original")
    return PackProblem(Property.AUTHENTICITY, path, what, hint)


def compared(
    chain: Chain,
    path: str,
    records: Mapping[tuple[str, str], str],
    earlier: Mapping[str, str],
    place: Callable[[Line], str],
    hidden: bool,
) -> Iterator[PackProblem]:
    """The chain against the records: each latest version is the one in the pack, each earlier one is kept beside the chain.

    ``records``: the digest of each record's JSON by kind and id. ``earlier``: the digests of earlier versions by path; ``place`` says
    where that of a line lies. ``hidden``: persons are redacted, so that their digests are those of what is not in the pack.
    """
    latest: dict[tuple[str, str], Line] = {}
    replaced: list[Line] = []
    erased = chain.erased()
    for line in chain.lines:
        if line.erasure:
            continue
        key = (line.kind, line.key)
        before = latest.get(key)
        if line.version != (before.version + 1 if before else 1):
            yield _broken(
                path,
                Bilingual(f"{line.kind} {line.key} 的版本不连续", f"the versions of {line.kind} {line.key} have gaps"),
            )
        if before:
            replaced.append(before)
        latest[key] = line
    kept = {place(line): line for line in replaced if not _gone(line, erased, hidden)}
    for name, line in kept.items():
        if name not in earlier:
            yield _missing(path, line)
        elif earlier[name] != line.digest:
            yield _broken(name, Bilingual("不是链上所载的旧版本", "it is not the earlier version that the chain names"))
    for key, line in latest.items():
        if _gone(line, erased, hidden):
            continue
        if key not in records:
            yield _missing(path, line)
        elif records[key] != line.digest:
            yield _broken(
                path,
                Bilingual(
                    f"{line.kind} {line.key} 不是链上所载的内容", f"{line.kind} {line.key} is not what the chain names"
                ),
            )
    for kind, id_ in records:
        if (kind, id_) not in latest:
            yield _broken(path, Bilingual(f"{kind} {id_} 不在链上", f"{kind} {id_} is not in the chain"))
    for name in earlier.keys() - kept.keys():
        yield _broken(name, Bilingual("不在链上", "it is not in the chain"))


def _gone(line: Line, erased: Mapping[str, int], hidden: bool) -> bool:
    return line.kind == "person" and (hidden or line.version <= erased.get(line.key, 0))


def _missing(path: str, line: Line) -> PackProblem:
    return PackProblem(
        Property.INTEGRITY,
        path,
        Bilingual(
            f"链上的 {line.kind} {line.key} 第 {line.version} 版不在包中",
            f"{line.kind} {line.key} v{line.version} of the chain is not in the pack",
        ),
        Bilingual("请取得原件", "ask for the original"),
    )
