"""The file that TinyDB can read too: what it withstands, what is said when it cannot be used, and when it is too small a thing."""

import json
import os
import subprocess
import sys
import tempfile
import warnings
from datetime import date
from pathlib import Path

import pytest
from tinydb import TinyDB, where

from qsafety.dossier import Dossier, Hazard, Person
from qsafety.errors import (
    NotFoundError,
    ReadOnlyError,
    SchemaTooNewError,
    StoreCorruptError,
    StoreError,
    StoreFullError,
)
from qsafety.storage import open_store
from qsafety.storage.tiny import LargeFileWarning, SafeTable, SafeTinyDB

HAZARD = Hazard(id="H1", source="daily", found_on=date(2024, 1, 31), note="1")
posix = pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork on this system")

PROGRAM = """
import os, sys
from datetime import date
import attrs
from qsafety.dossier import Dossier, Hazard, Seller
from qsafety.errors import *
from qsafety.storage import open_store
from qsafety.storage.tiny import SafeTinyDB
HAZARD = Hazard(id="H1", source="daily", found_on=date(2024, 1, 31), note="1")
file = sys.argv[1]
url = "tinydb:///" + file
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "店铺 shop.json"


@pytest.fixture
def url(file: Path) -> str:
    return f"tinydb:///{file}"


def start(program: str, file: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM + program, str(file)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )


def finish(process: "subprocess.Popen[str]") -> str:
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    return out


# --- many processes, kills, full disks -------------------------------------------------------------------------------


def test_four_processes_count_together_and_lose_nothing(url: str, file: Path) -> None:
    with open_store(url) as store:
        store.put("hz01", HAZARD)
    program = """
with open_store(url) as store:
    for _ in range(25):
        with store.transaction() as tx:
            kept = tx.get("hz01", Hazard, "H1")
            tx.put("hz01", attrs.evolve(kept.fact, note=str(int(kept.fact.note) + 1)), expected=kept.version)
"""
    for process in [start(program, file) for _ in range(4)]:
        finish(process)
    with open_store(url) as store:
        kept = store.get("hz01", Hazard, "H1")
        assert kept and (kept.version, kept.fact.note) == (101, "101")
        assert store.check().ok


def test_processes_share_a_table_of_their_own_in_the_file(url: str, file: Path) -> None:
    open_store(url).close()
    program = """
with SafeTinyDB(file) as db:
    for _ in range(40):
        db.table("orders").insert({"item": "x"})
"""
    for process in [start(program, file) for _ in range(2)]:
        finish(process)
    with SafeTinyDB(file) as db:
        assert sorted(document.doc_id for document in db.table("orders")) == list(range(1, 81))
    with open_store(url) as store:
        store.put("hz01", HAZARD)
    with SafeTinyDB(file) as db:
        assert len(db.table("orders")) == 80


@posix
def test_what_was_acknowledged_before_a_kill_is_there(url: str, file: Path) -> None:
    process = start("\nstore = open_store(url)\nwhile True: print(store.put('hz01', HAZARD), flush=True)", file)
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
def test_a_disk_without_room_is_an_error_and_leaves_the_last_commit(url: str, file: Path, shop: Dossier) -> None:
    with open_store(url) as store:
        store.save(shop)
    out = finish(
        start(
            """
import resource
with open_store(url) as store:
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, resource.RLIM_INFINITY))
    try:
        with store.transaction() as tx:
            for number in range(300):
                tx.put("hz01", attrs.evolve(HAZARD, id=f"X{number}", note="x" * 500))
    except StoreError as error:
        print(error.code)
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    store.put("hz01", attrs.evolve(HAZARD, id="after"))
""",
            file,
        )
    )
    assert out.split() == ["store_full"]
    with open_store(url) as store:
        assert store.check().ok
        assert [kept.fact.id for kept in store.scan("hz01", Hazard)] == ["H1", "H2", "after"]
    assert not file.with_name(file.name + ".new").exists()


@posix
def test_a_forked_child_opens_anew(url: str, file: Path) -> None:
    program = """
store = open_store(url)
store.put("hz01", HAZARD)
if os.fork() == 0:
    try:
        store.get("hz01", Hazard, "H1")
    except StoreError as error:
        print(error, flush=True)
    os._exit(0)
