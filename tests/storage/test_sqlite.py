"""The file of a shop: how it is set up, what it withstands, and what is said when it cannot be opened."""

import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy

from qsafety.dossier import Dossier, Hazard
from qsafety.errors import (
    NotFoundError,
    QSafetyError,
    ReadOnlyError,
    SchemaTooNewError,
    StoreCorruptError,
    StoreError,
    TransientError,
)
from qsafety.storage import open_store
from qsafety.storage.sql import tables

HAZARD = Hazard(id="H1", source="daily", found_on=date(2024, 1, 31))
posix = pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork on this system")

PROGRAM = """
import os, sys
from datetime import date
import attrs
from qsafety.dossier import Dossier, Hazard, Seller
from qsafety.errors import *
from qsafety.storage import open_store

HAZARD = Hazard(id="H1", source="daily", found_on=date(2024, 1, 31))
url = sys.argv[1]
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "店铺 shop.db"


@pytest.fixture
def url(file: Path) -> str:
    return f"sqlite:///{file}"


@pytest.fixture
def edit(file: Path) -> Iterator[Callable[[str], object]]:
    def run(statement: str) -> object:
        connection = sqlite3.connect(file)
        try:
            row = connection.execute(statement).fetchone()
            connection.commit()
            return row and row[0]
        finally:
            connection.close()

    yield run


def start(program: str, *arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM + program, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )


def finish(process: "subprocess.Popen[str]") -> str:
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    return out


# --- how it is set up ------------------------------------------------------------------------------------------------


def test_a_file_is_set_up_to_lose_nothing(url: str, edit: Callable[[str], object]) -> None:
    with open_store(url) as store:
        store.put("hz01", HAZARD)
        assert edit("PRAGMA journal_mode") == "wal"
        assert edit("PRAGMA page_size") == 16384
    assert edit("PRAGMA integrity_check") == "ok"


def test_keys_lead_with_the_seller(url: str, edit: Callable[[str], object]) -> None:
    open_store(url).close()
    for table in ("records", "versions", "events", "heads"):
        assert edit(f"SELECT name FROM pragma_table_info('qsafety_{table}') WHERE pk = 1") == "seller"


def test_the_tables_stand_beside_those_of_a_host(url: str, edit: Callable[[str], object]) -> None:
    edit("CREATE TABLE records (mine TEXT)")
    edit("INSERT INTO records VALUES ('here')")
    with open_store(url) as store:
        store.put("hz01", HAZARD)
    assert edit("SELECT mine FROM records") == "here"


def test_a_host_can_make_the_tables_with_its_own(url: str, edit: Callable[[str], object]) -> None:
    metadata = sqlalchemy.MetaData()
    sqlalchemy.Table("orders", metadata, sqlalchemy.Column("id", sqlalchemy.Integer, primary_key=True))
    ours = tables(metadata, prefix="erp_qs_")
    assert {table.name for table in ours.all} == {name for name in metadata.tables if name.startswith("erp_qs_")}
    assert tables(sqlalchemy.MetaData(), schema="quality").heads.fullname == "quality.qsafety_heads"
    engine = sqlalchemy.create_engine(url)
    metadata.create_all(engine)
    engine.dispose()
    assert edit("SELECT count(*) FROM erp_qs_records") == 0


def test_a_closed_store_is_one_file(file: Path, url: str, shop: Dossier) -> None:
    with open_store(url) as store:
        store.save(shop)
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_days_are_looked_up_in_an_index(url: str, edit: Callable[[str], object], file: Path) -> None:
    open_store(url).close()
    connection = sqlite3.connect(file)
    plan = connection.execute(
        "EXPLAIN QUERY PLAN SELECT * FROM qsafety_records WHERE seller = 'a' AND kind = 'b' AND day >= 'c'"
    ).fetchall()
    connection.close()
    assert "qsafety_records_day" in str(plan)


# --- many processes --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "work",
    [
        "kept = tx.get('hz01', Hazard, 'H1'); tx.put('hz01', kept.fact, expected=kept.version)",
        "kept = tx.get('hz01', Hazard, 'H1'); "
        "tx.save(Dossier(seller=Seller(id='hz01', name='x'), "
        "hazards=[attrs.evolve(kept.fact, note=str(int(kept.fact.note) + 1))]))",
    ],
)
def test_four_processes_count_together_and_lose_nothing(url: str, work: str) -> None:
    with open_store(url) as store:
        store.put("hz01", Hazard(id="H1", source="daily", found_on=date(2024, 1, 31), note="1"))
    program = f"""
