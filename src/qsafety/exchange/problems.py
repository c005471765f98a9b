"""What is wrong with a ledger: every problem with its sheet, row, column, value, what was expected, and a hint."""

from collections.abc import Sequence
from typing import Any

from attrs import frozen

from qsafety.bilingual import Bilingual, Lang
from qsafety.errors import QSafetyError, nearest

_SHOWN = 100


@frozen(kw_only=True)
class Problem:
    """One thing wrong with a ledger. ``code`` never changes; ``column`` is the header's name, ``row`` Excel's number.

    ``value`` is what the cell says, as text (None: empty), shortened where it is personal. ``places`` names all the cells where one problem
    comes several times (a misspelt id), at most a hundred of them.

    >>> problem = Problem(code="bad_date", sheet="日检查", row=17, column="日期", letter="A", value="2024-02-30",
    ...                   expected=Bilingual("日期", "a date"), hint=Bilingual("是否为 2024-02-29？", "Did you mean 2024-02-29?"))
    >>> print(problem.cell, problem.to("en"))
    日检查!A17 日检查!A17 (日期): got '2024-02-30', expected a date. Did you mean 2024-02-29?
    """

    code: str
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    value: str | None = None
    expected: Bilingual
    hint: Bilingual
    letter: str | None = None
    places: Sequence[str] = ()

    @property
    def cell(self) -> str | None:
        """The cell as Excel writes it, ``日检查!A17``, where it is known."""
        return place(self.sheet, self.letter, self.row) if self.sheet and self.letter and self.row else None

    def to(self, lang: Lang) -> str:
        """One line: where, what came, what was expected, and the hint."""
        where = self.cell or self.sheet or ""
        expected, hint = self.expected.to(lang), self.hint.to(lang)
        if lang == "zh":
            if self.row and not self.letter:
                where += f" 第 {self.row} 行"
            where += f"（{self.column}）" if self.column else ""
            got = f"收到“{self.value}”" if self.value is not None else "没有值"
            return f"{where}{'：' if where else ''}{got}，应为{expected}。{hint}"
        if self.row and not self.letter:
            where += f" row {self.row}"
        where += f" ({self.column})" if self.column else ""
        got = f"got {self.value!r}" if self.value is not None else "nothing there"
        return f"{where}{': ' if where else ''}{got}, expected {expected}. {hint}".rstrip()

    def to_dict(self) -> dict[str, Any]:
        """Plain data: all fields, and ``cell``; texts in zh and en."""
        return {
            "code": self.code,
            "sheet": self.sheet,
            "row": self.row,
            "column": self.column,
            "cell": self.cell,
            "value": self.value,
            "expected": self.expected.to_dict(),
            "hint": self.hint.to_dict(),
            "places": [*self.places],
        }


class LedgerErrors(QSafetyError, ValueError):
    """A ledger that cannot be read. ``problems`` lists everything that is wrong; nothing was imported."""

    code = "bad_ledger"

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        number = len(self.problems)
        zh = [f"台账有 {number} 处问题："] if number > 1 else []
        en = [f"the ledger has {number} problems:"] if number > 1 else []
        for problem in self.problems[:_SHOWN]:
            zh.append(problem.to("zh"))
            en.append(problem.to("en"))
        if number > _SHOWN:
            zh.append(f"……另有 {number - _SHOWN} 处。")
            en.append(f"… and {number - _SHOWN} more.")
        super().__init__(Bilingual("\n".join(zh), "\n".join(en)))

    def to_dict(self) -> dict[str, Any]:
        """Plain data, with the problems one by one."""
        return {"code": self.code, "problems": [p.to_dict() for p in self.problems]}


class LedgerFileError(LedgerErrors):
    """A file that is no workbook, or one that is refused before anything in it is parsed."""

    code = "bad_ledger_file"

    def __init__(self, code: str, file: str, expected: Bilingual, hint: Bilingual) -> None:
        super().__init__([Problem(code=code, value=file, expected=expected, hint=hint)])


class LedgerTypeError(QSafetyError, TypeError):
    """Given in the place of a file, and none."""

    code = "not_a_file"


def place(sheet: str, letter: str, row: int) -> str:
    """A cell as Excel writes it."""
    return f"{sheet}!{letter}{row}"


_MEANT = (
    *(("CCC", "强制性认证"), ("3C", "强制性认证"), ("全职", "专职"), ("正常", "合格"), ("正常", "零风险")),
    *((said, "零风险") for said in ("无", "无问题", "没有问题", "未发现问题", "无风险")),
)
"""What people write for a word where another word looks more like it, and often says the opposite."""


def did_you_mean(word: str, words: Sequence[str], otherwise: Bilingual) -> Bilingual:
    """A hint that names the word that was meant, or the one most like it, if there is one."""
    meant = (known for said, known in _MEANT if said == word and known in words)
    found = next(meant, None) or nearest(word, words)
    return Bilingual(f"是否为“{found}”？", f"Did you mean {found!r}?") if found else otherwise
