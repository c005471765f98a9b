"""Nothing that a pack says or holds makes us read or write outside of it."""

import os
import resource
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest

import qsafety as qs
from qsafety.archive import DamagedPackError
from qsafety.archive.bag import read_manifest
from qsafety.archive.layout import unfit
from tests.archive.changes import MANIFEST, Undone, rehash
from tests.archive.hostile import BESIDE, DAY, MEMBERS, NAMES

OPENED: list[str] = []
_WATCHING: list[bool] = []


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    events = ("open", "os.mkdir", "os.rename", "os.remove", "os.symlink", "os.truncate", "os.scandir", "os.listdir")
    if _WATCHING and event in events and isinstance(arguments[0], (str, bytes)):
        OPENED.append(os.fsdecode(arguments[0]))


sys.addaudithook(_hook)  # for the whole life of the process; it listens only while a pack is read


@pytest.fixture(scope="module")
def kept(shop: qs.Dossier, january: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Undone:
    few = attrs.evolve(shop, daily_checks=(shop.daily_checks or ())[:20])
    return Undone(qs.pack(few, to=tmp_path_factory.mktemp("hostile") / "in", papers=False, **january))


@pytest.fixture
def pack(kept: Undone) -> Iterator[Path]:
    yield kept.pack
    away = kept.pack.parent / "outside"
    if away.exists():
        shutil.rmtree(away) if away.is_dir() else away.unlink()
    kept.undo()


def refused(pack: Path) -> tuple[DamagedPackError, list[str]]:
    """What is wrong with a pack, and what was opened outside of it while that was found."""
    OPENED.clear()
    _WATCHING.append(True)
    try:
        with pytest.raises(DamagedPackError) as caught:
            qs.read_pack(pack)
    finally:
        _WATCHING.clear()
    inside = os.path.realpath(pack)
    ours = (sys.prefix, sys.base_prefix, str(Path(qs.__file__).parent))
    return caught.value, [p for p in OPENED if not p.startswith((inside, *ours))]


def test_there_are_sixty_names_at_least():
    assert len(set(NAMES)) + len(BESIDE) + len(MEMBERS) >= 100 and len(set(NAMES)) >= 60


@pytest.mark.parametrize("name", NAMES, ids=lambda name: ascii(name)[:40])
def test_a_hostile_name_may_stand_in_no_list(name):
    assert unfit(name) is not None
    line = f"{'0' * 64}  {name}\n".encode("utf-8", "surrogatepass")
    assert not read_manifest(line, MANIFEST).sums.keys() & {name}
    assert read_manifest(line, MANIFEST).problems


def test_hostile_names_in_the_manifest_are_told_and_nothing_of_them_is_opened(pack):
    (pack.parent / "data-evil").mkdir(exist_ok=True)
    (pack.parent / "data-evil" / "x").write_text("outside")
    with open(pack / MANIFEST, "ab") as file:
        for name in (*NAMES, *BESIDE):
            file.write(f"{'0' * 64}  {name}\n".encode("utf-8", "surrogatepass"))
    error, outside = refused(pack)
    assert outside == []
    assert sum(p.property == "security" for p in error.problems) > len(NAMES) // 2


@pytest.mark.parametrize("name", BESIDE)
def test_a_path_beside_data_is_no_payload(name):
    found = read_manifest(f"{'0' * 64}  {name}\n".encode(), MANIFEST, inside="data/")
    assert not found.sums and [p.property for p in found.problems] == ["security"]


@pytest.mark.parametrize("member", MEMBERS)
def test_a_hostile_member_is_told_and_nothing_outside_is_opened(pack, member):
    MEMBERS[member](pack)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    error, outside = refused(pack)
    assert error.problems and outside == []
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 32 << 10, "a giant was read into memory"


@pytest.mark.parametrize("name", ["data/04-日管控/../../x", "data/e\u0301.json", "data/04-日管控/con.json"])
def test_a_hostile_name_is_refused_with_all_digests_right(pack, name):
    target = pack / name
    target.parent.mkdir(exist_ok=True)
    target.write_text("{}")
    rehash(pack)
    refused(pack)


def test_a_giant_record_whose_digest_is_right_is_not_held_in_memory(pack):
    os.truncate(pack / DAY, 16 << 20)
    rehash(pack)
    error, _ = refused(pack)
    assert any("too large" in p.what.en for p in error.problems if p.path == DAY)


def test_a_file_with_a_second_name_left_by_somebody_is_not_taken_over(shop, january, tmp_path):
    """Who has the second name could change the pack by it later."""
    whole = qs.pack(shop, to=tmp_path / "a", papers=False, **january)
    partial = tmp_path / "b" / f"{whole.name}.partial"
    partial.mkdir(parents=True)
    shutil.copy(whole / "bagit.txt", tmp_path / "mine")
    os.link(tmp_path / "mine", partial / "bagit.txt")
    made = qs.pack(shop, to=tmp_path / "b", papers=False, **january)
    assert (made / "bagit.txt").stat().st_nlink == 1
    assert (tmp_path / "mine").read_bytes() == (whole / "bagit.txt").read_bytes()