with open_store(url) as store:
    for _ in range(50):
        with store.transaction() as tx:
            {work}
"""
    for process in [start(program, url) for _ in range(4)]:
        finish(process)
    with open_store(url) as store:
        versions = [kept.version for kept in store.history("hz01", Hazard, "H1")]
        assert versions == list(range(1, 202))
        assert store.check().ok


def test_putting_without_an_expected_version_never_fails_for_others(url: str) -> None:
    program = "\nwith open_store(url) as store:\n    for _ in range(25): store.put('hz01', HAZARD)"
    for process in [start(program, url) for _ in range(4)]:  # the first of them makes the file, whoever that is
        finish(process)
    with open_store(url) as store:
        assert len(store.history("hz01", Hazard, "H1")) == 100
        assert store.check().ok


def test_a_process_killed_within_a_transaction_leaves_the_last_commit(url: str, shop: Dossier) -> None:
    with open_store(url) as store:
        store.save(shop)
    finish(
        start(
            """
store = open_store(url)
with store.transaction() as tx:
    tx.put("hz01", HAZARD)
    tx.put("hz77", HAZARD)
    os._exit(0)
""",
            url,
        )
    )
    with open_store(url) as store:
        assert store.dossier("hz01") == shop
        assert store.sellers() == ["hz01"]
        assert store.check().ok
        store.put("hz01", HAZARD)


@posix
def test_what_was_acknowledged_before_a_kill_is_there(url: str) -> None:
    process = start("\nstore = open_store(url)\nwhile True: print(store.put('hz01', HAZARD), flush=True)", url)
    assert process.stdout is not None
    with process:
        last = [process.stdout.readline() for _ in range(40)][-1]
        process.kill()
        rest = process.stdout.read()  # what was read ahead included
    acknowledged = int([last, *rest.splitlines()][-1])
    with open_store(url) as store:
        kept = store.get("hz01", Hazard, "H1")
        assert kept and acknowledged <= kept.version <= acknowledged + 1
        assert store.check().ok


@posix
def test_a_forked_child_opens_anew(url: str) -> None:
    out = finish(
        start(
            """
for place in (url, "memory://"):
    store = open_store(place)
    store.put("hz01", HAZARD)
    child = os.fork()
    if child == 0:
        try:
            store.get("hz01", Hazard, "H1")
        except StoreError as error:
            print(error, flush=True)
        store.close()
        if place == url:
            with open_store(url) as own:
                own.put("hz01", HAZARD)
        os._exit(0)
    os.waitpid(child, 0)
print(store.get("hz01", Hazard, "H1").version, open_store(url).get("hz01", Hazard, "H1").version)
""",
            url,
        )
    )
    first, second, versions = out.splitlines()
    assert "Open it anew" in first
    assert "Open it anew" in second
    assert versions == "1 2"


def test_a_store_that_another_process_writes_says_busy_after_the_timeout(url: str) -> None:
    process = start(
        "\nstore = open_store(url)\nwith store.transaction() as tx:\n"
        "    tx.put('hz01', HAZARD); print('holding', flush=True); sys.stdin.read()",
        url,
    )
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == "holding\n"
        with open_store(url, timeout=0.1) as store:
            assert store.sellers() == []
            with pytest.raises(TransientError, match="busy"):
                store.put("hz01", HAZARD)
    finally:
        process.kill()
        process.communicate()


@posix
def test_a_disk_without_room_is_an_error_and_leaves_the_last_commit(url: str, shop: Dossier) -> None:
    with open_store(url) as store:
        store.save(shop)
    out = finish(
        start(
            """
