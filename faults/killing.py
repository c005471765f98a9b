"""Database servers killed with SIGKILL while four processes write; the processes go on by themselves."""

import json
import random
import subprocess
import sys
import time
from collections.abc import Sequence

from shop_work import SELLER

from qsafety.dossier import Hazard
from qsafety.storage import open_store
from tests.storage.servers import Maria, Postgres

PROGRAM = """
import json, sys, time
from datetime import date
from qsafety.dossier import Hazard
from qsafety.errors import TransientError
from qsafety.storage import open_store
url, seller, name, acknowledged, lost = sys.argv[1], sys.argv[2], sys.argv[3], [], 0

def put(store, number):
    with store.transaction() as tx:  # two records, or none
        for half in ("a", "b"):
            tx.put(seller, Hazard(id=f"{name}-{number}-{half}", source="daily", found_on=date(2024, 1, 31)))

with open_store(url) as store:
    print("ready", flush=True)
    number = 0
    while not done():
        try:
            put(store, number)
        except TransientError:
            lost += 1
            time.sleep(0.05)
            continue  # the same again
        acknowledged.append(number)
        number += 1
print(json.dumps([acknowledged, lost]))
"""
STOP = """
import select, sys
def done(): return bool(select.select([sys.stdin], [], [], 0)[0])
"""


def killed(server: Postgres | Maria, url: str, times: int) -> tuple[int, int, int, int, bool]:
    """Acknowledged transactions, those of them that are lost, half ones, errors that clients met; whether all is sound."""
    open_store(url).close()
    clients = [_client(url, f"C{number}") for number in range(4)]
    for client in clients:
        assert client.stdout
        client.stdout.readline()
    chance = random.Random(7)
    for _ in range(times):
        time.sleep(chance.uniform(0.4, 1.2))
        server.kill()
    time.sleep(0.8)
    said = [_end(client) for client in clients]
    told = {f"C{who}-{number}" for who, (numbers, _) in enumerate(said) for number in numbers}
    with open_store(url) as store:
        halves: dict[str, set[str]] = {"a": set(), "b": set()}
        for kept in store.scan(SELLER, Hazard):
            name, _, half = kept.fact.id.rpartition("-")
            halves[half].add(name)
        whole = halves["a"] & halves["b"]
        half = len((halves["a"] | halves["b"]) - whole)
        return len(told), len(told - whole), half, sum(lost for _, lost in said), store.check().ok


def _client(url: str, name: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", STOP + PROGRAM, url, SELLER, name]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8")


def _end(client: "subprocess.Popen[str]") -> tuple[Sequence[int], int]:
    text, _ = client.communicate("stop\n", timeout=120)
    if client.returncode:
        raise RuntimeError("a client did not live through it")
    numbers, lost = json.loads(text)
    return numbers, lost
