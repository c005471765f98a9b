"""Whatever is not exactly right is refused: all of it at once, each problem with its path and what to do."""

import json
from typing import Any

import pytest

from qsafety.codec import from_json, to_json
from qsafety.codec.syntax import MOST_DEPTH
from qsafety.dossier import Dossier, Seller
from qsafety.errors import CodecError, JsonProblem

SHOP: dict[str, Any] = {"format": 1, "seller": {"id": "hz01", "name": "示例店"}}
HAZARD: dict[str, Any] = {"id": "H1", "source": "daily", "found_on": "2024-01-31"}


def problems(text: str | bytes) -> list[JsonProblem]:
    with pytest.raises(CodecError) as refused:
        from_json(text)
    return [*refused.value.problems]


def told(text: str | bytes) -> list[tuple[str, str]]:
    return [(problem.code, problem.path) for problem in problems(text)]


def with_seller(**fields: Any) -> str:
    return json.dumps({**SHOP, "seller": {**SHOP["seller"], **fields}})


def with_hazard(**fields: Any) -> str:
    return json.dumps({**SHOP, "hazards": [{**HAZARD, **fields}]})


def test_the_examples_below_are_right_but_for_what_they_change() -> None:
    assert from_json(json.dumps(SHOP)) == Dossier(seller=Seller(id="hz01", name="示例店"))
    assert from_json(with_hazard()).hazards


