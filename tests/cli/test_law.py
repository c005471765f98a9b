"""``qsafety law``: the text, by whatever name one has for a piece of it."""

import json

import pytest

from qsafety import law


def test_without_a_name_the_whole_text_is_shown(call):
    done = call("law", "show")
    assert done.status == 0
    shown = "".join(done.out.split())
    assert all("".join(p.text.split()) in shown for p in law.edition().provisions)
    assert law.edition().sha256 in shown


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("A10.2", ["第十条【日管控】", "Check every day against", "质量安全员", "L3 责任", "checked_every_day"]),
        ("a10.2", ["A10.2"]),
        ("A14", ["不计算", "由监管部门履行"]),
        ("A16.4", ["safe_harbours"]),
        ("10", ["质量安全员每日根据", "A10.6", "daily_days=operating"]),
        ("5.1.3", ["大中型销售单位", "A05.1.3", "size_class=either"]),
        ("第十条", ["质量安全员每日根据"]),
        ("第10条", ["质量安全员每日根据"]),
        ("周排查", ["weekly screening", "第十一条"]),
        ("weekly screening", ["周排查"]),
        ("销售单位主要负责人", ["“工业产品销售单位主要负责人是指", "第十八条  18.3"]),
        ("门店", ["outlet", "Outlet"]),
        ("size_class", ["either（默认）", "both"]),
        ("promptly", ["默认 0"]),
    ],
)
def test_anything_has_a_name(call, name, words):
    done = call("law", "show", name)
    assert (done.status, done.err) == (0, "")
    shown = "".join(done.out.split())
    assert all("".join(word.split()) in shown for word in words)


def test_an_inherited_article_is_marked_and_its_known_differences_are_told(call):
    done = call("law", "show", "17", "--edition", "cn-seller-2023-order76")
    assert "沿用，未经核对" in done.out and "本版本：" in done.out and "未经核对" in done.out


def test_english_labels(call):
    done = call("law", "show", "A10.2", "--lang", "en")
    assert all(word in done.out for word in ("Article 10", "Duty", "Who", "quality safety officer", "daily"))


@pytest.mark.parametrize(
    ("name", "near"),
    [("A10.22", "A10.2"), ("5.1.4", "5.1"), ("周排", "周排查"), ("size_clas", "SizeClass"), ("99", "9")],
)
def test_an_unknown_name_is_refused_with_the_nearest(call, name, near):
    done = call("law", "show", name)
    assert (done.status, done.out) == (2, "") and near in done.err


def test_editions_are_compared(call):
    ids = ("cn-seller-2023-draft", "cn-seller-2023-order76")
    done = call("law", "diff", *ids)
    assert done.status == 0 and "另一版本" in done.out
    data = json.loads(call("law", "diff", *reversed(ids), "--format", "json").out)
    assert [item["provision"] for item in data] == [d.provision for d in law.diff(*ids)]
    assert all(item.keys() == {"provision", "draft", "other", "certainty"} for item in data)
    assert "没有已知差异" in call("law", "diff", ids[0], ids[0]).out
    wrong = call("law", "diff", ids[0], "cn-seller-2023-order77")
    assert wrong.status == 2 and ids[1] in wrong.err


def test_gaps_are_told_with_their_reasons(call):
    done = call("law", "gaps")
    assert done.status == 0 and all(gap.id in done.out for gap in law.gaps())
    assert len(json.loads(call("law", "gaps", "--format", "json").out)) == len(law.gaps())
    assert "the authority's power" in call("law", "gaps", "--lang", "en").out


def test_every_obligation_is_traced_to_its_rule(call):
    done = call("law", "trace")
    assert done.status == 0 and "a10_daily.checked_every_day" in done.out
    rows = json.loads(call("law", "trace", "--format", "json").out)
    assert [row["obligation"] for row in rows] == [o.id for o in law.obligations()]
    assert all(row.keys() == {"obligation", "provision", "rule", "tests", "gap"} for row in rows)
