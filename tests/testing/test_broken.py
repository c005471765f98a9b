"""The kit fails every broken backend, for the reason it is broken, and passes those that keep every promise."""

from collections.abc import Callable
from pathlib import Path

import pytest

from qsafety.testing import (
    BackendContract,  # loaded first, so that the kit's asserts explain themselves
    contract,
    crash,
    machine,
)
from qsafety.testing.certify import FAIL, PASS, prove
from tests.testing.broken import BROKEN
from tests.testing.plain import Sheet, Shelf

SEES_THE_DISK = ("nofsync", "inplace")
SOUND = {3: "test_3_an_empty_store_yields_nothing", 6: "test_6_closing_twice_is_fine"}
GOOD: dict[str, type[Shelf]] = {"shelf": Shelf, "sheet": Sheet}


@pytest.fixture
def fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], str]:
    """The URL of a backend that a distribution on the path brings; the kit makes short work of it."""
    assert BackendContract is not None
    info = tmp_path / "site" / "kit_backends-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: kit-backends\nVersion: 1.0\n", "utf-8")
    classes = GOOD | {name: row.backend for name, row in BROKEN.items()}
    points = [f"{name} = {made.__module__}:{made.__name__}" for name, made in classes.items()]
    (info / "entry_points.txt").write_text("\n".join(["[qsafety.backends]", *points, ""]), "utf-8")
    monkeypatch.syspath_prepend(info.parent)
    monkeypatch.syspath_prepend(Path(__file__).parents[2])
    monkeypatch.setattr(crash, "TRIALS", 4)
    monkeypatch.setattr(machine, "EXAMPLES", 4)
    return lambda name: f"{name}:///{tmp_path}/store"


@pytest.mark.parametrize("name", GOOD)
def test_what_keeps_every_promise_passes(name: str, fresh: Callable[[str], str]) -> None:
    _, proofs = prove(fresh(name))
    assert [proof for proof in proofs if proof.verdict == FAIL] == []


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.needs("strace") if name in SEES_THE_DISK else ()) for name in BROKEN]
)
def test_a_broken_backend_fails_for_its_reason(
    name: str, fresh: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """``faults/kit.py`` runs the whole contract against each."""
    row = BROKEN[name]
    if name == "waitsforever":
        monkeypatch.setattr(contract, "LIMIT", 2)
    sound = next(promise for promise in SOUND if promise != row.promise)
    _, proofs = prove(fresh(name), row.test, SOUND[sound])
    verdicts = {proof.number: proof for proof in proofs}
    failed = verdicts[row.promise]
    assert failed.verdict == FAIL, failed
    assert any(row.test in reason and row.says in reason for reason in failed.reasons), failed.reasons
    assert verdicts[sound].verdict == PASS, "a backend that is broken all through proves nothing"
