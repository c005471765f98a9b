"""四个进程同时改一条记录，一次也不丢。 Four processes change one record at once, and nothing is lost.

python examples/concurrent_writers.py [en]
"""

import subprocess
import sys
import tempfile
from datetime import date

import attrs

import qsafety as qs
from qsafety.errors import ConflictError
from qsafety.storage import StoreTransaction

LANG = "en" if "en" in sys.argv else "zh"
PROCESSES, TIMES = 4, 25


def one_more(tx: StoreTransaction) -> int:
    """Read, change, write: one transaction, which is run again when the store was busy."""
    kept = tx.get("hz01", qs.Hazard, "H1")
    assert kept
    return tx.put("hz01", attrs.evolve(kept.fact, note=str(int(kept.fact.note) + 1)), expected=kept.version)


def work(url: str) -> None:
    """What each process does."""
    done = 0
    with qs.open_store(url) as store:
        while done < TIMES:
            try:
                qs.run_transaction(store, one_more)
                done += 1
            except ConflictError:
                pass  # another was first, and said so: read again


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/shop.db"
        with qs.open_store(url) as store:
            store.put("hz01", qs.Hazard(id="H1", source="daily", found_on=date(2024, 1, 31), note="0"))
            writers = [subprocess.Popen([sys.executable, __file__, "work", url]) for _ in range(PROCESSES)]
            assert [writer.wait() for writer in writers] == [0] * PROCESSES
            kept = store.get("hz01", qs.Hazard, "H1")
            assert kept and int(kept.fact.note) == PROCESSES * TIMES
            assert store.check().ok
        if LANG == "zh":
            print(f"{PROCESSES} 个进程各改 {TIMES} 次：计数 {kept.fact.note}，第 {kept.version} 版，日志完好")
        else:
            print(
                f"{PROCESSES} processes × {TIMES}: the count is {kept.fact.note}, version {kept.version}, the journal sound"
            )


if __name__ == "__main__":
    if sys.argv[1:2] == ["work"]:
        work(sys.argv[2])
    else:
        main()
