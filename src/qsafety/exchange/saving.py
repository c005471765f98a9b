"""How a workbook reaches the disk: whole or not at all."""

import errno
import itertools
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from qsafety.bilingual import Bilingual
from qsafety.errors import QSafetyError
from qsafety.exchange.problems import LedgerTypeError

_REASONS = {
    errno.ENOENT: "没有这个文件或文件夹",
    errno.EEXIST: "已有同名文件",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EISDIR: "这是文件夹",
    errno.ENOTDIR: "路径中有一段不是文件夹",
    errno.ENOSPC: "磁盘已满",
    errno.EROFS: "只读",
    errno.ENAMETOOLONG: "名称太长",
    errno.ELOOP: "链接绕成了圈",
}


def reason(error: Exception) -> Bilingual:
    """What the system said, in both languages where we know its words.

    >>> reason(FileNotFoundError(errno.ENOENT, "No such file or directory")).zh
    '没有这个文件或文件夹'
    """
    said = getattr(error, "strerror", None) or str(error)
    return Bilingual(_REASONS.get(getattr(error, "errno", None) or 0, said), said)


class LedgerWriteError(QSafetyError, OSError):
    """A file that cannot be written; what was there before stays."""

    code = "file"


@contextmanager
def replacing(path: str | os.PathLike[str]) -> Generator[Path]:
    """A new file beside the target that takes its place when all went well, and is gone otherwise."""
    given: object = path
    if not isinstance(given, str | os.PathLike):
        kind = type(given).__name__
        raise LedgerTypeError(
            Bilingual(f"收到 {kind}，应为要写入的文件路径", f"got {kind}, expected the path of the file to write")
        )
    beside: Path | None = None
    try:
        target = Path(os.path.realpath(os.fsdecode(path)))
        beside = _new_beside(target)
        yield beside
        with beside.open("rb+") as written:
            os.fsync(written.fileno())
        beside.replace(target)
    except (OSError, ValueError) as error:
        if isinstance(error, QSafetyError):
            raise
        if isinstance(error, ValueError) and "\0" not in os.fsdecode(path):
            raise
        why = reason(error)
        raise LedgerWriteError(
            Bilingual(f"无法写入 {os.fsdecode(path)}：{why.zh}", f"cannot write {os.fsdecode(path)}: {why.en}"),
            advice=Bilingual(
                "请检查文件夹是否存在、是否可写，文件是否正被打开。",
                "See that the folder exists and can be written, and that the file is not open elsewhere.",
            ),
        ) from error
    finally:
        if beside is not None:
            beside.unlink(missing_ok=True)


def _new_beside(target: Path) -> Path:
    for n in itertools.count():
        beside = target.with_name(f".{target.name[:100]}.{os.getpid()}-{n}.part")
        try:
            os.close(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666))
        except FileExistsError:
            continue
        return beside
    raise AssertionError  # count() does not end
