"""A paper: the Word document, its digest, and how it reaches the disk, whole or not at all."""

import builtins
import itertools
import os
from collections.abc import Sequence
from pathlib import Path

import attrs

from qsafety.bilingual import Bilingual
from qsafety.errors import PaperError
from qsafety.law.vocabulary import FurtherPaper, PaperKind
from qsafety.papers.packages import digest
from qsafety.papers.pdf import pdfs


@attrs.frozen(kw_only=True, repr=False)
class Paper:
    """A rendered paper. ``bytes`` is the Word file, ``sha256`` the digest of its parts, equal on every machine.

    ``number`` is its document number, ``record`` the id of the record it prints, ``name`` the usual file name. ``remarks``: what is left to
    write before it is whole, as a duty paper whose measures name no output record (Articles 7 and 8).
    """

    kind: PaperKind | FurtherPaper
    number: str
    name: str
    record: str
    bytes: builtins.bytes
    sha256: str = attrs.field(default=attrs.Factory(lambda paper: digest(paper.bytes), takes_self=True))
    remarks: Sequence[Bilingual] = ()

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the Word file, whole or not at all, and return where; into a folder it goes under its usual name.

        A folder that is missing or cannot be written is a :class:`PaperError`; a file that was there stays as it was.
        """
        return write_whole(_target(path, self.name), self.bytes)

    def to_pdf(self, path: str | os.PathLike[str]) -> Path:
        """The same as PDF, through LibreOffice; without it a :class:`PaperError` says what to install."""
        target = _target(path, str(Path(self.name).with_suffix(".pdf")))
        return write_whole(target, pdfs([self.bytes])[0])

    def __repr__(self) -> str:
        return f"Paper({self.kind}, {self.number!r}, {len(self.bytes)} bytes, sha256={self.sha256[:12]})"


def _target(path: str | os.PathLike[str], name: str) -> Path:
    target = Path(path)
    return target / name if target.is_dir() else target


def write_whole(target: Path, content: bytes, *, durable: bool = True) -> Path:
    """Write beside the target, flush to the disk, then take its place: no reader ever sees half a file.

    Not ``durable``: without waiting for the disk, many times faster. What a power cut then leaves is found by its digest.
    """
    try:
        beside, file = _open_beside(target)
        try:
            with open(file, "wb") as stream:
                stream.write(content)
                if durable:
                    stream.flush()
                    os.fsync(stream.fileno())
            beside.replace(target)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as error:
        why = error.strerror or str(error)
        raise PaperError(
            Bilingual(f"无法写入 {target}：{why}", f"cannot write {target}: {why}"),
            advice=Bilingual(
                "请检查文件夹是否存在、是否可写，文件是否正被打开。",
                "See that the folder exists and can be written, and that the file is not open elsewhere.",
            ),
        ) from error
    return target


def _open_beside(target: Path) -> tuple[Path, int]:
    for n in itertools.count():
        beside = target.with_name(f".{target.name}.{os.getpid()}-{n}.part")
        try:
            return beside, os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
        except FileExistsError:
            continue
    raise AssertionError  # count() does not end
