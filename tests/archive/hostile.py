"""Hostile names in a list, and hostile members of a folder: sixty ways out of a pack, or into something else."""

import os
import socket
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.archive.changes import MANIFEST, then

NAMES = (
    "data/../../evil", "../bag-evil/x", "..", "data/..", "data/../data/x", "../../../../../../etc/passwd", "data/a/../../../x",
    "/etc/passwd", "//server/share", "/", "C:/x", "c:x", "Z:\\x", "data/C:/x",
    "\\\\?\\C:\\x", "\\\\.\\PhysicalDrive0", "\\x", "data\\..\\x",
    "data/\0x", "data/a\x01", "data/x\ny", "data/x\ry", "data/\x7f", "data/\u2028", "data/\x85",
    "data/./x", "data//x", "data/", "./data/x", "", " ", "data/x.", "data/x ", "data/ x", "data/...",
    "data/CON", "data/nul.txt", "data/com1.json", "data/CONIN$", "data/lpt¹", "data/AUX/x.json", "data/PrN.tar.gz",
    "data/a:b", "data/x.json::$DATA", "data/a?b", "data/*", "data/<x>", 'data/"x"', "data/a|b", "data/%2e%2e/x", "%2e%2e/x",
    "data/e\u0301", "data/\u212b", "data/\uf900", "data/\u202egnp.exe", "data/\u200bx", "data/\u00adx", "data/\ufeffx",
    "data/x\ud800", "data/\ue000",
    "data/" + "x" * 300, "data/" + "长" * 90, "data/" + "x/" * 2500 + "y", "~/x\\y", "$HOME\\x", "file:///etc/passwd", "http://x/y",
)  # fmt: skip
"""Such a path may stand in no list, and is never opened."""

BESIDE = ("data-evil/x", "datax", "bagit.txt", "signatures/x", "metadata/x", "Data/x")
"""Paths that are no payload, for the payload's list."""


def _in_place(path: Path, make: Callable[[Path, Path], object]) -> None:
    """Something else in place of a file, which goes outside."""
    away = path.parents[2] / "outside"
    path.rename(away)
    make(away, path)


def _folder(pack: Path, name: str) -> None:
    away = pack.parent / "outside"
    (pack / name).rename(away)
    (pack / name).symlink_to(away, target_is_directory=True)


def _socket(path: Path) -> None:
    here = os.open(".", os.O_RDONLY)
    try:
        os.chdir(path.parent)  # its name may be a hundred characters long only
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(path.name)
    finally:
        os.fchdir(here)
        os.close(here)


DAY = "data/04-日管控/daily_check-M1-2024-01-05.json"
MEMBERS: Mapping[str, Callable[[Path], object]] = {
    "a link to a file outside": lambda p: _in_place(p / DAY, lambda away, at: at.symlink_to(away)),
    "a relative link to a file outside": lambda p: _in_place(p / DAY, lambda away, at: at.symlink_to("../../../outside")),
    "a link to a file in the pack": then(lambda p: (p / DAY).unlink(), lambda p: (p / DAY).symlink_to(p / DAY.replace("05.", "06."))),
    "a link to nothing": then(lambda p: (p / DAY).unlink(), lambda p: (p / DAY).symlink_to("nothing")),
    "a link to itself": then(lambda p: (p / DAY).unlink(), lambda p: (p / DAY).symlink_to(p / DAY)),
    "a link to /etc/passwd, listed nowhere": lambda p: (p / "data/x").symlink_to("/etc/passwd"),
    "a linked folder": lambda p: _folder(p, "data/04-日管控"),
    "data is a link": lambda p: _folder(p, "data"),
    "metadata is a link": lambda p: _folder(p, "metadata") if (p / "metadata").exists() else (p / "metadata").symlink_to("/"),
    "signatures is a link": lambda p: (p / "signatures").symlink_to("/etc"),
    "the root in the pack": lambda p: (p / "data/root").symlink_to("/"),
    "a circle of folders": lambda p: (p / "data/again").symlink_to(p),
    "the manifest is a link": lambda p: _in_place_of_list(p, "manifest-sha256.txt"),
    "the tag manifest is a link": lambda p: _in_place_of_list(p, "tagmanifest-sha256.txt"),
    "bag-info.txt is a link": lambda p: _in_place_of_list(p, "bag-info.txt"),
    "bagit.txt is a link": lambda p: _in_place_of_list(p, "bagit.txt"),
    "a pipe in place of a record": then(lambda p: (p / DAY).unlink(), lambda p: os.mkfifo(p / DAY)),
    "a pipe in place of the manifest": then(lambda p: (p / MANIFEST).unlink(), lambda p: os.mkfifo(p / MANIFEST)),
    "a socket in place of a record": then(lambda p: (p / DAY).unlink(), lambda p: _socket(p / DAY)),
    "a folder in place of the manifest": then(lambda p: (p / MANIFEST).unlink(), lambda p: (p / MANIFEST).mkdir()),
    "a name that is not UTF-8": lambda p: open(os.fsencode(p / "data") + b"/\xff", "wb").close(),
    "a name in capitals": lambda p: (p / DAY.replace("daily", "DAILY")).write_bytes((p / DAY).read_bytes()),
    "a decomposed look-alike": then(lambda p: (p / "data/\u00e9").write_text("1"), lambda p: (p / "data/e\u0301").write_text("2")),
    "a full-width look-alike": lambda p: (p / DAY.replace("M1", "Ｍ１")).write_bytes((p / DAY).read_bytes()),
    "folders in folders": lambda p: (p / "data" / "/".join("d" * 40)).mkdir(parents=True),
    "a sparse giant in place of a record": lambda p: os.truncate(p / DAY, 1 << 26),
    "a sparse giant in place of bag-info.txt": lambda p: os.truncate(p / "bag-info.txt", 1 << 26),
    "a sparse giant in place of the manifest": lambda p: os.truncate(p / "manifest-sha256.txt", 1 << 26),
}  # fmt: skip
"""Members that lead outside, hang, or fill the memory of who reads them."""


def _in_place_of_list(pack: Path, name: str) -> None:
    away = pack.parent / "outside"
    (pack / name).rename(away)
    (pack / name).symlink_to(away)
