"""Many threads may use the codec at once, also for the first time."""

import subprocess
import sys

import pytest

FIRST_USE = """
import sys, threading
from datetime import date
from qsafety.codec import canonical, from_json, json_schema, read, to_json
from qsafety.dossier import DailyCheck, Dossier, Hazard, Outlet, Seller

checks = [DailyCheck(day=date(2024, 1, n), officer="P3", results={"R01": "pass"}) for n in range(1, 20)]
hazards = [Hazard(id=f"H{n}", source="daily", found_on=date(2024, 1, n)) for n in range(1, 20)]
shop = Dossier(seller=Seller(id="hz01", name="示例店"), outlets=[], daily_checks=checks, hazards=hazards)
text, bodies = to_json(shop), [(type(fact), canonical(fact)) for fact in shop.facts()]
start, done = threading.Barrier(16), []

def use(number):
    start.wait()
    if number % 2:
        assert from_json(text) == shop
        assert json_schema()
    else:
        assert [read(kind, body) for kind, body in bodies] == [*shop.facts()]
        assert read(Dossier, text.encode()) == shop
    done.append(number)

threads = [threading.Thread(target=use, args=(number,)) for number in range(16)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
sys.exit(len(done) != 16)
"""


@pytest.mark.parametrize("attempt", range(3))
def test_the_first_use_may_come_from_many_threads(attempt: int) -> None:
    run = subprocess.run([sys.executable, "-X", "utf8", "-c", FIRST_USE], capture_output=True, encoding="utf-8")
    assert run.returncode == 0, run.stderr
