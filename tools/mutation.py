"""Mutation testing of the rules: change one predicate, and some test must fail.

The tests are collected once; each mutant is a fork of that process, in which the changed function is compiled and put in the
place of the old one wherever it was imported to. Only tests that run the changed statement are asked, those first that have
caught a neighbour. ``nox -s mutation`` runs everything, ``nox -s mutation -- --module a10_daily --limit 50`` a part.
"""

import argparse
import enum
import gc
import hashlib
import os
import pickle
import random
import re
import resource
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import CodeType, FrameType, FunctionType
from typing import Any, BinaryIO, NamedTuple

import pytest
from mutants import Mutant, mutants
from survivors import PAGE, Key, keep, kept, reasons, write_page

ROOT = Path(__file__).parents[1]
TESTS = [
    "tests/rules",
    "tests/assessment",
    "tests/test_cadence.py",
    "tests/test_drafts.py",
    "tests/test_missed_days.py",
    "tests/test_periods.py",
]
OTHERS = ["findings", "periods", "cadence/*", "assessment/penalty", "assessment/window"]
ASKED = {
    "a05_director": ("A05.", "test_director.py", "test_said.py"),
    "a13_archive": ("A13.", "test_manifest.py"),
    "a15_training": ("A15.", "A06.1.3"),
    "a16_considerations": ("A16.", "test_exposure.py"),
    "a17_penalty": ("A17.", "test_exposure.py"),
    "events": ("A04.", "A08.1.3", "A15.3"),
    "failures": ("A10.4", "A10.5", "A10.6"),
    "house_rules": ("A08.2", "A09.", "A10.1", "test_said.py"),
    "size": ("A05.1.3", "test_size.py"),
    "slots": ("A10.", "A11.", "A12."),
    "periods": ("test_periods.py",),
    "days": ("test_cadence.py", "test_missed_days.py"),
    "drafts": ("test_drafts.py",),
    "plan": ("test_cadence.py",),
    "tally": ("test_drafts.py",),
    "penalty": ("test_exposure.py",),
    "window": ("test_window.py",),
}
"""The tests that are asked first about a module that is no article's."""
MEMORY = 4 << 30
RECENT = 20
KEPT_EVERY = 20
"""Results are kept as they come, so that `--again` goes on where a run was broken off."""
PATIENCE = 10.0
"""Seconds of processor time for one test, at least; a mutant that needs more has been caught looping."""


class Result(NamedTuple):
    """What became of a mutant: caught, timeout, or survived."""

    mutant: Mutant
    fate: str


class Baseline(NamedTuple):
    """Without any change: the failures, the seconds of each test, and for each line of a file the tests that run it, as bits.

    ``anywhere``: for each file those of which that is not known.
    """

    failed: list[str]
    seconds: list[float]
    lines: dict[str, dict[int, int]]
    anywhere: dict[str, int]


def targets(package: Path, modules: Sequence[str] | None) -> list[Path]:
    """The files under test, in the order of the articles."""
    files = [
        p for pattern in ("rules/*", *OTHERS) for p in sorted(package.glob(f"{pattern}.py")) if p.stem != "__init__"
    ]
    return [p for p in files if modules is None or p.stem in modules]


def vocabulary() -> dict[str, list[str]]:
    """The words of the regulation: each enumeration with its members."""
    from qsafety.law import vocabulary as words

    kinds = ((n, c) for n, c in vars(words).items() if isinstance(c, type) and issubclass(c, enum.Enum))
    return {name: list(kind.__members__) for name, kind in kinds if kind.__members__}


def functions(files: Sequence[Path]) -> dict[tuple[str, str], list[FunctionType]]:
    """All functions that came from these files, wherever they are held, by file and name."""
    names = {str(f) for f in files}
    found: dict[tuple[str, str], list[FunctionType]] = {}
    for thing in gc.get_objects():
        if type(thing) is FunctionType and thing.__code__.co_filename in names:
            found.setdefault((thing.__code__.co_filename, thing.__code__.co_qualname), []).append(thing)
    return found


def code_of(module: CodeType, name: str) -> CodeType:
    """The code of a function or method in a compiled module."""
    todo = [module]
    while todo:
        code = todo.pop()
        if code.co_qualname == name:
            return code
        todo.extend(c for c in code.co_consts if isinstance(c, CodeType))
    raise LookupError(name)


Watched = dict[str, dict[str, tuple[float, int]]]
"""By the digest of a file and the title of a test: its seconds, and the lines of the file that it ran, as bits."""
UNWATCHED = (0.0, 0)


