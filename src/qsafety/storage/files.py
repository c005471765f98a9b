"""Stores that are one file: whether it is there, and can be."""

from pathlib import Path

from qsafety.bilingual import Bilingual
from qsafety.errors import NotFoundError, StoreError
from qsafety.storage.url import StoreUrl


def check_file(url: StoreUrl, *, create: bool) -> None:
    """Refuse an address that names no file, or one that is not there and cannot or must not be made."""
    if url.host or url.username or url.port:
        raise StoreError(
            Bilingual(f"存储地址 {url} 缺少一个斜杠", f"the store URL {url} lacks a slash"),
            advice=Bilingual(
                f"请写作 {url.scheme}:///{url.host or '文件'}", f"Write {url.scheme}:///{url.host or 'file'}"
            ),
        )
    if url.path in ("", ":memory:"):
        raise StoreError(
            Bilingual(f"存储地址 {url} 未指明文件", f"the store URL {url} names no file"),
            advice=Bilingual(
                f"请写作 {url.scheme}:///文件；只需留在内存中时用 memory://。",
                f"Write {url.scheme}:///file, or memory:// to keep it in memory only.",
            ),
        )
    if "\0" in url.path:
        raise StoreError(
            Bilingual(f"存储地址 {str(url)!r} 含有空字符", f"the store URL {str(url)!r} has a NUL in it"),
            advice=Bilingual("请改用普通文件名。", "Give the file a plain name."),
        )
    try:
        _check_path(Path(url.path), create=create)
    except OSError as error:  # the disk, or a name that no disk can have
        raise StoreError(Bilingual(f"{url.path}：{error}", f"{url.path}: {error}")) from error


def _check_path(path: Path, *, create: bool) -> None:
    if path.is_dir():
        raise StoreError(Bilingual(f"{path} 是文件夹，不是文件", f"{path} is a folder, not a file"))
    if not path.parent.is_dir():
        raise NotFoundError(
            Bilingual(f"没有文件夹 {path.parent}", f"there is no folder {path.parent}"),
            advice=Bilingual("请先建立文件夹。", "Make the folder first."),
        )
    if not create and not path.exists():
        raise NotFoundError(Bilingual(f"没有文件 {path}", f"there is no file {path}"))