os.wait()
"""
    assert "Open it anew" in finish(start(program, file))


# --- the file --------------------------------------------------------------------------------------------------------


def test_tinydb_itself_reads_what_is_stored(url: str, file: Path, shop: Dossier) -> None:
    with open_store(url) as store:
        store.save(shop)
        store.put("hz01", HAZARD)
    with TinyDB(file, access_mode="r") as db:
        (found,) = db.table("records").search((where("kind") == "hazard") & (where("key") == "H1"))
        assert (found["seller"], found["version"], found["day"]) == ("hz01", 2, "2024-01-31")
        assert json.loads(found["body"])["found_on"] == "2024-01-31"
        assert db.table("versions").count(where("key") == "H1") == 1


def test_a_file_of_tinydbs_gets_our_tables_beside_its_own(url: str, file: Path) -> None:
    with TinyDB(file) as db:
        db.table("orders").insert({"item": "头盔"})
    with pytest.raises(NotFoundError, match=r"no tables of qsafety.*qsafety store upgrade tinydb:///"):
        open_store(url, create=False)
    with open_store(url) as store:
        store.put("hz01", HAZARD)
    with TinyDB(file, access_mode="r") as db:
        assert db.table("orders").all() == [{"item": "头盔"}]
    open_store(url, create=False).close()


def test_the_version_before_is_kept_beside_it(url: str, file: Path) -> None:
    with open_store(url) as store:
        store.put("hz01", HAZARD)
        before = file.read_bytes()
        store.put("hz01", HAZARD)
    assert file.with_name(file.name + ".bak").read_bytes() == before
    assert sorted(path.name for path in file.parent.iterdir()) == [file.name + s for s in ("", ".bak", ".lock")]


def test_a_transaction_that_writes_nothing_leaves_the_file_alone(url: str, file: Path) -> None:
    with open_store(url) as store:
        before = file.stat().st_ino
        with store.transaction():
            pass
        assert file.stat().st_ino == before


@pytest.mark.parametrize("where_", [60, -30])
def test_a_byte_that_was_changed_is_found(url: str, file: Path, where_: int) -> None:
    with open_store(url) as store:
        store.put("hz01", HAZARD)
        store.put("hz01", HAZARD)
    data = bytearray(file.read_bytes())
    data[where_] = ord("0") if data[where_] != ord("0") else ord("1")
    file.write_bytes(data)
    with open_store(url) as store:
        with pytest.raises(StoreCorruptError, match=r"does not match its checksum.*shop\.json\.bak"):
            store.get("hz01", Hazard, "H1")
        found = store.check()
        assert [problem.code for problem in found.problems] == ["store_corrupt"]


def test_a_file_that_stock_tinydb_wrote_over_is_not_believed(url: str, file: Path) -> None:
    with open_store(url) as store:
        store.put("hz01", HAZARD)
    with TinyDB(file) as db:
        db.table("orders").insert({"item": "头盔"})
    with open_store(url) as store, pytest.raises(StoreCorruptError, match="changed by another program"):
        store.put("hz01", HAZARD)


def test_no_byte_of_an_erased_person_is_left_in_any_file(url: str, file: Path) -> None:
    with open_store(url) as store:
        for number in range(5):
            store.put("hz01", Person(id=f"P{number}", name=f"姓名{number}", note=f"秘密{number}"))
        assert store.erase("hz01", "P3") == 1
        kept = b"".join(path.read_bytes() for path in file.parent.iterdir())
        assert "姓名3".encode() not in kept
        assert "秘密3".encode() not in kept
        assert "姓名4".encode() in kept
        assert store.check().ok


# --- limits ----------------------------------------------------------------------------------------------------------


def test_a_file_that_grows_large_is_warned_of_once(url: str) -> None:
    with open_store(url) as store:
        with pytest.warns(LargeFileWarning, match="use sqlite:///"), store.transaction() as tx:
            for number in range(6):
                tx.put("hz01", Hazard(id=f"X{number}", source="daily", found_on=date(2024, 1, 1), note="x" * 2**20))
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            store.put("hz01", HAZARD)


def test_a_file_that_would_be_too_large_is_refused_and_stays_as_it_is(url: str, file: Path) -> None:
    with open_store(url) as store:
        store.put("hz01", HAZARD)
        before = file.read_bytes()
        with (
            pytest.warns(LargeFileWarning),
            pytest.raises(StoreFullError, match=r"32 MiB is the most.*sqlite:///"),
            store.transaction() as tx,
        ):
            for number in range(9):
                big = "x" * (4 * 2**20)
                tx.put("hz01", Hazard(id=f"X{number}", source="daily", found_on=date(2024, 1, 1), note=big))
        assert file.read_bytes() == before
        assert store.put("hz01", HAZARD) == 2


# --- what cannot be opened -------------------------------------------------------------------------------------------


def test_a_file_that_is_not_tinydbs_is_left_as_it_is(url: str, file: Path) -> None:
    for text in ("这不是 JSON", "[1, 2]", '{"records": 7}'):
        file.write_text(text, "utf-8")
        with pytest.raises(StoreCorruptError, match="no file of TinyDB"):
            open_store(url)
        assert file.read_text("utf-8") == text


def test_an_address_without_a_file_is_refused(tmp_path: Path) -> None:
    for url, words in (
        ("tinydb://", "names no file"),
        ("tinydb://shop.json", "Write tinydb:///shop.json"),
        (f"tinydb:///{tmp_path}", "is a folder"),
        (f"tinydb:///{tmp_path}/none/shop.json", "there is no folder"),
        (f"tinydb:///{tmp_path}/shop.json?creat=false", "Did you mean 'create'?"),
    ):
        with pytest.raises(StoreError) as refused:
            open_store(url)
        assert words in str(refused.value)
    with pytest.raises(NotFoundError, match="there is no file"):
        open_store(f"tinydb:///{tmp_path}/shop.json", create=False)
    assert list(tmp_path.iterdir()) == []


def test_a_newer_layout_is_left_alone(url: str, file: Path) -> None:
    with open_store(url) as store:
        store.put("hz01", HAZARD)
        file.write_bytes(file.read_bytes().replace(b'"layout":1', b'"layout":9', 1))
        with pytest.raises(SchemaTooNewError, match="layout 9"):
            store.put("hz01", HAZARD)


@posix
@pytest.mark.parametrize("folder_too", [False, True])
def test_a_read_only_file_is_said_to_be_read_only(folder_too: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:  # others may look into it, as they may not into pytest's own
        file = Path(folder, "shop.json")
        with open_store(f"tinydb:///{file}") as store:
            store.put("hz01", HAZARD)
        file.chmod(0o444)
        Path(folder, "shop.json.lock").chmod(0o666)
        Path(folder).chmod(0o555 if folder_too else 0o777)
        out = finish(
            start(
                """