def _title(item: pytest.Item) -> str:
    """A test with the row that it is about: another row is another test."""
    given = getattr(item, "callspec", None)
    return item.nodeid + (re.sub(r" at 0x\w+", "", repr(given.params)) if given else "")


class Session:
    """The collected tests, and what is known of them."""

    def __init__(self, items: Sequence[pytest.Item], files: Sequence[Path], jobs: int, most: int | None) -> None:
        self.items, self.files, self.jobs, self.most = items, files, jobs, most
        self.reports: list[pytest.TestReport] = []
        self.functions = functions(files)
        self.killers: dict[str, list[int]] = {}
        self.new: set[int] = set()
        self.sound: set[int] = set()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Remember how the running test went."""
        self.reports.append(report)

    def run(self, number: int, following: int | None = None) -> bool:
        """Run one test; whether it passed. The next one is named so that what they share is set up once."""
        self.reports.clear()
        item, after = self.items[number], None if following is None else self.items[following]
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=after)
        return not any(r.failed for r in self.reports)

    def apart(self, work: Callable[[BinaryIO], None]) -> tuple[int, BinaryIO]:
        """Do something in a fork, silently; its process, and what it writes."""
        reading, writing = os.pipe()
        pid = os.fork()
        if pid:
            os.close(writing)
            return pid, os.fdopen(reading, "rb")
        status = 70
        try:
            silent = os.open(os.devnull, os.O_WRONLY)
            os.dup2(silent, 1)
            os.dup2(silent, 2)
            manager = self.items[0].config.pluginmanager
            manager.unregister(manager.get_plugin("terminalreporter"))
            with os.fdopen(writing, "wb") as out:
                work(out)
            status = 0
        finally:
            os._exit(status)

    def baseline(self, folder: Path, *, quick: bool) -> Baseline:
        """Run every test without a change, watching which lines of the files it runs; what a test ran is kept in the folder.

        ``quick``: watch none; a test that was not watched for a file as it is now may run any line of it.
        """
        names = {str(f): hashlib.sha256(f.read_bytes()).hexdigest() for f in self.files}
        path = folder / "lines.pickle"
        kept: Watched = pickle.loads(path.read_bytes()) if path.exists() else {}
        watched = {digest: kept.get(digest, {}) for digest in names.values()}
        titles = [_title(item) for item in self.items]
        new = [n for n, title in enumerate(titles) if any(title not in rows for rows in watched.values())]
        shares = [] if quick else [new[k :: self.jobs] for k in range(self.jobs)]
        running = [self.apart(lambda out, share=share: self._watch(share, out)) for share in shares]  # type: ignore[misc]  # bound now
        failed: list[str] = []
        for pid, pipe in running:
            with pipe:
                part: tuple[list[str], dict[int, tuple[float, dict[str, int]]]] = pickle.load(pipe)
            os.waitpid(pid, 0)
            failed.extend(part[0])
            for number, (seconds, lines) in part[1].items():
                for name, digest in names.items():
                    watched[digest][titles[number]] = (seconds, lines.get(name, 0))
        if shares and not failed:
            folder.mkdir(parents=True, exist_ok=True)
            path.write_bytes(pickle.dumps(kept | watched))
        times = [max(rows.get(title, UNWATCHED)[0] for rows in watched.values()) for title in titles]
        found = Baseline(failed, times, {}, {})
        for name, digest in names.items():
            by_line: dict[int, int] = {}
            for number, title in enumerate(titles):
                mask = watched[digest].get(title, UNWATCHED)[1]
                while mask:
                    line = mask.bit_length() - 1
                    by_line[line] = by_line.get(line, 0) | 1 << number
                    mask ^= 1 << line
            found.lines[name] = by_line
            found.anywhere[name] = sum(1 << n for n, title in enumerate(titles) if title not in watched[digest])
        added = [n for n, title in enumerate(titles) if not any(title in rows for rows in watched.values())]
        self.new = set(added if quick else new)
        if 2 * len(self.new) > len(titles):
            self.new = set()
        self.sound = set() if quick else set(new)
        return found

    def _watch(self, share: Sequence[int], out: BinaryIO) -> None:
        names = {str(f) for f in self.files}
        run: dict[str, int] = {}

        def line(frame: FrameType, event: str, _: Any) -> Any:
            name = frame.f_code.co_filename
            run[name] = run.get(name, 0) | 1 << frame.f_lineno
            return line

        def call(frame: FrameType, event: str, _: Any) -> Any:
            return line(frame, event, None) if frame.f_code.co_filename in names else None

        failed, watched = [], {}
        for k, number in enumerate(share):
            run.clear()
            start = time.process_time()
            sys.settrace(call)
            passed = self.run(number, share[k + 1] if k + 1 < len(share) else None)
            sys.settrace(None)
            watched[number] = (time.process_time() - start, dict(run))
            if not passed:
                failed.append(self.items[number].nodeid)
        pickle.dump((failed, watched), out)

    def check(self, number: int) -> None:
        """That a test which caught something passes without a change; one that the baseline ran just now is known to."""
        if number not in self.sound:
            pid, pipe = self.apart(lambda out: pickle.dump(self.run(number), out))
            with pipe:
                passed: bool = pickle.load(pipe)
            os.waitpid(pid, 0)
            if not passed:
                raise pytest.UsageError(f"{self.items[number].nodeid} fails without any change")
            self.sound.add(number)

    def mutate(self, mutant: Mutant, path: Path) -> None:
        """Put the changed function in the place of the old one, wherever it is held."""
        code = code_of(compile(mutant.tree, str(path), "exec"), mutant.function)
        held = self.functions.get((str(path), mutant.function), [])
        if not held:
            raise LookupError(f"{path.stem}.{mutant.function} is held by nothing")
        for function in held:
            function.__code__ = code

    def order(self, mutant: Mutant, reach: int) -> list[int]:
        """The tests that run the statement: new ones of its article first, then those that caught a neighbour, then its article's."""
        rows = [n for n in range(len(self.items)) if reach >> n & 1]
        near = (*ASKED.get(mutant.module, (f"{mutant.module[:3].upper()}.",)), f"test_{mutant.module[:3]}_")
        random.Random(mutant.change).shuffle(rows)
        caught = {n: i for i, n in enumerate(self.killers.get(mutant.module, []))}
        here = {n: i for i, n in enumerate(self.killers.get(f"{mutant.module}.{mutant.function}", []))}
        many = len(self.items)

        def rank(n: int) -> tuple[bool, int, int, int]:
            name = self.items[n].nodeid
            strange = 2 if not any(a in name for a in near) else 0 if "test_words" in name else 1
            known = strange == 2 or n not in self.new
            return known, here.get(n, many), caught[n] if caught.get(n, many) < RECENT else many, strange

        return sorted(rows, key=rank)[: self.most]

    def tried(self, mutant: Mutant, path: Path, tests: Sequence[int], seconds: Sequence[float]) -> tuple[int, BinaryIO]:
        """A fork in which the tests meet the mutant; it writes the number of the first that fails."""

        def work(out: BinaryIO) -> None:
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
            signal.signal(signal.SIGPROF, signal.SIG_DFL)
            self.mutate(mutant, path)
            for k, number in enumerate(tests):
                signal.setitimer(signal.ITIMER_PROF, PATIENCE + 10 * seconds[number])
                if not self.run(number, tests[k + 1] if k + 1 < len(tests) else None):
                    out.write(str(number).encode())
                    return
            out.write(b"survived")

        return self.apart(work)

    def results(self, rows: Sequence[tuple[Mutant, Path]], base: Baseline) -> Iterator[Result]:
        """The fate of each mutant, as they end."""
        waiting, running = list(reversed(rows)), dict[int, tuple[Mutant, BinaryIO]]()
        while waiting or running:
            while waiting and len(running) < self.jobs:
                mutant, path = waiting.pop()
                run, reach = base.lines.get(str(path), {}), base.anywhere.get(str(path), 0)
                for line in range(mutant.span[0], mutant.span[1] + 1):
                    reach |= run.get(line, 0)
                pid, pipe = self.tried(mutant, path, self.order(mutant, reach), base.seconds)
                running[pid] = (mutant, pipe)
            pid, status = os.wait()
            mutant, pipe = running.pop(pid)
            with pipe:
                yield Result(mutant, self._fate(mutant, status, pipe.read().decode()))

    def _fate(self, mutant: Mutant, status: int, told: str) -> str:
        if os.WIFSIGNALED(status):
            return "timeout" if os.WTERMSIG(status) == signal.SIGPROF else "caught"
        if told == "survived":
            return told
        if not told:
            raise RuntimeError(f"{mutant.module}:{mutant.number} {mutant.change}: the mutant could not be tried")
        self.check(int(told))
        for name in (mutant.module, f"{mutant.module}.{mutant.function}"):
            known = self.killers.setdefault(name, [])
            if int(told) in known:
                known.remove(int(told))
            known.insert(0, int(told))
        return "caught"