WRONG = [
    # keys
    (
        with_seller(nme="x"),
        "unknown_key",
        "$.seller.nme",
        "没有名为“nme”的键。是否为“name”？",
        "there is no key named 'nme'. Did you mean 'name'?",
    ),
    (
        with_hazard(due_no="x"),
        "unknown_key",
        "$.hazards[0].due_no",
        "没有名为“due_no”的键。是否为“due_on”？",
        "there is no key named 'due_no'. Did you mean 'due_on'?",
    ),
    (
        json.dumps({**SHOP, "hazard": []}),
        "unknown_key",
        "$.hazard",
        "没有名为“hazard”的键。是否为“hazards”？",
        "there is no key named 'hazard'. Did you mean 'hazards'?",
    ),
    (json.dumps({"format": 1}), "missing_key", "$.seller", "缺少键“seller”", "the key 'seller' is missing"),
    (
        json.dumps({**SHOP, "hazards": [{"id": "H1", "source": "daily"}]}),
        "missing_key",
        "$.hazards[0].found_on",
        "缺少键“found_on”",
        "the key 'found_on' is missing",
    ),
    (
        '{"format": 1, "seller": {"id": "hz01", "name": "a", "name": "a"}}',
        "duplicate_key",
        "$.seller.name",
        "键“name”不止一次出现",
        "the key 'name' comes more than once",
    ),
    # types: nothing is converted
    (with_seller(name=7), "wrong_type", "$.seller.name", "收到 7，应为文本", "got 7, expected text"),
    (with_seller(address=7), "wrong_type", "$.seller.address", "收到 7，应为文本", "got 7, expected text"),
    (
        with_seller(headcount="12"),
        "wrong_type",
        "$.seller.headcount",
        '收到 "12"，应为整数（0 至 9007199254740991）',
        'got "12", expected an integer from 0 to 9007199254740991',
    ),
    (
        with_seller(headcount=-1),
        "wrong_type",
        "$.seller.headcount",
        "收到 -1，应为整数（0 至 9007199254740991）",
        "got -1, expected an integer from 0 to 9007199254740991",
    ),
    (
        with_seller(headcount=True),
        "wrong_type",
        "$.seller.headcount",
        "收到 true，应为整数（0 至 9007199254740991）",
        "got true, expected an integer from 0 to 9007199254740991",
    ),
    (
        with_seller(headcount=2**53),
        "wrong_type",
        "$.seller.headcount",
        "收到 9007199254740992，应为整数（0 至 9007199254740991）",
        "got 9007199254740992, expected an integer from 0 to 9007199254740991",
    ),
    (
        with_seller(revenue=5000),
        "wrong_type",
        "$.seller.revenue",
        '收到 5000，应为不小于 0 的数，写成文本，如 "5000.50"',
        'got 5000, expected a number of at least 0, as text such as "5000.50"',
    ),
    (
        with_seller(revenue="-5"),
        "wrong_type",
        "$.seller.revenue",
        '收到 "-5"，应为不小于 0 的数，写成文本，如 "5000.50"',
        'got "-5", expected a number of at least 0, as text such as "5000.50"',
    ),
    (
        with_seller(open_weekdays=[0, 7]),
        "wrong_type",
        "$.seller.open_weekdays[1]",
        "收到 7，应为星期数（0 为星期一，6 为星期日）",
        "got 7, expected a weekday from 0 (Monday) to 6 (Sunday)",
    ),
    (with_seller(refs="x"), "wrong_type", "$.seller.refs", '收到 "x"，应为一个列表', 'got "x", expected a list'),
    (
        with_seller(refs=["x"]),
        "wrong_type",
        "$.seller.refs[0]",
        '收到 "x"，应为一个对象',
        'got "x", expected an object',
    ),
    (with_seller(name=None), "wrong_type", "$.seller.name", "收到 null，应为文本", "got null, expected text"),
    (with_seller(note=["x"]), "wrong_type", "$.seller.note", "收到一个列表，应为文本", "got a list, expected text"),
    (
        json.dumps({**SHOP, "daily_checks": [{"day": "2024-01-31", "officer": "P3", "draft": "false"}]}),
        "wrong_type",
        "$.daily_checks[0].draft",
        '收到 "false"，应为布尔值（true 或 false）',
        'got "false", expected true or false',
    ),
    (
        json.dumps({**SHOP, "daily_checks": [{"day": "2024-01-31", "officer": "P3", "results": {"R01": "pass"}}]}),
        "wrong_type",
        "$.daily_checks[0].results",
        "收到一个对象，应为一个列表",
        "got an object, expected a list",
    ),
    (
        with_seller(headcount=12.0),
        "fraction",
        "$.seller.headcount",
        '不接受浮点数；带小数的数请写成文本，如 "5000.50"',
        'floats are refused; write a number with decimals as text, such as "5000.50"',
    ),
    (
        '{"format": 1, "seller": {"id": "hz01", "name": "a", "headcount": NaN}}',
        "not_a_number",
        "$.seller.headcount",
        "NaN 不是 JSON 的数",
        "NaN is no number of JSON",
    ),
    (
        '{"format": 1, "seller": {"id": "hz01", "name": "a", "revenue": -Infinity}}',
        "not_a_number",
        "$.seller.revenue",
        "-Infinity 不是 JSON 的数",
        "-Infinity is no number of JSON",
    ),
    # dates, times and periods
    (
        with_hazard(due_on="2024-02-30"),
        "wrong_type",
        "$.hazards[0].due_on",
        '收到 "2024-02-30"，应为日期，如 "2024-01-31"',
        'got "2024-02-30", expected a date such as "2024-01-31"',
    ),
    (
        with_hazard(due_on="2024-02-29T00:00:00Z"),
        "wrong_type",
        "$.hazards[0].due_on",
        '收到 "2024-02-29T00:00:00Z"，应为日期，如 "2024-01-31"',
        'got "2024-02-29T00:00:00Z", expected a date such as "2024-01-31"',
    ),
    (
        with_hazard(precaution_at="2024-01-31T18:05:00"),
        "naive_time",
        "$.hazards[0].precaution_at",
        '时间 "2024-01-31T18:05:00" 没有时区；请在末尾加 +08:00（北京时间）或 Z（UTC）',
        'the time "2024-01-31T18:05:00" has no zone; add +08:00 (China) or Z (UTC) at its end',
    ),
    (
        with_hazard(precaution_at="2024-01-31 18:05:00+08:00"),
        "wrong_type",
        "$.hazards[0].precaution_at",
        '收到 "2024-01-31 18:05:00+08:00"，应为带时区的时间，如 "2024-01-31T18:05:00+08:00"',
        'got "2024-01-31 18:05:00+08:00", expected a time with its zone, such as "2024-01-31T18:05:00+08:00"',
    ),
    (
        with_hazard(precaution_at="2024-02-30T18:05:00Z"),
        "wrong_type",
        "$.hazards[0].precaution_at",
        '收到 "2024-02-30T18:05:00Z"，应为带时区的时间，如 "2024-01-31T18:05:00+08:00"',
        'got "2024-02-30T18:05:00Z", expected a time with its zone, such as "2024-01-31T18:05:00+08:00"',
    ),
    (
        json.dumps({**SHOP, "weekly_screenings": [{"week": "2024-W60", "organiser": "P2"}]}),
        "bad_period",
        "$.weekly_screenings[0].week",
        "2024 年没有第 60 周（共 52 周）",
        "2024 has no week 60 (it has 52)",
    ),
    (
        json.dumps({**SHOP, "weekly_screenings": [{"week": "2024-01", "organiser": "P2"}]}),
        "wrong_type",
        "$.weekly_screenings[0].week",
        '收到 "2024-01"，应为周，如 "2024-W05"',
        'got "2024-01", expected an ISO week such as "2024-W05"',
    ),
    # words
    (
        with_seller(trade="retial"),
        "unknown_word",
        "$.seller.trade",
        "没有名为“retial”的取值。是否为“retail”？",
        "there is no word named 'retial'. Did you mean 'retail'?",
    ),
    (
        with_seller(trade="零售"),
        "unknown_word",
        "$.seller.trade",
        "没有名为“零售”的取值。可用：retail。",
        "there is no word named '零售'. Known: retail.",
    ),
    (
        with_seller(trade=1),
        "wrong_type",
        "$.seller.trade",
        "收到 1，应为下列之一：wholesale、retail、mixed、online",
        "got 1, expected one of wholesale, retail, mixed, online",
    ),
    (
        json.dumps({**SHOP, "products": [{"id": "x", "name": "x", "regimes": ["强制性认证"]}]}),
        "unknown_word",
        "$.products[0].regimes[0]",
        "没有名为“强制性认证”的取值。可用：ccc。",
        "there is no word named '强制性认证'. Known: ccc.",
    ),
    (
        json.dumps({**SHOP, "partial": ["hazard"]}),
        "unknown_word",
        "$.partial[0]",
        "没有名为“hazard”的档案集合。是否为“hazards”？",
        "there is no collection named 'hazard'. Did you mean 'hazards'?",
    ),
    # what the facts themselves refuse
    (
        with_seller(uscc="91110000600037341M"),
        "bad_fact",
        "$.seller.uscc",
        "统一社会信用代码“91110000600037341M”的格式或校验码不对。请对照营业执照核对 18 位代码。",
        "'91110000600037341M' is no valid credit code (USCC). Compare the 18 characters with the business licence.",
    ),
    (
        with_seller(tz="Mars"),
        "bad_fact",
        "$.seller.tz",
        "没有名为“Mars”的时区。请写 IANA 名称，例如 Asia/Shanghai。",
        "there is no time zone 'Mars'. Write an IANA name such as Asia/Shanghai.",
    ),
    (with_seller(id=""), "bad_fact", "$.seller.id", "Seller 需要 id", "Seller needs an id"),
    (
        with_hazard(done_on="2024-01-30"),
        "bad_fact",
        "$.hazards[0].done_on",
        "done_on（2024-01-30）早于 found_on（2024-01-31）",
        "done_on (2024-01-30) is before found_on (2024-01-31)",
    ),
    (
        json.dumps(
            {
                **SHOP,
                "opinions": [
                    {
                        "raised_by": "P2",
                        "kind": "veto",
                        "raised_at": "2024-01-31T10:00:00Z",
                        "answer": {"outcome": "adopted", "at": "2024-01-30T10:00:00Z"},
                    }
                ],
            }
        ),
        "bad_fact",
        "$.opinions[0].answer.at",
        "答复时间（2024-01-30 10:00:00+00:00）早于提出时间（2024-01-31 10:00:00+00:00）",
        "the answer (2024-01-30 10:00:00+00:00) is before the opinion (2024-01-31 10:00:00+00:00)",
    ),
    (
        json.dumps({**SHOP, "hazards": [HAZARD, {**HAZARD, "id": "H2"}, {**HAZARD, "note": "又一次"}]}),
        "duplicate_record",
        "$.hazards[2]",
        "记录“H1”重复。见 $.hazards[0] 与 $.hazards[2]。",
        "record 'H1' comes twice. See $.hazards[0] and $.hazards[2].",
    ),
    (
        json.dumps({**SHOP, "closures": [{"start": "2024-02-10", "end": "2024-02-16"}] * 2}),
        "duplicate_record",
        "$.closures[1]",
        "两条记录完全相同：closure:2024-02-10。见 $.closures[0] 与 $.closures[1]。",
        "two records are equal in every field: closure:2024-02-10. See $.closures[0] and $.closures[1].",
    ),
    # the format
    (
        json.dumps({"seller": SHOP["seller"]}),
        "missing_key",
        "$.format",
        "缺少键“format”",
        "the key 'format' is missing",
    ),
    (json.dumps({**SHOP, "format": 0}), "wrong_format", "$.format", "收到 0，应为格式 1", "got 0, expected format 1"),
    (
        json.dumps({**SHOP, "format": "1"}),
        "wrong_format",
        "$.format",
        '收到 "1"，应为格式 1',
        'got "1", expected format 1',
    ),
    (
        json.dumps({**SHOP, "format": True}),
        "wrong_format",
        "$.format",
        "收到 true，应为格式 1",
        "got true, expected format 1",
    ),
    (
        json.dumps({"format": 2, "unit": {}}),
        "newer_format",
        "$.format",
        "格式 2 由更新的 qsafety 写成，本版本只读格式 1；请升级 qsafety",
        "format 2 was written by a newer qsafety, this one reads format 1 only; upgrade qsafety",
    ),
    # the text itself
    ("[]", "wrong_type", "$", "收到一个列表，应为一个对象", "got a list, expected an object"),
    ("null", "wrong_type", "$", "收到 null，应为一个对象", "got null, expected an object"),
    ("", "not_json", "$", "第 1 行第 1 列：不是合法的 JSON", "line 1, column 1: this is no JSON: Expecting value"),
    (
        '{\n "format" 1}',
        "not_json",
        "$",
        "第 2 行第 11 列：不是合法的 JSON",
        "line 2, column 11: this is no JSON: Expecting ':' delimiter",
    ),
    (
        json.dumps(SHOP) + " {}",
        "not_json",
        "$",
        "第 1 行第 71 列：JSON 之后还有其他内容",
        "line 1, column 71: there is more text after the JSON",
    ),
    (b'{"format": 1, "seller": {"id": "\xff"}}', "bad_encoding", "$", "第 32 字节不是 UTF-8", "byte 32 is not UTF-8"),
    (json.dumps(SHOP).encode("utf-16"), "bad_encoding", "$", "第 0 字节不是 UTF-8", "byte 0 is not UTF-8"),
    (
        "\ufeff" + json.dumps(SHOP),
        "byte_order_mark",
        "$",
        "文件以字节顺序标记 (BOM) 开头；请存为不带 BOM 的 UTF-8",
        "it begins with a byte order mark (BOM); save it as UTF-8 without BOM",
    ),
    (
        json.dumps(SHOP).encode("utf-8-sig"),
        "byte_order_mark",
        "$",
        "文件以字节顺序标记 (BOM) 开头；请存为不带 BOM 的 UTF-8",
        "it begins with a byte order mark (BOM); save it as UTF-8 without BOM",
    ),
    (
        with_seller(note="\ud83d"),
        "lone_surrogate",
        "$.seller.note",
        "含有半个字符 U+D83D，不能保存",
        "it contains half a character, U+D83D, which cannot be kept",
    ),
    (
        '{"format": 1, "seller": {"id": "a", "name": "\ud83d"}}',
        "lone_surrogate",
        "$",
        "含有半个字符 U+D83D，不能保存",
        "it contains half a character, U+D83D, which cannot be kept",
    ),
    (
        '{"format": ' + "9" * 5000 + "}",
        "number_too_long",
        "$",
        "其中一个整数位数过多",
        "an integer in it has too many digits",
    ),
    ("[" * 100_000, "too_deep", "$", "嵌套超过 32 层", "it is nested more than 32 deep"),
]


