"""``python -m qsafety.testing certify URL``: what a backend claims, against what was proven."""

import io
import itertools
import os
import sys
import tempfile
import uuid
from collections.abc import Mapping, Sequence
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import pytest
from attrs import Factory, define, fields, frozen

from qsafety.bilingual import Bilingual, Lang
from qsafety.errors import QSafetyError
from qsafety.storage import Backend, Capabilities, StoreUrl
from qsafety.storage.discovery import backend as backend_of
from qsafety.testing.backend import BackendContract
from qsafety.testing.promises import PROMISES, UNCLAIMED, promise_of

PASS, FAIL, UNPROVEN = "PASS", "FAIL", "UNPROVEN"


@frozen
class Proof:
    """What came of one promise. ``counts`` is False for what is unproven because it is not claimed."""

    number: int
    verdict: str
    counts: bool
    reasons: Sequence[str]


@define
class _Results:
    """A pytest plugin that hears what came of each test."""

    passed: dict[int, list[str]] = Factory(dict)
    failed: dict[int, list[str]] = Factory(dict)
    skipped: dict[int, list[str]] = Factory(dict)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        name = report.nodeid.rpartition("::")[2]
        number = promise_of(name) or 0
        if report.failed:
            self.failed.setdefault(number, []).append(f"{name}: {_reason(report)}")
        elif report.skipped:
            self.skipped.setdefault(number, []).append(_reason(report).removeprefix("Skipped: "))
        elif report.when == "call":
            self.passed.setdefault(number, []).append(name)

    def proof(self, number: int) -> Proof:
        """A failure counts more than a test that could not be run, and that more than any that passed."""
        missing = [why for why in self.skipped.get(number, ()) if not why.startswith(UNCLAIMED)]
        if number in self.failed:
            return Proof(number, FAIL, True, self.failed[number])
        if missing:
            return Proof(number, UNPROVEN, True, sorted(set(missing)))
        if number in self.passed:
            return Proof(number, PASS, True, ())
        unclaimed = sorted(set(self.skipped.get(number, ())))
        return Proof(number, UNPROVEN, not unclaimed, unclaimed)


def _reason(report: pytest.TestReport) -> str:
    long: Any = report.longrepr
    if isinstance(long, tuple):
        return str(long[2])
    crash = getattr(long, "reprcrash", None)
    lines = str(crash.message if crash else long).strip().splitlines()
    return next((line for line in lines if line.strip()), "")[:300]


def prove(url: str, *only: str) -> tuple[Capabilities, list[Proof]]:
    """What the backend at a URL claims, and a proof of each promise, by all tests or by those that are named.

    ``{n}`` in the URL, else ``-n`` after its path, gives each test a fresh store. A store that cannot be opened is a
    :class:`~qsafety.errors.QSafetyError`.
    """
    run, numbers = uuid.uuid4().hex[:8], itertools.count()

    def fresh() -> str:
        return numbered(url, f"{run}{next(numbers):03d}")

    first = _opened(fresh())
    claims = first.capabilities
    first.close()

    class TestBackend(BackendContract):
        @pytest.fixture
        def url(self) -> str:
            return fresh()

    results = _Results()
    with tempfile.TemporaryDirectory(prefix="qsafety-certify-") as folder:
        # a name of its own: a module of that name that was imported before would be taken for it
        file = Path(folder, f"test_{Path(folder).name.replace('-', '_')}.py")
        _Held.contract = TestBackend
        file.write_text("from qsafety.testing.certify import _Held\nTestBackend = _Held.contract\n", "utf-8")
        where = ["--rootdir", folder, "-c", os.devnull, "--import-mode=importlib", "-p", "no:cacheprovider"]
        with redirect_stdout(io.StringIO()) as said:
            status = pytest.main(["-q", *where, "-k", " or ".join(only), str(file)], plugins=[results])
    if status not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        raise RuntimeError(f"the tests could not be run: {said.getvalue()}")
    return claims, [results.proof(number) for number in PROMISES]


class _Held:
    contract: type[BackendContract]


def numbered(url: str, number: str) -> str:
    """A URL of a store of its own.

    >>> numbered("sqlite:///shop.db?x=1", "3"), numbered("my://host/{n}", "3")
    ('sqlite:///shop.db-3?x=1', 'my://host/3')
    """
    if "{n}" in url:
        return url.replace("{n}", number)
    place, mark, query = url.partition("?")
    return f"{place}-{number}{mark}{query}"


def _opened(url: str) -> Backend:
    place = StoreUrl.parse(url)
    return backend_of(place.scheme).open(place, place.query)


PROVEN_BY: Mapping[str, Sequence[int]] = {
    "durability": (2, 10, 11),
    "writers": (4, 5),
    "isolation": (1,),
    "erasure": (9,),
    "max_body_bytes": (9,),
}
"""Which promises' tests a claim turns on."""


def report(url: str, claims: Capabilities, proofs: Sequence[Proof], lang: Lang) -> list[str]:
    """The lines to print: what is claimed, then a line for each promise, with reasons beneath."""
    by_number = {proof.number: proof for proof in proofs}
    lines = [f"{StoreUrl.parse(url)}"]
    for each in fields(Capabilities):
        verdicts = {by_number[number].verdict for number in PROVEN_BY[each.name] if by_number[number].counts}
        value = getattr(claims, each.name)
        by = ", ".join(map(str, PROVEN_BY[each.name]))
        proven = next((verdict for verdict in (FAIL, UNPROVEN, PASS) if verdict in verdicts), UNPROVEN)
        shown = "-" if value in ("none", False, None) else proven.lower()
        lines.append(
            Bilingual(
                f"  承诺 {each.name}={value}：{shown}（{by}）", f"  claims {each.name}={value}: {shown} ({by})"
            ).to(lang)
        )
    for proof in proofs:
        lines.append(f"{proof.verdict} {proof.number} {PROMISES[proof.number].to(lang)}")
        lines += [f"    {reason}" for reason in proof.reasons]
    return lines


def certify(url: str, lang: Lang = "en") -> int:
    """Print claims against proofs; 0 all claims proven, 1 not, 2 it cannot be opened."""
    try:
        claims, proofs = prove(url)
    except QSafetyError as error:
        print(error.to(lang), file=sys.stderr)
        return 2
    except Exception as error:  # another's backend may raise anything; that it cannot be opened is all there is to say
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return 2
    for line in report(url, claims, proofs, lang):
        print(line)
    unproven = [proof for proof in proofs if proof.verdict == FAIL or (proof.verdict == UNPROVEN and proof.counts)]
    return 1 if unproven else 0
