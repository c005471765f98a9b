"""Four processes that read, change and write one record, as fast as they can."""

import json
import subprocess
import sys
from collections.abc import Sequence

from shop_work import SELLER, hazard

from qsafety.dossier import Hazard
from qsafety.storage import open_store

PROGRAM = """
import json, sys
import attrs
from qsafety.dossier import Hazard
from qsafety.errors import ConflictError
from qsafety.storage import open_store, run_transaction
url, seller, times = sys.argv[1], sys.argv[2], int(sys.argv[3])

def work(tx):
    kept = tx.get(seller, Hazard, "last")
    return tx.put(seller, attrs.evolve(kept.fact, note=str(int(kept.fact.note) + 1)), expected=kept.version)

acknowledged, conflicts = [], 0
with open_store(url, timeout=120) as store:
    while len(acknowledged) < times:
        try:
            acknowledged.append(run_transaction(store, work, attempts=20))
        except ConflictError:
            conflicts += 1  # another was first, and said so
print(json.dumps([acknowledged, conflicts]))
"""


def race(url: str, times: int, processes: int = 4) -> tuple[int, int, int, bool]:
    """How many changes were acknowledged, how many are stored, how many were refused as conflicts; whether all is sound."""
    with open_store(url) as store:
        store.put(SELLER, hazard("last", "0"))
    said = _together(url, str(times), processes)
    acknowledged = [version for versions, _ in said for version in versions]
    with open_store(url) as store:
        kept = store.get(SELLER, Hazard, "last")
        assert kept
        sound = store.check().ok and kept.version == int(kept.fact.note) + 1
        sound &= sorted(acknowledged) == list(range(2, len(acknowledged) + 2))
        return len(acknowledged), int(kept.fact.note), sum(conflicts for _, conflicts in said), sound


def _together(url: str, times: str, processes: int) -> Sequence[tuple[list[int], int]]:
    command = [sys.executable, "-c", PROGRAM, url, SELLER, times]
    started = [subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8") for _ in range(processes)]
    said = [process.communicate()[0] for process in started]
    if any(process.returncode for process in started):
        raise RuntimeError(f"a process of the race failed: {url}")
    return [json.loads(text) for text in said]