@pytest.mark.parametrize(("text", "code", "path", "zh", "en"), WRONG)
def test_one_thing_wrong_is_one_problem(text: str | bytes, code: str, path: str, zh: str, en: str) -> None:
    (problem,) = problems(text)
    assert (problem.code, problem.path) == (code, path)
    assert (problem.message.zh, problem.message.en) == (zh, en)


def test_all_that_is_wrong_is_told_at_once() -> None:
    text = """{
      "seller": {"id": "hz01", "nme": "示例店", "headcount": "12", "revenue": 1.5, "tz": "Mars", "tz": "Mars"},
      "hazards": [
        {"id": "H1", "source": "daily", "found_on": "2024-01-31", "due_on": "2024-01-01", "due_no": 1},
        {"id": "H2", "source": "日管控", "found_on": "2024-01-31"},
        {"id": "H3", "source": "daily", "found_on": "2024-01-31", "precaution_at": "2024-01-31T10:00:00"},
        {"id": "H4", "source": "daily", "found_on": "2024-01-31"},
        {"id": "H4", "source": "daily", "found_on": "2024-01-31"},
        {"id": "H5", "source": "daily", "found_on": "2024-01-31", "done_on": "2024-01-30"}
      ],
      "partial": ["hazards", "risks"],
      "extra": [[], {"deep": [NaN]}]
    }"""
    assert sorted(told(text)) == [
        ("bad_fact", "$.hazards[5].done_on"),
        ("duplicate_key", "$.seller.tz"),
        ("duplicate_record", "$.hazards[4]"),
        ("fraction", "$.seller.revenue"),
        ("missing_key", "$.format"),
        ("missing_key", "$.seller.name"),
        ("naive_time", "$.hazards[2].precaution_at"),
        ("not_a_number", "$.extra[1].deep[0]"),
        ("unknown_key", "$.extra"),
        ("unknown_key", "$.hazards[0].due_no"),
        ("unknown_key", "$.seller.nme"),
        ("unknown_word", "$.hazards[1].source"),
        ("unknown_word", "$.partial[1]"),
        ("wrong_type", "$.seller.headcount"),
    ]