import resource
with open_store(url) as store:
    resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, resource.RLIM_INFINITY))
    try:
        with store.transaction() as tx:
            for number in range(2000):
                tx.put("hz01", attrs.evolve(HAZARD, id=f"X{number}", note="x" * 500))
    except StoreError as error:
        print(error.code)
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    store.put("hz01", attrs.evolve(HAZARD, id="after"))
""",
            url,
        )
    )
    assert out.split() in (["store"], ["store_full"])
    with open_store(url) as store:
        assert store.check().ok
        assert [kept.fact.id for kept in store.scan("hz01", Hazard)] == ["H1", "H2", "after"]


# --- what cannot be opened -------------------------------------------------------------------------------------------


def refused(url: str, kind: type[QSafetyError], *words: str, **options: bool) -> None:
    with pytest.raises(kind) as error:
        open_store(url, **options)  # type: ignore[arg-type] # only ``create`` is given
    for word in words:
        assert word in str(error.value)
    assert error.value.to("zh") != str(error.value)


def test_a_file_that_is_no_database_is_said_to_be_none(file: Path, url: str) -> None:
    file.write_bytes("这不是数据库".encode() * 500)
    refused(url, StoreCorruptError, "no SQLite database", "店铺 shop.db")
    assert file.read_bytes() == "这不是数据库".encode() * 500


def test_an_address_without_a_file_is_refused(tmp_path: Path) -> None:
    refused("sqlite://", StoreError, "names no file", "memory://")
    refused("sqlite:///:memory:", StoreError, "memory://")
    refused("sqlite://shop.db", StoreError, "lacks a slash", "sqlite:///shop.db")
    refused(f"sqlite:///{tmp_path}", StoreError, "is a folder")
    refused(f"sqlite:///{tmp_path}/none/shop.db", NotFoundError, "there is no folder")
    assert not (tmp_path / "none").exists()


def test_an_option_that_is_not_known_is_refused(url: str) -> None:
    refused(f"{url}?creat=false", StoreError, "'creat'", "Did you mean 'create'?")
    refused("memory://?size=1", StoreError, "'size'")


def test_without_create_nothing_is_made(file: Path, url: str, edit: Callable[[str], object]) -> None:
    refused(url, NotFoundError, "there is no file", create=False)
    refused(f"{url}?create=false", NotFoundError, "there is no file")
    assert not file.exists()
    edit("CREATE TABLE mine (x)")
    refused(url, NotFoundError, "no tables of qsafety", "qsafety store upgrade sqlite:///", create=False)
    assert edit("SELECT count(*) FROM sqlite_master") == 1
    with open_store(url) as store:
        store.upgrade()
    open_store(url, create=False).close()


def test_a_newer_layout_is_left_alone(url: str, edit: Callable[[str], object]) -> None:
    with open_store(url) as store:
        store.put("hz01", HAZARD)
        edit("UPDATE qsafety_schema SET version_num = '0002'")
        with pytest.raises(SchemaTooNewError):
            store.put("hz01", HAZARD)
    refused(url, SchemaTooNewError, "layout 2", "pip install --upgrade qsafety")
    edit("UPDATE qsafety_schema SET version_num = 'riddle'")
    refused(url, StoreCorruptError, "riddle")


def test_a_record_of_a_newer_format_is_not_guessed_at(url: str, edit: Callable[[str], object]) -> None:
    with open_store(url) as store:
        store.put("hz01", HAZARD)
        edit("UPDATE qsafety_records SET schema = 2")
        with pytest.raises(SchemaTooNewError, match="hz01/hazard/H1 v1"):
            store.get("hz01", Hazard, "H1")
        assert store.check().ok


def test_a_record_that_was_changed_behind_the_store_is_not_believed(url: str, edit: Callable[[str], object]) -> None:
    with open_store(url) as store:
        store.put("hz01", HAZARD)
        edit("UPDATE qsafety_records SET body = replace(body, '2024-01-31', '2024-01-30')")
        with pytest.raises(StoreCorruptError, match="hz01/hazard/H1 v1"):
            store.get("hz01", Hazard, "H1")


@posix
@pytest.mark.parametrize("folder_too", [False, True])
def test_a_read_only_file_is_said_to_be_read_only(folder_too: bool, shop: Dossier) -> None:
    with tempfile.TemporaryDirectory() as folder:  # others may look into it, as they may not into pytest's own
        url = f"sqlite:///{folder}/shop.db"
        with open_store(url) as store:
            store.save(shop)
        Path(folder, "shop.db").chmod(0o444)
        Path(folder).chmod(0o555 if folder_too else 0o777)
        out = finish(
            start(
                """
import qsafety.storage.sql
if os.geteuid() == 0:
    os.seteuid(65534)  # root may write anything
try:
    with open_store(url) as store:
        store.put("hz01", HAZARD)
except StoreError as error:
    print(error.code)
""",
                url,
            )
        )
        Path(folder).chmod(0o777)
        Path(folder, "shop.db").chmod(0o644)
        assert out.split() == [ReadOnlyError.code]
        with open_store(url) as store:
            assert store.dossier("hz01") == shop