if os.geteuid() == 0:
    os.seteuid(65534)  # root may write anything
with open_store(url) as store:
    print(store.get("hz01", Hazard, "H1").version)
    try:
        store.put("hz01", HAZARD)
    except StoreError as error:
        print(error.code)
""",
                file,
            )
        )
        Path(folder).chmod(0o777)
        assert out.split() == ["1", ReadOnlyError.code]


def test_without_tinydb_the_message_says_what_to_install() -> None:
    program = (
        "import sys; sys.modules['tinydb'] = None\n"
        "from qsafety.errors import MissingExtraError\n"
        "from qsafety.storage import open_store\n"
        "try: open_store('tinydb:///x.json')\n"
        "except MissingExtraError as error: print(error)"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, encoding="utf-8")
    assert run.stdout == "this needs tinydb, which is not installed. Run: pip install 'qsafety[tinydb]'\n", run.stderr


def test_a_safe_table_needs_a_safe_storage(file: Path) -> None:
    class Half(TinyDB):
        table_class = SafeTable  # type: ignore[assignment] # TinyDB declares the class that it comes with

    with Half(file) as db, pytest.raises(StoreError, match="needs a SafeStorage"):
        db.table("orders")


def test_a_safe_tables_upsert_and_query_see_what_others_wrote(file: Path) -> None:
    with SafeTinyDB(file) as one, SafeTinyDB(file) as two:
        asked = where("item") == "头盔"
        assert one.table("orders").search(asked) == []
        two.table("orders").upsert({"item": "头盔", "n": 1}, asked)
        one.table("orders").upsert({"item": "头盔", "n": 2}, asked)
        assert two.table("orders").search(asked) == [{"item": "头盔", "n": 2}]
        one.table("orders").insert_multiple([{"item": "锁"}, {"item": "灯"}])
        two.table("orders").remove(where("item") == "锁")
        assert [document.doc_id for document in one.table("orders")] == [1, 3]
