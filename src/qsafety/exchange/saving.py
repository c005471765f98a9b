"""How a workbook reaches the disk: whole or not at all."""

import itertools
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from qsafety.bilingual import Bilingual
from qsafety.errors import QSafetyError
from qsafety.exchange.problems import LedgerTypeError


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
        why = getattr(error, "strerror", None) or str(error)
        raise LedgerWriteError(
            Bilingual(f"无法写入 {os.fsdecode(path)}：{why}", f"cannot write {os.fsdecode(path)}: {why}"),
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
