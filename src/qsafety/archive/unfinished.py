"""The folder in which a pack is made: ``….partial`` until every byte is on the disk, then renamed. The final folder is absent or valid."""

import errno
import hashlib
import os
import shutil
import stat
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

from qsafety.archive.problems import TargetError
from qsafety.bilingual import Bilingual

PARTIAL = ".partial"
_O = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
HAS_SM3 = "sm3" in hashlib.algorithms_available


class Unfinished:
    """A pack that is being made. Files that an interrupted run left, and that are the same, are not written again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._left = {name: size for name, size in _walk(folder)}
        self._written: set[str] = set()
        self.sums: dict[str, str] = {}
        self.sm3: dict[str, str] = {}
        self.bytes = 0

    def put(self, path: str, content: bytes) -> None:
        """A file; its digests are kept."""
        assert path not in self._written, path
        self._written.add(path)
        self.sums[path] = hashlib.sha256(content).hexdigest()
        if HAS_SM3:
            self.sm3[path] = hashlib.new("sm3", content).hexdigest()
        self.bytes += len(content)
        target = self._folder / path
        if self._left.get(path) == len(content) and target.read_bytes() == content:
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        if path in self._left:
            target.unlink()
        with open(os.open(target, _O, 0o644), "wb") as file:
            file.write(content)

    def settle(self) -> None:
        """All of it on the disk, and nothing besides."""
        for name in self._left.keys() - self._written:
            (self._folder / name).unlink()
        folders = sorted((Path(at) for at, _, _ in os.walk(self._folder)), reverse=True)
        for folder in folders:
            if folder != self._folder and not any(folder.iterdir()):
                folder.rmdir()
        with ThreadPoolExecutor(8) as pool:  # disks take many at once
            for _ in pool.map(_flush, [self._folder / name for name in sorted(self._written)]):
                pass
        for folder in folders:
            if folder.exists():
                flush_folder(folder)


def _walk(folder: Path) -> Iterator[tuple[str, int]]:
    for at, _, names in os.walk(folder):
        for name in names:
            path = Path(at) / name
            yield path.relative_to(folder).as_posix(), path.lstat().st_size


def _flush(path: Path) -> None:
    file = os.open(path, os.O_RDWR if os.name == "nt" else os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)


def flush_folder(folder: Path) -> None:
    """The names in a folder, on the disk. Windows cannot, and there the claim is less."""
    if os.name != "nt":
        _flush(folder)


@contextmanager
def unfinished(parent: Path, name: str) -> Generator[Unfinished]:
    """A folder of that name in ``parent``, made whole or not at all; ``parent`` is made where it is missing.

    On an error nothing is left. Where the process is killed ``NAME.partial`` stays, and the next run goes on from there: it keeps the
    files that are the same, byte for byte, writes the others, takes away what does not belong, and brings all of it onto the disk. What
    cannot be written is a :class:`TargetError`.
    """
    target, partial = parent / name, parent / (name + PARTIAL)
    made = _parents(parent)
    if os.path.lexists(target):
        raise TargetError(
            Bilingual(f"{target} 已经存在，没有改动它", f"{target} is there already, and was left as it is"),
            advice=Bilingual("请移走它，或另选文件夹。", "Move it away, or choose another folder."),
        )
    try:
        _begin(partial)
        with _alone(partial):
            try:
                pack = Unfinished(partial)
                yield pack
                pack.settle()
                os.rename(partial, target)
            except Exception:
                shutil.rmtree(partial, ignore_errors=True)
                raise
        _settle_name(target, made)
    except TargetError:
        raise
    except OSError as error:
        raise _refused(target, error) from error
    finally:
        if not target.exists() and not partial.exists():
            _remove(made)


def _parents(parent: Path) -> list[Path]:
    """The folder; those that had to be made for it, the innermost first."""
    made = [at for at in (parent, *parent.parents) if not os.path.lexists(at)]
    try:
        parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        _remove(made)
        raise _refused(parent, error) from error
    return made


def _remove(folders: list[Path]) -> None:
    for folder in folders:
        with suppress(OSError):
            folder.rmdir()


def _settle_name(target: Path, made: list[Path]) -> None:
    """The name of the pack, on the disk, and those of the folders that were made for it."""
    try:
        for folder in dict.fromkeys((target.parent, *(at.parent for at in made))):
            flush_folder(folder)
    except OSError as error:
        raise TargetError(
            Bilingual(
                f"{target} 已完整写入，但磁盘没有确认它的名称：{error.strerror}",
                f"{target} is there and whole, but the disk did not confirm its name: {error.strerror}",
            ),
            advice=Bilingual("请核验它：qsafety verify。", "Check it: qsafety verify."),
        ) from error


def _begin(partial: Path) -> None:
    """The folder, with at most what a run of ours left in it: anything but files of its own and folders, and it is begun anew."""
    if os.path.lexists(partial) and not _ours(partial):
        partial.unlink() if partial.is_symlink() or not partial.is_dir() else shutil.rmtree(partial)
    partial.mkdir(exist_ok=True)


def _ours(partial: Path) -> bool:
    if not stat.S_ISDIR(partial.lstat().st_mode):
        return False
    states = (
        (Path(at) / name).lstat() for at, folders, names in os.walk(partial) for name in (*folders, *names)
    )  # a file with a second name could be changed by that name later
    return all(stat.S_ISDIR(state.st_mode) or (stat.S_ISREG(state.st_mode) and state.st_nlink == 1) for state in states)


@contextmanager
def _alone(partial: Path) -> Generator[None]:
    """Two processes never write one folder; the lock goes with the process, however it ends."""
    try:
        import fcntl
    except ImportError:  # Windows
        yield
        return
    try:
        folder = os.open(partial, os.O_RDONLY)
    except OSError:
        _remove([partial])
        raise
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise TargetError(
            Bilingual(f"{partial} 正由另一个进程写入", f"another process is writing {partial}"),
            advice=Bilingual("请等它结束。", "Wait until it has ended."),
        ) from error
    finally:
        os.close(folder)


_WHY = {
    errno.ENOSPC: Bilingual("磁盘已满", "no room is left on the disk"),
    errno.EDQUOT: Bilingual("超出磁盘配额", "the quota of the disk is used up"),
    errno.EACCES: Bilingual("没有写入权限", "it may not be written"),
    errno.EPERM: Bilingual("没有写入权限", "it may not be written"),
    errno.EROFS: Bilingual("磁盘只读", "the disk is read-only"),
    errno.ENOTDIR: Bilingual("路径中有一段不是文件夹", "a part of the path is no folder"),
    errno.EIO: Bilingual("磁盘读写出错", "the disk has an error"),
    errno.EEXIST: Bilingual("这是文件，不是文件夹", "it is a file, not a folder"),
    errno.ENAMETOOLONG: Bilingual("名称太长", "the name is too long"),
}


def _refused(target: Path, error: OSError) -> TargetError:
    why = _WHY.get(error.errno or 0, Bilingual(error.strerror or str(error), error.strerror or str(error)))
    return TargetError(
        Bilingual(f"无法写入 {target}：{why.zh}", f"cannot write {target}: {why.en}"),
        advice=Bilingual("没有留下任何文件；请另选文件夹。", "Nothing was left behind; choose another folder."),
    )
