"""What packages built on qsafety need for their own tests; part of the wheel, installed with ``qsafety[testing]``.

The conformance kit proves a backend: a class named ``Test…`` that inherits :class:`BackendContract` and gives the fixture
``url`` is a whole certification file. ``python -m qsafety.testing certify URL`` does the same without a file.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qsafety.testing.backend import BackendContract
    from qsafety.testing.concurrency import ConcurrencyContract
    from qsafety.testing.contract import Joined
    from qsafety.testing.crash import CrashContract
    from qsafety.testing.full import DiskFullContract
    from qsafety.testing.machine import BackendMachine
    from qsafety.testing.migration import MigrationContract

__all__ = [
    "BackendContract",
    "BackendMachine",
    "ConcurrencyContract",
    "CrashContract",
    "DiskFullContract",
    "Joined",
    "MigrationContract",
]

_HOME = {
    "BackendContract": "backend",
    "BackendMachine": "machine",
    "ConcurrencyContract": "concurrency",
    "CrashContract": "crash",
    "DiskFullContract": "full",
    "Joined": "contract",
    "MigrationContract": "migration",
}
_WITH_ASSERTS = (
    "concurrency",
    "contract",
    "crash",
    "full",
    "machine",
    "migration",
    "ordering",
    "records",
    "texts",
    "transactions",
)

if not TYPE_CHECKING:  # else a type checker would accept any name

    def __getattr__(name: str) -> Any:
        if name not in _HOME:
            raise AttributeError(f"module 'qsafety.testing' has no attribute {name!r}", name=name)
        try:
            import hypothesis  # noqa: F401 # looked for here, so that the message is one line
            import pytest
        except ImportError as error:
            from qsafety.errors import MissingExtraError

            raise MissingExtraError("testing", str(error.name)) from None
        pytest.register_assert_rewrite(*(f"{__name__}.{module}" for module in _WITH_ASSERTS))
        value = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
        globals()[name] = value
        return value
