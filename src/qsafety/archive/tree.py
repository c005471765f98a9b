"""What lies in a folder, and its digests: nothing is followed, nothing outside is opened, and memory does not grow with a file."""

import hashlib
import os
import stat
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import Any

from attrs import frozen

from qsafety.bilingual import Bilingual

_DEEPEST = 32
_PIECE = 1 << 20
_BATCH = 64
_O = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
KEPT = 5 << 20
"""The longest record, in bytes; a longer file is only hashed."""


@frozen
class Odd:
    """Something in a folder that is neither a file nor a folder, or that cannot be looked at."""

    path: str
    why: Bilingual


@frozen
class Tree:
    """The files of a folder with their sizes, its sub-folders, and what is neither."""

    files: dict[str, int]
    folders: set[str]
    odd: list[Odd]


def tree(root: str) -> Tree:
    """Everything below a folder; links are named and not followed."""
    found = Tree({}, set(), [])
    rest = [("", 0)]
    while rest:
        at, depth = rest.pop()
        try:
            entries = os.scandir(os.path.join(root, at))
        except OSError as error:
            found.odd.append(Odd(at, _unreadable(error)))
            continue
        with entries:
            for entry in entries:
                path = f"{at}/{entry.name}" if at else entry.name
                if entry.is_symlink() or _junction(entry):
                    found.odd.append(Odd(path, Bilingual("是链接，没有跟随", "it is a link, and was not followed")))
                elif entry.is_file(follow_symlinks=False):
                    found.files[path] = entry.stat(follow_symlinks=False).st_size
                elif not entry.is_dir(follow_symlinks=False):
                    found.odd.append(Odd(path, Bilingual("不是普通文件", "it is no ordinary file")))
                elif depth >= _DEEPEST:
                    found.odd.append(Odd(path, Bilingual("文件夹嵌套过深", "folders are nested too deeply")))
                else:
                    found.folders.add(path)
                    rest.append((path, depth + 1))
    return found


def _junction(entry: "os.DirEntry[str]") -> bool:
    look: Callable[[], bool] | None = getattr(entry, "is_junction", None)  # Python 3.12, Windows
    return look() if look else False


def _unreadable(error: OSError) -> Bilingual:
    why = error.strerror or str(error)
    return Bilingual(f"无法读取：{why}", f"it cannot be read: {why}")


@frozen
class Summed:
    """A file that was read: its digests, its bytes where they were wanted and it is no longer than a record, or why it was not read."""

    path: str
    sha256: str = ""
    sm3: str = ""
    size: int = 0
    body: bytes | None = None
    why: Bilingual | None = None


def summed(root: str, paths: Iterable[str], *, sm3: bool, wanted: Callable[[str], bool]) -> Iterator[Summed]:
    """Each file's digests, in the order of the paths; several are read at once, and few results wait."""
    rest = iter(paths)
    workers = min(8, os.cpu_count() or 1)
    with ThreadPoolExecutor(workers) as pool:
        waiting: deque[Future[list[Summed]]] = deque()

        def more() -> None:
            if batch := list(islice(rest, _BATCH)):
                waiting.append(pool.submit(_batch, root, batch, sm3, wanted))

        for _ in range(2 * workers):
            more()
        while waiting:
            results = waiting.popleft().result()
            more()
            yield from results


def _batch(root: str, paths: Sequence[str], sm3: bool, wanted: Callable[[str], bool]) -> list[Summed]:
    return [_summed(root, path, sm3, wanted(path)) for path in paths]


def _summed(root: str, path: str, sm3: bool, keep: bool) -> Summed:
    try:
        file = os.open(f"{root}/{path}", _O)
    except (OSError, ValueError) as error:
        return Summed(
            path, why=_unreadable(error) if isinstance(error, OSError) else Bilingual("无法读取", "it cannot be read")
        )
    try:
        state = os.fstat(file)
        if not stat.S_ISREG(state.st_mode):
            return Summed(path, why=Bilingual("不是普通文件", "it is no ordinary file"))
        most = min(_PIECE, state.st_size + 1)  # a buffer no larger than the file: most are small
        piece = os.read(file, most)
        digest = hashlib.sha256(piece)
        other: Any = hashlib.new("sm3", piece) if sm3 else None
        size = len(piece)
        kept = [piece] if keep else []
        while len(piece) == most or (piece and size < state.st_size):
            piece = os.read(file, most)
            size += len(piece)
            digest.update(piece)
            if other:
                other.update(piece)
            if keep and size <= KEPT:
                kept.append(piece)
        body = b"".join(kept) if keep and size <= KEPT else None
        return Summed(path, digest.hexdigest(), other.hexdigest() if other else "", size, body)
    except OSError as error:
        return Summed(path, why=_unreadable(error))
    finally:
        os.close(file)


def whole(root: str, path: str, most: int) -> bytes | None:
    """The bytes of a file; None where it is no file, cannot be read, or is longer than ``most``."""
    try:
        file = os.open(f"{root}/{path}", _O)
    except OSError:
        return None
    with open(file, "rb") as stream:
        if not stat.S_ISREG(os.fstat(file).st_mode):
            return None
        content = stream.read(most + 1)
    return content if len(content) <= most else None
