"""A pack is what Article 13 wants, made whole or not at all, and the same twice."""

import csv
import hashlib
import json
import os
from datetime import UTC, date, datetime
from pathlib import Path

import attrs
import pytest

import qsafety as qs
from qsafety.archive import PackError, TargetError
from qsafety.errors import PeriodError, UnknownNameError, UnknownWordError


def contents(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_the_pack_lies_as_the_layout_says(packed):
    names = contents(packed)
    assert packed.name == "91330106MAFAKE019Y_hz-ebike_2024-01-01_2024-01-31"
    assert names["bagit.txt"] == b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
    for name in (
        "data/00-目录/目录.csv",
        "data/00-目录/目录.docx",
        "data/00-目录/manifest.json",
        "data/00-目录/检查要点.docx",
        "data/04-日管控/daily_check-M1-2024-01-31.json",
        "data/04-日管控/daily_check-M1-2024-01-31.docx",
        "data/90-链/chain.tsv",
        "data/99-说明/核验说明.txt",
        "data/99-说明/verify.sh",
        "tagmanifest-sha256.txt",
    ):
        assert name in names
    assert names["data/99-说明/verify.ps1"].startswith(b"\xef\xbb\xbf")


def test_every_link_of_the_chain_can_be_computed_by_hand(packed):
    digests = {hashlib.sha256(p.read_bytes()).hexdigest() for p in packed.rglob("*.json")}
    prev = ""
    for line in (packed / "data/90-链/chain.tsv").read_text("utf-8").splitlines():
        _, kind, key, version, digest, at, by, link = line.split("\t")
        assert hashlib.sha256("\t".join((prev, kind, key, version, digest, at, by)).encode()).hexdigest() == link
        assert digest in digests
        prev = link
    assert f"QSafety-Chain-Head: {prev}\n" in (packed / "bag-info.txt").read_text("utf-8")


def test_export_import_export_gives_the_same_bytes(shop, january, tmp_path):
    first = qs.pack(shop, to=tmp_path / "a", papers=False, **january)
    back = qs.read_pack(first)
    assert back == shop
    assert contents(qs.pack(back, to=tmp_path / "b", papers=False, **january)) == contents(first)


def test_two_exports_with_papers_give_the_same_bytes(shop, january, tmp_path):
    assert contents(qs.pack(shop, to=tmp_path / "a", **january)) == contents(
        qs.pack(shop, to=tmp_path / "b", **january)
    )


def test_a_store_comes_back_with_its_corrections(shop, january, tmp_path):
    with qs.open_store("memory://") as store:
        store.save(shop)
        hazard = shop.hazards[0]
        store.put(shop.seller.id, attrs.evolve(hazard, description="改正后的描述"))
        made = qs.pack(store, to=tmp_path, papers=False, **january)
        assert qs.verify_pack(made).ok
        assert qs.read_pack(made) == store.dossier(shop.seller.id)
    assert [p.name for p in made.glob("data/90-链/versions/*")] == [f"hazard-{hazard.id}.v1.json"]


@pytest.mark.parametrize("level", ["masked", "full"])
def test_a_redacted_pack_names_nobody_and_reads_back(shop, january, tmp_path, level):
    made = qs.pack(shop, to=tmp_path, redaction=level, papers=False, **january)
    everything = b"".join(contents(made).values())
    for person in shop.people:
        for personal in (person.name, person.phone, person.resident_id):
            assert personal.encode() not in everything
    found = qs.verify_pack(made)
    assert found.ok and found.redaction == level
    assert [p.id for p in qs.read_pack(made).people or ()] == [p.id for p in shop.people]


def test_no_cell_of_the_index_is_a_formula(january, tmp_path):
    seller = qs.Seller(id="hz01", name="=1+1")
    opinion = qs.Opinion(
        id="=cmd|' /C calc'!A0", raised_by="P3", raised_at=datetime(2024, 1, 10, tzinfo=UTC), kind="veto"
    )
    made = qs.pack(qs.Dossier(seller=seller, opinions=[opinion]), to=tmp_path, papers=False, **january)
    with open(made / "data/00-目录/目录.csv", encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["记录编号"] for row in rows if row["类号"] == "S10"] == ["'=cmd|' /C calc'!A0"]


def test_the_index_has_all_twelve_slots(packed):
    index = json.loads((packed / "data/00-目录/manifest.json").read_bytes())
    assert [slot["slot"] for slot in index["slots"]] == [f"S{n}" for n in range(1, 13)]
    assert index["slots"][6].items() >= {"due": 59, "there": 58, "late": 1, "missing": 1, "unknown": 0}.items()
    assert index["retention"] is None


def test_a_window_without_records_is_refused(shop, tmp_path):
    with pytest.raises(PackError, match="no record from 2019-01-01 to 2019-01-31"):
        qs.pack(shop, since=date(2019, 1, 1), until=date(2019, 1, 31), on=date(2024, 2, 1), to=tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_an_unknown_seller_is_refused(shop, january, tmp_path):
    with qs.open_store("memory://") as store, pytest.raises(UnknownNameError, match="hz-ebike"):
        store.save(shop)
        qs.pack(store, seller="hz-ebik", to=tmp_path, **january)


def test_wrong_words_and_windows_are_refused(shop, january, tmp_path):
    with pytest.raises(UnknownWordError, match="masked"):
        qs.pack(shop, to=tmp_path, redaction="mask", **january)
    with pytest.raises(PeriodError):
        qs.pack(shop, to=tmp_path, since=date(2024, 2, 1), until=date(2024, 1, 1), on=date(2024, 2, 1))


def test_a_target_that_is_there_or_is_a_file_is_left_alone(shop, january, tmp_path):
    made = qs.pack(shop, to=tmp_path, papers=False, **january)
    before = contents(tmp_path)
    with pytest.raises(TargetError, match="is there already"):
        qs.pack(shop, to=tmp_path, papers=False, **january)
    with pytest.raises(TargetError, match="cannot write"):
        qs.pack(shop, to=made / "bagit.txt", papers=False, **january)
    assert contents(tmp_path) == before


def test_an_interrupted_run_is_finished_by_the_next(shop, january, tmp_path):
    whole = contents(qs.pack(shop, to=tmp_path / "whole", papers=False, **january))

    class Stopped(BaseException):
        pass

    def stop(done: int) -> None:
        if done == 50:
            raise Stopped

    with pytest.raises(Stopped):
        qs.pack(shop, to=tmp_path / "cut", papers=False, progress=stop, **january)
    (partial,) = (tmp_path / "cut").iterdir()
    assert partial.name.endswith(".partial")
    (partial / "data" / "stray.txt").write_text("left by nobody")
    made = qs.pack(shop, to=tmp_path / "cut", papers=False, **january)
    assert contents(made) == whole and os.listdir(tmp_path / "cut") == [made.name]


def test_a_planted_link_is_not_written_through(shop, january, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    out = tmp_path / "out"
    out.mkdir()
    (out / "91330106MAFAKE019Y_hz-ebike_2024-01-01_2024-01-31.partial").symlink_to(outside)
    qs.pack(shop, to=out, papers=False, **january)
    assert not any(outside.iterdir())