class Plugin:
    """Collects as pytest does, then runs the mutants instead of the tests."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.ended = 2

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """The mutants, one after another; True: nothing else is to be run."""
        import qsafety

        package, options = Path(qsafety.__path__[0]), self.options
        files = targets(package, options.module)
        if not files:
            raise pytest.UsageError(
                f"no module {', '.join(options.module)} among {', '.join(p.stem for p in targets(package, None))}"
            )
        tests = Session(session.items, files, options.jobs, options.tests)
        session.config.pluginmanager.register(tests)
        words = vocabulary()
        rows = [(m, f) for f in files for m in mutants(f, words)]
        keys = [m.key for m, _ in rows]
        if options.again:
            settled = {key for f in files for key, fate in kept(options.results, f.stem).items() if fate != "survived"}
            rows = [(m, f) for m, f in rows if m.key not in settled]
        if options.limit is not None:
            rows = random.Random(options.seed).sample(rows, min(options.limit, len(rows)))
        base = tests.baseline(options.results, quick=options.quick)
        if base.failed:
            raise pytest.UsageError(f"these fail without any change: {', '.join(base.failed)}")
        say(f"{len(rows)} mutants of {len(files)} modules, {len(session.items)} tests")
        found: list[Result] = []
        left = Counter(m.module for m, _ in rows)
        for result in tests.results(rows, base):
            found.append(result)
            m = result.mutant
            if result.fate == "survived":
                say(f"survived  {m.module}:{m.number} {m.function}: {m.change}")
            left[m.module] -= 1
            if left[m.module] % KEPT_EVERY == 0:
                rows_of = sorted((r for r in found if r.mutant.module == m.module), key=lambda r: r.fate == "survived")
                waiting = Counter(r.key for r, _ in rows) - Counter(r.mutant.key for r in rows_of)
                fates = {r.mutant.key: r.fate for r in rows_of if r.mutant.key not in waiting}
                keep(options.results, m.module, fates, keys, again=options.again or options.limit is not None)
        self.ended = conclude(found, keys, options, [f.stem for f in targets(package, None)])
        return True


def say(line: str) -> None:
    """A line on the terminal, past what pytest captures."""
    print(line, file=sys.__stdout__, flush=True)


def conclude(found: Sequence[Result], keys: Sequence[Key], options: argparse.Namespace, modules: Sequence[str]) -> int:
    """Say the figures; where something is kept of each module, write the page. 1 where a survivor and its reason do not match."""
    fates = Counter(r.fate for r in found)
    say(f"{len(found)} mutants: {fates['caught']} caught, {fates['timeout']} timeouts, {fates['survived']} survivors")
    survivors = {r.mutant.key: r.mutant for r in found if r.fate == "survived"}
    known = reasons()
    bare = [m for key, m in survivors.items() if key not in known]
    for m in bare:
        say(f"no reason: {m.module}:{m.number} {m.function}: {m.change}")
    if all(kept(options.results, module) for module in modules):
        page(options.results)
    if options.limit is not None or options.tests is not None:
        return 1 if bare else 0
    ran = {key[0] for key in keys}
    stale = [key for key in known if key[0] in ran and key not in survivors]
    for key in stale:
        say(f"a reason, and no survivor: {' | '.join(key)}")
    return 1 if bare or stale else 0


def page(results: Path) -> None:
    """Write the page from what is kept of all modules, as they are now."""
    import qsafety

    words = vocabulary()
    files = targets(Path(qsafety.__path__[0]), None)
    keys = {f.stem: [m.key for m in mutants(f, words)] for f in files}
    done = write_page({name: kept(results, name) for name in keys}, keys, reasons())
    say(f"written: {PAGE.relative_to(ROOT)}, {len(done)} of {len(keys)} modules done")


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description="Mutation testing of the rules.")
    parser.add_argument("--module", action="append", help="a module, such as a10_daily; may be repeated")
    parser.add_argument("--again", action="store_true", help="only what survived the last time, or is new")
    parser.add_argument("--limit", type=int, help="so many mutants, drawn by --seed")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--tests", type=int, help="at most so many tests for each mutant: quicker, with survivors that are none"
    )
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    parser.add_argument(
        "--results", type=Path, default=ROOT / ".mutation", help="where the figures of each module are kept"
    )
    parser.add_argument("--quick", action="store_true", help="do not watch first which tests run which lines")
    parser.add_argument("--page", action="store_true", help="try nothing, only write the page from what is kept")
    options = parser.parse_args()
    os.chdir(ROOT)
    if options.page:
        page(options.results)
        return 0
    sys.path.insert(0, str(ROOT))
    with tempfile.TemporaryDirectory() as folder:
        os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = folder
        plugin = Plugin(options)
        ended = pytest.main(
            ["-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:unraisableexception", *TESTS], plugins=[plugin]
        )
    return plugin.ended if ended in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED) else int(ended)


if __name__ == "__main__":
    raise SystemExit(main())
