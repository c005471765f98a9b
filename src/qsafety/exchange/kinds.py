"""What a column of the ledger may hold: how a cell is read as that, forgiving in form, strict in meaning, and how one is written.

Full-width signs are folded in codes, dates, numbers and choices; a free text stays as it was typed. Each kind refuses what it does
not understand with :class:`BadValue`; nothing is guessed.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from attrs import evolve, frozen

from qsafety.bilingual import Bilingual
from qsafety.dossier import Priority
from qsafety.exchange.cells import BadValue, Cell, Setting, clean, fold, plain
from qsafety.exchange.problems import did_you_mean
from qsafety.exchange.references import OBLIGATIONS, SUBJECTS, SUBJECTS_WRITTEN
from qsafety.exchange.times import read_date, read_moment, read_month, read_period, read_week
from qsafety.law.vocabulary import Word

ALL_ITEMS = "全部"
"""In 检查编码: every daily item of the list in force."""

_SEPARATORS = re.compile(r"[、;；,，\n]")
_NUMBER = re.compile(r"[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?")
_TOO_MANY_DIGITS = 10**15
_WEEKDAYS = "一二三四五六日"
_WEEKDAY_RANGE = re.compile(r"([一二三四五六日])[至到~-]([一二三四五六日])")
_CORRECT = Bilingual("请改正该单元格。", "Correct the cell.")
_AS_TEXT = Bilingual("请把单元格格式设为“文本”后重新填写。", "Format the cell as text and type it again.")

TEXT, DATE, TIME = "@", "yyyy-mm-dd", "yyyy-mm-dd hh:mm"
"""Number formats: what is typed into a cell of the first stays as it is typed, all 18 digits of it."""


def _one(value: Any) -> Iterable[str]:
    return (value,)


def _as_text(value: Any, _: ZoneInfo) -> object:
    return str(value)


def _as_it_is(value: Any, _: ZoneInfo) -> object:
    return value


def _as_number(value: Decimal, _: ZoneInfo) -> object:
    if value == value.to_integral_value() and value < _TOO_MANY_DIGITS:
        return int(value)
    number = float(value)
    # where Excel's 15 digits do not hold it, its digits as text do
    return number if Decimal(plain(number)) == value else format(value, "f")


def _as_local_time(value: datetime, zone: ZoneInfo) -> object:
    return value.astimezone(zone).replace(tzinfo=None)


@frozen
class Kind:
    """A kind of value. ``refers`` names the collections one of which must hold the ids that ``ids`` finds in a value.

    ``write`` is the converse of ``convert``: what a cell says of a value; ``form`` the number format of such a cell.
    """

    expected: Bilingual
    convert: Callable[[Cell, Setting], Any]
    hint: Bilingual = _CORRECT
    choices: Sequence[str] = ()
    refers: tuple[str, ...] = ()
    ids: Callable[[Any], Iterable[str]] = _one
    write: Callable[[Any, ZoneInfo], object] = _as_text
    form: str = "General"
    several: bool = False

    def read(self, cell: Cell, setting: Setting) -> Any:
        """The value of a cell that is not empty, or :class:`BadValue`."""
        return self.convert(cell, setting)


def _text(cell: Cell, _: Setting) -> str:
    return plain(cell.value)


def _code(cell: Cell, _: Setting) -> str:
    value = cell.value
    if isinstance(value, str):
        return fold(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        hint = Bilingual("Excel 把它变成了日期。" + _AS_TEXT.zh, "Excel has made a date of it. " + _AS_TEXT.en)
        raise BadValue("bad_code", hint=hint if isinstance(value, date) else _AS_TEXT)
    if isinstance(value, float) and abs(value) >= _TOO_MANY_DIGITS:
        zh, en = "Excel 的数字只有 15 位，其余已丢失。", "Excel keeps 15 digits of a number; the others are lost. "
        raise BadValue("lost_digits", hint=Bilingual(zh + _AS_TEXT.zh, en + _AS_TEXT.en))
    if value == int(value) and (zeros := re.fullmatch(r"(0+)(?:\.(0+))?", cell.number_format)):
        decimals = f".{'0' * len(zeros[2])}" if zeros[2] else ""
        return f"{int(value):0{len(zeros[1])}d}{decimals}"
    return str(int(value)) if value == int(value) else plain(value)


def _number(cell: Cell, _: Setting) -> Decimal:
    value = cell.value
    typed = fold(value).replace(" ", "") if isinstance(value, str) else plain(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        number = Decimal(typed)
    elif isinstance(value, str) and _NUMBER.fullmatch(typed):
        number = Decimal(typed.replace(",", ""))
    else:
        raise BadValue("bad_number")
    if not number.is_finite() or abs(number) >= _TOO_MANY_DIGITS:
        raise BadValue("bad_number")
    if number < 0:
        raise BadValue("negative_number", hint=Bilingual("不能小于 0。", "It cannot be less than 0."))
    return number


def _whole(cell: Cell, setting: Setting) -> int:
    number = _number(cell, setting)
    if number != number.to_integral_value():
        raise BadValue("bad_number", hint=Bilingual("不能有小数。", "It cannot have decimals."))
    return int(number)


def _weekdays(cell: Cell, setting: Setting) -> frozenset[int]:
    typed = re.sub(r"周|星期|礼拜|\s", "", _SEPARATORS.sub("", _code(cell, setting))).replace("天", "日")
    typed = typed.translate(str.maketrans("1234567", _WEEKDAYS))
    typed = _WEEKDAY_RANGE.sub(lambda r: _WEEKDAYS[_WEEKDAYS.index(r[1]) : _WEEKDAYS.index(r[2]) + 1], typed)
    if not typed or not set(typed) <= set(_WEEKDAYS):
        raise BadValue("bad_weekdays")
    return frozenset(map(_WEEKDAYS.index, typed))


def _zone(cell: Cell, setting: Setting) -> str:
    name = _code(cell, setting)
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        otherwise = Bilingual("请写 IANA 名称，例如 Asia/Shanghai。", "Write an IANA name such as Asia/Shanghai.")
        raise BadValue("unknown_time_zone", hint=did_you_mean(name, sorted(available_timezones()), otherwise)) from None
    return name


def _priorities(cell: Cell, setting: Setting) -> tuple[Priority, ...]:
    items: list[Priority] = []
    for item in re.split(r"[；;\n]", plain(cell.value)):
        content, *rest = (clean(part) for part in re.split(r"[|｜]", item))
        if not content and not any(rest):
            continue
        if not content or len(rest) > 2:
            raise BadValue("bad_priority", value=clean(item))
        owner, due = ([*rest, ""])[:2] if rest else ("", "")
        if owner and not due and re.match(r"\d{4}[-/.年]", fold(owner)):
            owner, due = "", owner  # 内容|期限
        try:
            due_on = read_date(evolve(cell, value=due), setting) if due else None
        except BadValue as bad:
            raise BadValue(bad.code, value=due, hint=bad.hint or day.hint, expected=day.expected) from None
        items.append(Priority(content=content, owner=fold(owner) or None, due_on=due_on))
    return tuple(items)


def _as_items(items: Iterable[Priority], _: ZoneInfo) -> object:
    parts = ([item.content, item.owner or "", str(item.due_on or "")] for item in items)
    return "；".join("|".join(part).rstrip("|") for part in parts)


_DIGITS_ONLY = Bilingual("请只写数字，不写单位。", "Write digits only, without a unit.")

text = Kind(Bilingual("文字", "text"), _text)
code = Kind(Bilingual("编码或编号", "a code or id"), _code, _AS_TEXT, form=TEXT)
registry_code = Kind(
    Bilingual("18 位代码", "a code of 18 characters"),
    lambda c, s: _code(c, s).replace(" ", "").upper(),
    _AS_TEXT,
    form=TEXT,
)
day = Kind(
    Bilingual("存在的日期", "a date that exists"),
    read_date,
    Bilingual("请写作 2024-01-31。", "Write it like 2024-01-31."),
    write=_as_it_is,
    form=DATE,
)
moment = Kind(
    Bilingual("日期和时间", "a date and time"),
    read_moment,
    Bilingual("请写作 2024-01-31 18:05。", "Write it like 2024-01-31 18:05."),
    write=_as_local_time,
    form=TIME,
)
week = Kind(
    Bilingual("存在的周", "an ISO week that exists"),
    read_week,
    Bilingual("请写作 2024-W05。", "Write it like 2024-W05."),
    form=TEXT,
)
month = Kind(
    Bilingual("存在的月份", "a month that exists"),
    read_month,
    Bilingual("请写作 2024-01。", "Write it like 2024-01."),
    form=TEXT,
)
period = Kind(
    Bilingual("存在的日、周或月", "a day, week or month that exists"),
    read_period,
    Bilingual("请写作 2024-01-31、2024-W05 或 2024-01。", "Write 2024-01-31, 2024-W05 or 2024-01."),
    form=TEXT,
)
number = Kind(Bilingual("不小于 0 的数", "a number of at least 0"), _number, _DIGITS_ONLY, write=_as_number)
whole = Kind(Bilingual("不小于 0 的整数", "a whole number of at least 0"), _whole, _DIGITS_ONLY, write=_as_it_is)
ten_thousand_yuan = Kind(
    number.expected,
    lambda c, s: _number(c, s) * 10_000,
    _DIGITS_ONLY,
    write=lambda yuan, zone: _as_number(yuan.scaleb(-4), zone),
)
weekdays = Kind(
    Bilingual("星期", "weekdays"),
    _weekdays,
    Bilingual("写作：一二三四五六日。", "Write them like 一二三四五六日."),
    write=lambda days, _: "".join(_WEEKDAYS[day] for day in sorted(days)),
)
zone = Kind(Bilingual("时区", "a time zone"), _zone)
priorities = Kind(
    Bilingual("内容|责任人|期限，以；分隔", "items 内容|责任人|期限, separated by ；"),
    _priorities,
    Bilingual("责任人和期限可以不写。", "Person and date may be left out."),
    refers=("people",),
    ids=lambda items: (item.owner for item in items if item.owner),
    write=_as_items,
    several=True,
)


def _choose(words: Mapping[str, Any]) -> Callable[[Cell, Setting], Any]:
    listed = Bilingual(f"可填：{'、'.join(words)}。", f"Choose from {', '.join(words)}.")

    def convert(cell: Cell, _: Setting) -> Any:
        word = fold(plain(cell.value))
        if word not in words:
            raise BadValue("unknown_choice", value=word, hint=did_you_mean(word, [*words], listed))
        return words[word]

    return convert


def choice(words: Mapping[str, Any]) -> Kind:
    """One of the words, read as what it stands for."""
    expected = Bilingual(f"{'、'.join(words)}之一", f"one of {', '.join(words)}")
    typed = {value: word for word, value in words.items()}
    return Kind(expected, _choose(words), choices=[*words], write=lambda value, _: typed.get(value))


def one_of(kind: type[Word], *, only: Sequence[str] = (), none: bool = False) -> Kind:
    """One word of a closed set, by its Chinese label; ``only`` some of them; ``none``: or 无, none of them."""
    words: dict[str, Any] = {word.zh: word for word in kind if not only or word.zh in only}
    return choice(words | ({"无": None} if none else {}))


def either(yes: str, no: str) -> Kind:
    """One of two words, read as True and False."""
    return choice({yes: True, no: False})


_YES = dict.fromkeys(["是", "√", "✓", "✔", "Y", "YES", "TRUE"], True)
_NO = dict.fromkeys(["否", "×", "✗", "✘", "N", "NO", "FALSE"], False)


def _yes_no(cell: Cell, _: Setting) -> bool:
    typed = fold(plain(cell.value)).upper()
    answer = (_YES | _NO).get(typed)
    if answer is None:
        otherwise = Bilingual("也可写 √/×、Y/N。", "√/× and Y/N will do too.")
        raise BadValue("unknown_choice", hint=did_you_mean(typed, ["是", "否"], otherwise))
    return answer


yes_no = Kind(
    Bilingual("是或否", "是 (yes) or 否 (no)"),
    _yes_no,
    choices=["是", "否"],
    write=lambda yes, _: "是" if yes else "否",
)


def list_of(kind: Kind, *, none: bool = True) -> Kind:
    """Several values in one cell, separated by 、 ； or ，; each once. A lone 无 is the empty list."""

    def convert(cell: Cell, setting: Setting) -> tuple[Any, ...]:
        members = [clean(m) for m in _SEPARATORS.split(cell.value)] if isinstance(cell.value, str) else [cell.value]
        if none and members == ["无"]:
            return ()
        values: dict[Any, None] = {}
        for member in members:
            if member == "":
                continue
            try:
                values[kind.read(evolve(cell, value=member), setting)] = None
            except BadValue as bad:
                raise BadValue(
                    bad.code, value=bad.value or plain(member), hint=bad.hint or kind.hint, expected=bad.expected
                ) from None
        return tuple(values)

    expected = Bilingual(f"{kind.expected.zh}（可多个，以、分隔）", f"{kind.expected.en} (several: separated by 、)")

    def write(values: Iterable[Any], zone: ZoneInfo) -> object:
        return "、".join(str(kind.write(value, zone)) for value in values) or "无"

    return Kind(
        expected,
        convert,
        kind.hint,
        kind.choices,
        kind.refers,
        ids=lambda values: (i for v in values for i in kind.ids(v)),
        write=write,
        form=TEXT,
        several=True,
    )


def set_or_none(kind: type[Word]) -> Kind:
    """Several words of a closed set; 无, which stands alone, is the empty set."""
    members = list_of(one_of(kind), none=False)

    def convert(cell: Cell, setting: Setting) -> frozenset[Any]:
        if fold(plain(cell.value)) == "无":
            return frozenset()
        return frozenset(members.read(cell, setting))

    expected = Bilingual(
        f"{'、'.join(members.choices)}（可多个），或 无", f"some of {', '.join(members.choices)}, or 无 (none)"
    )

    def write(words: Iterable[Any], _: ZoneInfo) -> object:
        return "、".join(word.zh for word in kind if word in words) or "无"

    return Kind(expected, convert, choices=[*members.choices, "无"], write=write, several=True)


def ref(*collections: str) -> Kind:
    """The id of something in one of the collections."""
    names = {"people": "人员", "outlets": "门店", "products": "产品", "hazards": "隐患", "opinions": "意见建议"}
    names |= {"defects": "缺陷召回", "decisions": "重大决策"}
    sheets = [names[c] for c in collections]
    expected = Bilingual(f"“{'、'.join(sheets)}”表中的编号", f"an id of sheet {', '.join(sheets)}")
    return Kind(expected, _code, refers=collections, form=TEXT)


list_item = Kind(
    Bilingual("风险清单中的编码", "a code of the risk control list (sheet 风险清单)"),
    _code,
    refers=("risk_items",),
    form=TEXT,
)
answered_item = Kind(
    Bilingual(f"风险清单中的编码，或 {ALL_ITEMS}", f"a code of the risk control list (sheet 风险清单), or {ALL_ITEMS}"),
    _code,
    refers=("risk_items",),
    ids=lambda value: () if value == ALL_ITEMS else (value,),
    form=TEXT,
)
_SELLER = frozenset({"本单位", "单位", "销售单位", "本店", "本公司", "seller"})
_NAMED = re.compile(r"(门店|人员|outlet|person)\s*[:：]?\s*(\S+)", re.IGNORECASE)


def _subject(cell: Cell, setting: Setting) -> str | None:
    typed = _code(cell, setting)
    if typed in _SELLER:
        return None
    named = _NAMED.fullmatch(typed)
    if named is None:
        return typed
    return f"outlet:{named[2]}" if named[1].lower() in ("门店", "outlet") else named[2]


subject = Kind(
    Bilingual(
        "空（本单位）、人员编号、“门店”加门店编号，或一条记录的编号",
        "empty (the seller), the id of a person, outlet: and the id of an outlet, or the id of a record",
    ),
    _subject,
    SUBJECTS_WRITTEN,
    refers=SUBJECTS,
    form=TEXT,
)
duty = Kind(
    Bilingual("义务编号，例如 A03.1c", "the id of an obligation such as A03.1c"), _code, refers=OBLIGATIONS, form=TEXT
)
