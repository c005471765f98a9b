"""A pack as it was made is well; what is no pack, too new or damaged is told apart; not one bit changes unseen."""

import random
import re
from pathlib import Path

import pytest

import qsafety as qs
from qsafety.archive import NoPackError, PackTooNewError, RedactedPackError
from tests.archive.changes import INFO, Undone, edit, rehash


def test_a_pack_as_it_was_made_is_well(packed):
    found = qs.verify_pack(packed)
    assert found.ok, [p.to("en") for p in found.problems]
    assert qs.verify_pack(packed, head=found.head).ok
    assert not qs.verify_pack(packed, head="0" * 64).ok


def flips(kept: Undone, count: int) -> list[str]:
    """Single bits turned over, one after the other; the changes that were not seen."""
    files = sorted(p for p in kept.pack.rglob("*") if p.is_file())
    lots, unseen = random.Random(20241124), list[str]()
    for _ in range(count):
        path = lots.choice(files)
        content = bytearray(path.read_bytes())
        at, bit = lots.randrange(len(content)), lots.randrange(8)
        content[at] ^= 1 << bit
        path.write_bytes(content)
        if qs.verify_pack(kept.pack).ok:
            unseen.append(f"{path.name}, byte {at}, bit {bit}")
        kept.undo()
    return unseen


def test_random_bit_flips_are_seen(copy):
    kept = Undone(copy())
    assert flips(kept, 25) == []
    assert qs.verify_pack(kept.pack).ok


def test_what_is_no_pack_is_told_apart_from_a_damaged_one(tmp_path, packed):
    for path in (tmp_path, tmp_path / "nothing", packed / "bagit.txt"):
        with pytest.raises(NoPackError):
            qs.verify_pack(path)


def test_a_pack_of_a_newer_format_is_refused(copy):
    pack = copy()
    edit(pack / INFO, b"QSafety-Format: 1", b"QSafety-Format: 2")
    assert not qs.verify_pack(pack).ok  # only changed
    rehash(pack)
    with pytest.raises(PackTooNewError, match="pip install --upgrade qsafety"):
        qs.verify_pack(pack)


def test_a_pack_of_another_version_is_checked_but_for_its_index(copy):
    """What another version made of the same records may differ in wording; that all twelve slots stand in it may not."""
    pack = copy()
    info = (pack / INFO).read_text("utf-8")
    (pack / INFO).write_text(re.sub(r"QSafety-Version: \S+", "QSafety-Version: 9.9.9", info), encoding="utf-8")
    rehash(pack)
    found = qs.verify_pack(pack)
    assert found.ok and any("9.9.9" in note.en for note in found.notes)
    edit(pack / "data/00-目录/manifest.json", b'"slot": "S12",\n   "title"', b'"slot": "S99",\n   "title"')
    rehash(pack)
    assert [p.what.en for p in qs.verify_pack(pack).problems] == ["it lacks S12"]


@pytest.fixture(scope="module")
def masked(shop, january, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return qs.pack(shop, to=tmp_path_factory.mktemp("masked"), redaction="masked", papers=False, **january)


def test_a_redacted_pack_is_refused_where_whole_records_are_wanted(masked):
    assert qs.read_pack(masked).people
    with pytest.raises(RedactedPackError, match="masked"):
        qs.read_pack(masked, redacted=False)


def test_a_redacted_pack_does_not_become_one_in_which_nothing_is_hidden(masked, january, tmp_path):
    with pytest.raises(RedactedPackError):
        qs.pack(masked, to=tmp_path, papers=False, **january)
    again = qs.pack(masked, to=tmp_path, redaction="masked", papers=False, **january)
    assert (again / "manifest-sha256.txt").read_bytes() == (masked / "manifest-sha256.txt").read_bytes()
