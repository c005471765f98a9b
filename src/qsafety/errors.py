"""Every error that qsafety raises: one root, a stable code each, a base from the standard library, and advice.

``str(error)`` is English, for tracebacks; ``error.to("zh")`` is Chinese, for the people who keep the ledger.
"""

import difflib
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

import attrs

from qsafety.bilingual import Bilingual, Lang, join, same


def nearest(word: str, words: Iterable[str]) -> str | None:
    """The word most like the one given, or None when nothing is like it.

    >>> nearest("A10.22", ["A10.2", "A11.2"])
    'A10.2'
    """
    found = difflib.get_close_matches(word.strip(), list(words), n=1, cutoff=0.5)
    return found[0] if found else None


class QSafetyError(Exception):
    """The root of all errors of qsafety.

    ``code`` never changes; ``message`` says what came, what was expected and where; ``advice`` says what to do.
    """

    code: ClassVar[str] = "error"

    def __init__(self, message: str | Bilingual, *, advice: str | Bilingual | None = None) -> None:
        self.message = same(message)
        self.advice = None if advice is None else same(advice)
        super().__init__(self.to("en"))

    def __reduce__(self) -> tuple[Any, ...]:
        # an error crosses processes as it is, however its constructor is called
        return _again, (type(self), self.args, self.__dict__)

    def to(self, lang: Lang) -> str:
        """The message, and the advice after it, in one language."""
        if self.advice is None:
            return self.message.to(lang)
        stop = "" if self.message.to(lang)[-1:] in "。.!?！？" else ("。" if lang == "zh" else ".")
        return self.message.to(lang) + stop + ("" if lang == "zh" else " ") + self.advice.to(lang)

    def to_dict(self) -> dict[str, Any]:
        """Plain data: ``code``, ``message`` and ``advice``, each text in zh and en."""
        return {
            "code": self.code,
            "message": self.message.to_dict(),
            "advice": self.advice.to_dict() if self.advice else None,
        }


def _again(cls: type[QSafetyError], args: tuple[Any, ...], state: dict[str, Any]) -> QSafetyError:
    error = cls.__new__(cls, *args)
    error.args = args
    error.__dict__.update(state)
    return error


class UnknownNameError(QSafetyError, LookupError):
    """A name that is not there: an obligation, an edition, a term, a word. Carries the nearest one, if any."""

    code = "unknown_name"

    def __init__(self, what: Bilingual, name: object, known: Iterable[str]) -> None:
        words = list(known)
        self.name = str(name)
        self.nearest = nearest(self.name, words)
        listed = words if len(words) <= 12 else [*words[:12], "…"]
        if self.nearest:
            advice = Bilingual(f"是否为“{self.nearest}”？", f"Did you mean {self.nearest!r}?")
        else:
            advice = Bilingual(f"可用：{'、'.join(listed)}。", f"Known: {', '.join(listed)}.")
        message = Bilingual(f"没有名为“{self.name}”的{what.zh}", f"there is no {what.en} named {self.name!r}")
        super().__init__(message, advice=advice)


class UnknownWordError(UnknownNameError, ValueError):
    """A word that is none of an enumeration's."""

    code = "unknown_word"


class FactError(QSafetyError, ValueError):
    """A value that a fact cannot hold. ``field`` names the field of the fact, ``value`` is what came."""

    code = "bad_fact"

    def __init__(
        self, message: str | Bilingual, *, field: str = "", value: object = None, advice: str | Bilingual | None = None
    ) -> None:
        super().__init__(message, advice=advice)
        self.field = field
        self.value = value


class DuplicateRecordError(FactError):
    """Two facts of one kind have one id, or are equal in every field. ``places`` names both."""

    code = "duplicate_record"

    def __init__(self, message: str | Bilingual, *, places: Sequence[str] = (), advice: Any = None) -> None:
        super().__init__(message, field="id", advice=advice)
        self.places = tuple(places)


@attrs.frozen
class JsonProblem:
    """One thing wrong with a JSON document: ``path`` is where (``$.hazards[2].due_on``)."""

    code: str
    path: str
    message: Bilingual

    def to_dict(self) -> dict[str, Any]:
        """Plain data: ``code``, ``path`` and ``message`` in zh and en."""
        return {"code": self.code, "path": self.path, "message": self.message.to_dict()}

    def to(self, lang: Lang) -> str:
        """A line: what is wrong, and where."""
        return f"{self.message.to(lang)} @ {self.path}"


