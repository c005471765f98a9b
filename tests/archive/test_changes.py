"""Eighty changes of a pack, each seen; those of a forger who hashes everything anew are seen by nobody else."""

import hashlib
import subprocess
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import attrs
import bagit  # type: ignore[import-untyped]  # it has no types
import pytest

import qsafety as qs
from qsafety.archive import DamagedPackError
from tests.archive.changes import CHAIN, CHANGED, DAY, FORGED, INFO, MANIFEST, TAGS, Undone, rehash

JANUARY: dict[str, Any] = {"since": date(2024, 1, 1), "until": date(2024, 1, 7), "on": date(2024, 2, 5)}


def made(shop: qs.Dossier, to: Path) -> Path:
    """A small pack with everything in it: papers, corrections, a chain."""
    few = attrs.evolve(shop, daily_checks=[c for c in shop.daily_checks or () if c.day <= JANUARY["until"]])
    with qs.open_store("memory://") as store:
        store.save(few)
        for hazard in (few.hazards or ())[:2]:
            store.put(few.seller.id, attrs.evolve(hazard, description="改正后的描述"))
        return qs.pack(store, to=to, **JANUARY)


@pytest.fixture(scope="module")
def kept(shop: qs.Dossier, tmp_path_factory: pytest.TempPathFactory) -> Undone:
    return Undone(made(shop, tmp_path_factory.mktemp("kept")))


@pytest.fixture
def pack(kept: Undone) -> Iterator[Path]:
    yield kept.pack
    kept.undo()


def accepted_by_bagit(pack: Path) -> bool:
    try:
        return bool(bagit.Bag(str(pack)).is_valid())
    except bagit.BagError:
        return False


def accepted_by_sha256sum(pack: Path) -> bool:
    runs = [
        subprocess.run(["sha256sum", "--strict", "-c", "--quiet", name], cwd=pack, capture_output=True)
        for name in (TAGS, MANIFEST)
    ]
    return all(run.returncode == 0 for run in runs)


def test_the_pack_is_well_and_a_change_is_undone(kept):
    assert qs.verify_pack(kept.pack).ok and accepted_by_bagit(kept.pack)
    for change in ("rename a folder", "a link in place of a file", "a pipe", "a folder in place of a file"):
        CHANGED[change].make(kept.pack)
        kept.undo()
    assert qs.verify_pack(kept.pack).ok
    assert len(CHANGED) + len(FORGED) >= 50


@pytest.mark.parametrize("change", CHANGED)
def test_a_change_is_seen_and_nothing_is_read(pack, change):
    CHANGED[change].make(pack)
    with pytest.raises(DamagedPackError):
        qs.read_pack(pack)
    assert accepted_by_bagit(pack) is not CHANGED[change].bagit


@pytest.mark.needs("sha256sum")
@pytest.mark.parametrize("change", [name for name, kind in CHANGED.items() if not kind.sums])
def test_sha256sum_alone_sees_no_more_than_is_listed(pack, change):
    CHANGED[change].make(pack)
    assert accepted_by_sha256sum(pack)


@pytest.mark.parametrize("change", FORGED)
def test_a_forger_who_hashes_anew_is_still_seen(pack, change):
    FORGED[change].make(pack)
    assert accepted_by_bagit(pack)
    with pytest.raises(DamagedPackError):
        qs.read_pack(pack)


def test_an_older_manifest_put_back_is_seen(shop, pack, tmp_path):
    older = made(attrs.evolve(shop, hazards=shop.hazards[:-1]), tmp_path)
    for name in (MANIFEST, TAGS, INFO):
        (pack / name).write_bytes((older / name).read_bytes())
    assert not qs.verify_pack(pack).ok
    rehash(pack)  # only the head is the older one's
    assert any(p.property == "authenticity" for p in qs.verify_pack(pack).problems)


def test_a_whole_pack_made_anew_is_seen_by_its_head_alone(shop, kept, tmp_path):
    head = qs.verify_pack(kept.pack).head
    forged = made(attrs.evolve(shop, hazards=shop.hazards[:-1]), tmp_path)
    assert qs.verify_pack(forged).ok and accepted_by_bagit(forged)
    assert [p.property for p in qs.verify_pack(forged, head=head).problems] == ["authenticity"]


def test_a_paper_exchanged_and_hashed_anew_is_seen_by_a_seal_alone(pack):
    """Papers are for reading; the records are what is kept, and what the chain is of. Over papers there is only the seal."""
    before = hashlib.sha256((pack / TAGS).read_bytes()).digest()
    (pack / f"{DAY}5.docx").write_bytes((pack / f"{DAY}6.docx").read_bytes())
    rehash(pack)
    assert qs.verify_pack(pack).ok
    assert hashlib.sha256((pack / TAGS).read_bytes()).digest() != before


def test_the_chain_has_a_line_for_each_version(kept):
    rows = [line.split("\t") for line in (kept.pack / CHAIN).read_text("utf-8").splitlines()]
    assert sum(row[3] == "2" for row in rows) >= 2
