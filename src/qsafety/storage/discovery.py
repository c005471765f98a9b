"""Which backend serves a scheme: those of the house, and those that other packages bring.

A package brings one by naming its class in the entry-point group ``qsafety.backends``, under the scheme of its URLs.
Nothing is imported before a store of that scheme is opened, and no module path is ever taken from configuration or
environment.
"""

import re
from collections.abc import Mapping
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points

from attrs import frozen

from qsafety.bilingual import Bilingual
from qsafety.errors import MissingExtraError, NotFoundError, StoreError, nearest
from qsafety.storage.backend import Backend

GROUP = "qsafety.backends"

BUILT_IN: Mapping[str, tuple[str, str]] = {
    "memory": ("qsafety.storage.memory", "MemoryBackend"),
    "tinydb": ("qsafety.storage.tiny", "TinyBackend"),
    **dict.fromkeys(
        ("sqlite", "postgresql+psycopg", "mysql+pymysql", "mariadb+pymysql"), ("qsafety.storage.sql", "SqlBackend")
    ),
}
"""The schemes of the house, with the module and the class that serve them."""

OTHER_SQL = "sql+"
"""Before any scheme of SQLAlchemy's: a database of which nothing is claimed."""


@frozen
class BackendSource:
    """Who brings a scheme: ``by`` is ``"qsafety"`` or a distribution with its version; ``used`` is False where another one wins."""

    scheme: str
    by: str
    used: bool


def backends() -> list[BackendSource]:
    """Every scheme that is known here, by name; looks only at what is installed, and imports none of it.

    >>> [source.scheme for source in backends() if source.by == "qsafety"]
    ['mariadb+pymysql', 'memory', 'mysql+pymysql', 'postgresql+psycopg', 'sqlite', 'tinydb']
    """
    found = [BackendSource(scheme, "qsafety", True) for scheme in BUILT_IN]
    for scheme, points in _brought().items():
        found += [BackendSource(scheme, _name(p), scheme not in BUILT_IN and len(points) == 1) for p in points]
    return sorted(found, key=lambda source: (source.scheme, not source.used, source.by))


def backend(scheme: str, *, override: bool = False) -> type[Backend]:
    """The class that serves a scheme.

    The house's own wins unless ``override``. A scheme that nobody serves is :class:`~qsafety.errors.NotFoundError`,
    one that two distributions claim :class:`~qsafety.errors.StoreError`, a library that is not installed
    :class:`~qsafety.errors.MissingExtraError`.
    """
    known = "sqlite" if scheme.startswith(OTHER_SQL) else scheme  # one class serves every SQL database
    # what is installed is only looked through where it matters: that is a hundred files
    points = _brought().get(scheme, []) if override or known not in BUILT_IN else []
    if known in BUILT_IN and not points:
        module, name = BUILT_IN[known]
        found: type[Backend] = getattr(import_module(module), name)
        return found
    if len(points) > 1:
        names = [_name(point) for point in points]
        raise StoreError(
            Bilingual(
                f"方案“{scheme}”由多个软件包提供：{'、'.join(names)}",
                f"the scheme {scheme!r} is brought by several packages: {', '.join(names)}",
            ),
            advice=Bilingual("请只保留其中一个。", "Keep only one of them installed."),
        )
    if not points:
        raise _unknown(scheme)
    return _load(points[0])


def _brought() -> dict[str, list[EntryPoint]]:
    """The entry points of our group by scheme; one distribution that is found twice on the path counts once."""
    seen: dict[tuple[str, str, str], EntryPoint] = {}
    for point in entry_points(group=GROUP):
        owner = point.dist.name if point.dist else ""
        seen.setdefault((point.name, re.sub(r"[-_.]+", "-", owner).lower(), point.value), point)
    found: dict[str, list[EntryPoint]] = {}
    for point in seen.values():
        found.setdefault(point.name.lower(), []).append(point)
    return found


def _name(point: EntryPoint) -> str:
    return f"{point.dist.name} {point.dist.version}" if point.dist else point.value


def _load(point: EntryPoint) -> type[Backend]:
    try:
        found = point.load()
    except MissingExtraError:
        raise
    except Exception as error:  # whatever another's module does when it is imported, the message names whose it is
        first = error.args[0] if error.args else None  # a refusal of attrs carries its whole field besides
        why = first if isinstance(first, str) else error
        raise StoreError(
            Bilingual(
                f"{_name(point)} 的存储“{point.name}”无法载入：{why}",
                f"the backend {point.name!r} of {_name(point)} cannot be loaded: {why}",
            )
        ) from error
    if not (isinstance(found, type) and issubclass(found, Backend)):
        raise StoreError(
            Bilingual(
                f"{_name(point)} 的“{point.name}”不是 Backend 的子类",
                f"{point.name!r} of {_name(point)} is no subclass of Backend",
            )
        )
    return found


def _unknown(scheme: str) -> NotFoundError:
    known = sorted({*BUILT_IN, *_brought()})
    guess = nearest(scheme, known)
    zh, en = (f"是否为“{guess}”？", f"Did you mean {guess!r}? ") if guess else ("", "")
    return NotFoundError(
        Bilingual(f"没有存储支持方案“{scheme}”", f"no backend serves the scheme {scheme!r}"),
        advice=Bilingual(
            f"{zh}可用：{'、'.join(known)}。其他存储请安装提供它的软件包（入口点组 {GROUP}）。",
            f"{en}Known: {', '.join(known)}. For another, install the package that brings it (entry points {GROUP}).",
        ),
    )