class CodecError(QSafetyError, ValueError):
    """JSON that is no dossier. ``problems`` lists everything that is wrong, each with its path."""

    code = "bad_json"

    def __init__(self, problems: Sequence[JsonProblem]) -> None:
        self.problems = tuple(problems)
        lines = [Bilingual(p.to("zh"), p.to("en")) for p in self.problems]
        head = Bilingual(f"读取 JSON 发现 {len(lines)} 处问题：", f"{len(lines)} problem(s) in the JSON: ")
        super().__init__(join([Bilingual(head.zh + lines[0].zh, head.en + lines[0].en), *lines[1:]], zh="\n", en="\n"))

    def to_dict(self) -> dict[str, Any]:
        """Plain data, with the problems one by one."""
        return {"code": self.code, "problems": [p.to_dict() for p in self.problems]}


class PeriodError(QSafetyError, ValueError):
    """A day, week or month that does not exist, or a window that ends before it begins."""

    code = "bad_period"


class ReadingError(QSafetyError, ValueError):
    """An option that a reading does not have."""

    code = "bad_reading"


class NotInForceError(QSafetyError, ValueError):
    """The day asked about lies before the edition's entry into force."""

    code = "not_in_force"


class EditionError(QSafetyError, ValueError):
    """The shipped or supplied text of an edition is not what its description says."""

    code = "bad_edition"


@attrs.frozen
class EditionProblem:
    """One thing wrong with the folder of an edition: the file, the line (None: the whole file), and what it is."""

    file: str
    line: int | None
    message: Bilingual

    @property
    def path(self) -> str:
        """``edition.toml:12``."""
        return self.file if self.line is None else f"{self.file}:{self.line}"

    def to_dict(self) -> dict[str, Any]:
        """Plain data: ``file``, ``line``, ``message`` in zh and en."""
        return {"file": self.file, "line": self.line, "message": self.message.to_dict()}


class EditionErrors(EditionError):
    """A folder that is no edition. ``problems`` lists everything that is wrong, each with its file and line."""

    def __init__(self, folder: str, problems: Sequence[EditionProblem]) -> None:
        self.problems = tuple(problems)
        self.head = Bilingual(
            f"文件夹 {folder} 不是可用的版本，有 {len(self.problems)} 处问题",
            f"folder {folder} is no usable edition, {len(self.problems)} problem(s)",
        )
        lines = [Bilingual(f"{p.path}：{p.message.zh}", f"{p.path}: {p.message.en}") for p in self.problems]
        head = Bilingual(f"{self.head.zh}：", f"{self.head.en}:")
        super().__init__(join([head, *lines], zh="\n", en="\n"))

    def to_dict(self) -> dict[str, Any]:
        """Plain data, with the problems one by one."""
        return {"code": self.code, "message": self.head.to_dict(), "problems": [p.to_dict() for p in self.problems]}


class MissingExtraError(QSafetyError, ImportError):
    """A part of qsafety needs a library that is not installed; the message says which line installs it."""

    code = "missing_extra"

    def __init__(self, extra: str, library: str) -> None:
        line = f"pip install 'qsafety[{extra}]'"
        super().__init__(
            Bilingual(f"此功能需要 {library}，当前未安装", f"this needs {library}, which is not installed"),
            advice=Bilingual(f"请运行：{line}", f"Run: {line}"),
        )
        self.extra = extra


class PaperError(QSafetyError, ValueError):
    """A paper that cannot be rendered: an unknown kind or period, no record, a character that Word cannot hold."""

    code = "paper"


class StoreError(QSafetyError, RuntimeError):
    """A store that cannot do what was asked; what was committed before stays."""

    code = "store"


class NotFoundError(StoreError, LookupError):
    """No such seller, record or store."""

    code = "not_found"


class ConflictError(StoreError):
    """Another version is current: ``expected`` is what the caller believed, ``actual`` what is there (0: absent)."""

    code = "conflict"

    def __init__(
        self, message: str | Bilingual, *, expected: int | None = None, actual: int | None = None, advice: Any = None
    ) -> None:
        super().__init__(message, advice=advice)
        self.expected = expected
        self.actual = actual


class TransientError(StoreError, TimeoutError):
    """The store was busy or lost for a moment; the same transaction may succeed when run again."""

    code = "transient"


class StoreFullError(StoreError):
    """There is no room left; nothing was written."""

    code = "store_full"


class StoreCorruptError(StoreError):
    """What is stored does not match its digest or its form."""

    code = "store_corrupt"


class ReadOnlyError(StoreError, PermissionError):
    """The store cannot be written."""

    code = "read_only"


class CapabilityError(StoreError):
    """The backend does not claim what was asked of it."""

    code = "capability"


class SchemaTooOldError(StoreError):
    """The store was written by an older qsafety; the message names the command that upgrades it."""

    code = "schema_too_old"


class SchemaTooNewError(StoreError):
    """The store was written by a newer qsafety, or a newer version of its backend."""

    code = "schema_too_new"
