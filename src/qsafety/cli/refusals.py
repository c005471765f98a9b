"""What is wrong with the input or the usage, told to a person, or as JSON to a program."""

import re
import sys
from collections.abc import Iterator
from typing import Any

import click

from qsafety.assessment.lines import Page, laid_out
from qsafety.bilingual import Bilingual, Lang
from qsafety.cli.output import as_json
from qsafety.errors import CodecError, EditionErrors, QSafetyError, nearest


class UsageProblem(QSafetyError, ValueError):
    """A command line that cannot be followed."""

    code = "usage"


class FileProblem(QSafetyError, OSError):
    """A file that cannot be read or written."""

    code = "file"


def understood(error: BaseException) -> QSafetyError | None:
    """The error as one of ours, where it lies with the input, the usage or the machine; None: a defect of qsafety."""
    if isinstance(error, QSafetyError):
        return error
    if isinstance(error, click.ClickException):
        return _usage(error)
    if isinstance(error, OSError):
        from qsafety.exchange.saving import reason

        why = reason(error)
        where = f"{error.filename}：" if error.filename else ""
        place = f"{error.filename}: " if error.filename else ""
        return FileProblem(Bilingual(f"{where}{why.zh}", f"{place}{why.en}"))
    if isinstance(error, MemoryError):
        return UsageProblem(Bilingual("内存不足", "not enough memory"))
    return None


def _usage(error: click.ClickException) -> UsageProblem:
    context = error.ctx if isinstance(error, click.UsageError) else None
    path = context.command_path if context else "qsafety"
    advice = Bilingual(f"用法见：{path} --help", f"See: {path} --help")
    return UsageProblem(_words(error, context), advice=advice)


_EXTRA = re.compile(r"unexpected extra arguments? \((.*)\)")


def _words(error: click.ClickException, context: click.Context | None) -> Bilingual:
    said = error.format_message().rstrip(".")
    if isinstance(error, click.NoSuchOption):
        options = [name for param in context.command.params for name in param.opts] if context else []
        near = nearest(error.option_name, options)
        zh, en = (f"；是否为 {near}？", f"; did you mean {near}?") if near else ("", "")
        return Bilingual(f"没有选项 {error.option_name}{zh}", f"there is no option {error.option_name}{en}")
    if isinstance(error, click.MissingParameter):
        name = _name(error.param, context)
        return Bilingual(f"缺少 {name}", f"{name} is missing")
    if isinstance(error, click.BadParameter):
        name = _name(error.param, context)
        return Bilingual(f"{name}：{error.message}", f"{name}: {error.message}")
    if isinstance(error, click.BadOptionUsage):
        return Bilingual(f"选项 {error.option_name} 的用法不对，是否缺少它的值？", said)
    if extra := _EXTRA.search(said):
        return Bilingual(f"多余的参数：{extra[1]}", f"unexpected: {extra[1]}")
    return Bilingual(f"用法不对：{said}", said)


def _name(parameter: click.Parameter | None, context: click.Context | None) -> str:
    if isinstance(parameter, click.Option):
        return parameter.opts[0]
    return (parameter.human_readable_name if parameter else "") or "LEDGER"


def _items(error: BaseException) -> list[dict[str, Any]]:
    """The problems one by one, as plain data."""
    if not isinstance(error, QSafetyError):
        words = Bilingual(f"qsafety 内部错误：{_kind(error)}", f"a defect of qsafety: {_kind(error)}")
        return [{"code": "defect", "message": words.to_dict(), "advice": None}]
    found = error.to_dict()
    return [{"code": found["code"], **problem} for problem in found["problems"]] if found.get("problems") else [found]


def _kind(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"


def tell(error: BaseException, *, english: bool, json: bool) -> None:
    """Every problem on stderr, in one language or as JSON."""
    if json:
        text = as_json({"format": 1, "errors": _items(error)}, ascii_only=True) + "\n"
    else:
        lang: Lang = "en" if english else "zh"
        text = "".join(f"{line}\n" for line in laid_out(_page(error, lang).lines))
    if sys.stderr is not None:
        try:
            sys.stderr.write(text)
            sys.stderr.flush()
        except OSError:
            pass  # nobody is there to be told


def _page(error: BaseException, lang: Lang) -> Page:
    page = Page(lang)
    if not isinstance(error, QSafetyError):
        page.put(Bilingual(f"qsafety 内部错误：{_kind(error)}", f"a defect of qsafety: {_kind(error)}"))
        page.put(
            Bilingual(
                "请报告此问题；设置环境变量 QSAFETY_TRACEBACK=1 可看到详情。",
                "Please report it; with the environment variable QSAFETY_TRACEBACK=1 you see the details.",
            )
        )
        return page
    problems: list[Any] = [*getattr(error, "problems", ())]
    if isinstance(error, CodecError | EditionErrors):
        head = Bilingual(f"JSON 中有 {len(problems)} 处问题", f"{len(problems)} problem(s) in the JSON")
        page.put(error.head if isinstance(error, EditionErrors) else head, Bilingual("：", ":"))
        for problem in problems:
            page.put("  ", problem.path, Bilingual("：", ": "), problem.message, hang=4)
    elif error.code == "pack_damaged":
        _pack(page, problems)
    elif problems:
        _ledger(page, problems)
    else:
        for line in error.to(lang).splitlines():
            page.put(line)
    return page


def _pack(page: Page, problems: list[Any]) -> None:
    """Property, file, what is wrong with it, hint: every problem of a pack."""
    page.put(
        Bilingual(
            f"存档包有 {len(problems)} 处问题，没有读取任何内容：",
            f"the pack has {len(problems)} problem(s); nothing was read:",
        )
    )
    for number, problem in enumerate(problems, start=1):
        where = (problem.path, Bilingual("：", ": ")) if problem.path else ()
        page.put(f"{number:>4}  ", problem.property.label, "  ", *where, problem.what, hang=6)
        page.entry(Bilingual("提示", "hint"), problem.hint, indent=6, width=6 if page.lang == "zh" else 10)


def _ledger(page: Page, problems: list[Any]) -> None:
    """Sheet, row, column, value, what was expected, hint: every problem of a ledger."""
    page.put(
        Bilingual(
            f"台账有 {len(problems)} 处问题，没有导入任何内容：",
            f"the ledger has {len(problems)} problem(s); nothing was imported:",
        )
    )
    width = 6 if page.lang == "zh" else 10
    for number, problem in enumerate(problems, start=1):
        where = " ".join(page.text(part) for part in _place(problem))
        page.put(f"{number:>4}  ", where or Bilingual("文件", "the file"), hang=6)
        if problem.value is not None:
            page.entry(Bilingual("值", "value"), problem.value, indent=6, width=width)
        page.entry(Bilingual("应为", "expected"), problem.expected, indent=6, width=width)
        page.entry(Bilingual("提示", "hint"), problem.hint, indent=6, width=width)
        if len(problem.places) > 1:
            page.entry(
                Bilingual("各处", "places"),
                Bilingual("、".join(problem.places), ", ".join(problem.places)),
                indent=6,
                width=width,
            )


def _place(problem: Any) -> Iterator[Bilingual | str]:
    if problem.sheet:
        yield Bilingual(f"工作表 {problem.sheet}", f"sheet {problem.sheet}")
    if problem.row:
        yield Bilingual(f"第 {problem.row} 行", f"row {problem.row}")
    if problem.column:
        letter = f"（{problem.letter}）" if problem.letter else ""
        yield Bilingual(
            f"“{problem.column}”列{letter}", f"column {problem.column}" + (f" ({problem.letter})" if letter else "")
        )