def test_two_rules_broken_in_one_fact_are_two_problems() -> None:
    assert told(with_seller(uscc="x", tz="y", open_weekdays=[0])) == [
        ("bad_fact", "$.seller.uscc"),
        ("bad_fact", "$.seller.tz"),
    ]


def test_the_error_says_how_many_and_lists_each_with_its_path() -> None:
    with pytest.raises(CodecError) as refused:
        from_json(with_seller(nme="x", headcount="12"))
    assert refused.value.to("zh") == (
        "读取 JSON 发现 2 处问题：没有名为“nme”的键。是否为“name”？ @ $.seller.nme\n"
        '收到 "12"，应为整数（0 至 9007199254740991） @ $.seller.headcount'
    )
    assert str(refused.value) == (
        "2 problem(s) in the JSON: there is no key named 'nme'. Did you mean 'name'? @ $.seller.nme\n"
        'got "12", expected an integer from 0 to 9007199254740991 @ $.seller.headcount'
    )
    assert refused.value.to_dict()["problems"][0] == {
        "code": "unknown_key",
        "path": "$.seller.nme",
        "message": {
            "zh": "没有名为“nme”的键。是否为“name”？",
            "en": "there is no key named 'nme'. Did you mean 'name'?",
        },
    }


@pytest.mark.parametrize(("depth", "is_told"), [(MOST_DEPTH - 2, False), (MOST_DEPTH - 1, True), (500, True)])
def test_great_depth_is_told_where_it_begins(depth: int, is_told: bool) -> None:
    text = '{"format": 1, "seller": {"id": "hz01", "name": "a", "note": ' + "[" * depth + "]" * depth + "}}"
    deep = ("too_deep", "$.seller.note" + "[0]" * (MOST_DEPTH - 2))
    assert told(text) == ([deep] if is_told else []) + [("wrong_type", "$.seller.note")]


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ('{"format": 1, "seller": {"id": "a", "name": "b", "电话": 1}}', '$.seller["\\u7535\\u8bdd"]'),
        ('{"format": 1, "seller": {"id": "a", "name": "b", "a b": 1}}', '$.seller["a b"]'),
        ('{"format": 1, "seller": {"id": "a", "name": "b", "": 1}}', '$.seller[""]'),
    ],
)
def test_a_key_that_is_no_name_is_quoted_in_the_path(text: str, path: str) -> None:
    assert told(text) == [("unknown_key", path)]


@pytest.mark.parametrize("field", ["name", "resident_id", "phone"])
@pytest.mark.parametrize("value", [13800000000, 13800000000.5, ["13800000000"], True])
def test_what_is_personal_is_not_shown(field: str, value: Any) -> None:
    person = {"id": "P1", "name": "张三"} | {field: value}
    (problem,) = problems(json.dumps({**SHOP, "people": [person]}))
    assert problem.path == f"$.people[0].{field}"
    assert "138" not in problem.message.zh + problem.message.en


def test_a_pair_of_surrogates_is_one_character() -> None:
    dossier = from_json('{"format": 1, "seller": {"id": "hz01", "name": "\\ud83d\\udef5"}}')
    assert dossier.seller.name == "🛵"
    assert "🛵" in to_json(dossier)


def test_a_long_value_is_cut() -> None:
    (problem,) = problems(with_seller(headcount="九" * 1000))
    assert problem.message.en == f'got "{"九" * 56}..., expected an integer from 0 to 9007199254740991'


@pytest.mark.parametrize("value", [None, 5, {}])
def test_what_is_no_text_is_a_mistake_of_the_caller(value: Any) -> None:
    with pytest.raises(TypeError, match="a text or bytes are needed"):
        from_json(value)
