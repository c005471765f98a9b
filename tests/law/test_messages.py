"""Every template renders in both languages; what is missing is named."""

import pytest

from qsafety import law
from qsafety.bilingual import Bilingual
from qsafety.errors import QSafetyError, UnknownNameError
from qsafety.law.messages import MessageError, read_templates

OUTLET = Bilingual("二号店", "outlet 2")


@pytest.mark.parametrize("template", law.templates(), ids=lambda t: f"{t.obligation}.{t.reason}-{t.advice}")
def test_every_template_renders_with_its_fields(template):
    assert all(name.isidentifier() for name in template.fields), "fields are plain names"
    text = template.render(**{name: Bilingual(f"甲{name}", f"some {name}") for name in template.fields})
    for words in (text.zh, text.en):
        assert words and "{" not in words and "}" not in words and words == words.strip()
    tell = law.advice if template.advice else law.message
    assert tell(template.obligation, template.reason, **dict.fromkeys(template.fields, "x")) is not None


@pytest.mark.parametrize("template", law.templates(), ids=lambda t: f"{t.obligation}.{t.reason}-{t.advice}")
def test_every_template_belongs_to_an_obligation_or_to_the_whole_answer(template):
    assert template.obligation in {"general", *(o.id for o in law.obligations())}


def write(folder, text):
    (folder / "a10.toml").write_text(text, encoding="utf-8")
    return read_templates(folder)


GOOD = """
["A10.2".missed]
zh = "{outlet}缺 {n} 日检查"
en = "{outlet} lacks {n} daily check(s)"
advice_zh = "补查"
advice_en = "check"
"""


def test_a_bilingual_field_goes_into_its_own_language(tmp_path):
    template = write(tmp_path, GOOD)["A10.2", "missed", False]
    text = template.render(outlet=OUTLET, n=3)
    assert text == Bilingual("二号店缺 3 日检查", "outlet 2 lacks 3 daily check(s)")
    assert template.fields == {"outlet", "n"}


def test_braces_in_a_value_stay_as_they_are(tmp_path):
    template = write(tmp_path, GOOD)["A10.2", "missed", False]
    assert template.render(outlet="{n}", n=3).zh == "{n}缺 3 日检查"


def test_a_missing_field_is_named(tmp_path):
    template = write(tmp_path, GOOD)["A10.2", "missed", False]
    with pytest.raises(MessageError, match=r"template A10\.2\.missed lacks the field\(s\) n") as caught:
        template.render(outlet=OUTLET)
    assert issubclass(MessageError, QSafetyError) and issubclass(MessageError, LookupError)
    assert caught.value.to("zh") == "模板 A10.2.missed 缺少字段：n"


@pytest.mark.parametrize("tell", [law.message, law.advice])
def test_an_unknown_template_names_the_nearest(tell):
    with pytest.raises(UnknownNameError, match=r"Did you mean 'general\.disclaimer'"):
        tell("general", "disclaimers")


def test_a_message_without_advice_has_none():
    assert law.advice("general", "disclaimer") is None


@pytest.mark.parametrize(
    "bad",
    ['["A10.2".missed]\nzh = "缺"', '["A10.2".missed]\nzh="缺"\nen="x"\nadvice_zh="补"', '["A10.2".missed]\nZH="缺"'],
)
def test_a_template_in_one_language_only_is_refused(tmp_path, bad):
    with pytest.raises(MessageError, match=r"template A10\.2\.missed needs zh and en"):
        write(tmp_path, bad)


def test_one_template_in_two_files_is_refused(tmp_path):
    (tmp_path / "b.toml").write_text(GOOD, encoding="utf-8")
    with pytest.raises(MessageError, match=r"template A10\.2\.missed is there twice"):
        write(tmp_path, GOOD)


def test_the_disclaimer_is_the_sentence_that_every_penalty_carries():
    assert law.message("general", "disclaimer").zh == (
        "本结果依据所录入的事实与所选版本的条文自动比对得出，不构成法律意见或行政处罚决定；以有权机关认定为准。"
    )
