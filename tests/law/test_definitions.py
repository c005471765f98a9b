"""The five definitions of Article 18, and the glossary behind them."""

import pytest

from qsafety import law
from qsafety.errors import UnknownNameError


@pytest.mark.parametrize(
    ("asked", "provision", "begins"),
    [
        ("工业产品", "18.1", "工业产品是指经过工业化过程"),
        ("产品质量安全", "18.2", "产品质量安全是指"),
        ("销售单位主要负责人", "18.3", "工业产品销售单位主要负责人是指本单位的法定代表人"),
        ("主要负责人", "18.3", "工业产品销售单位主要负责人是指"),
        ("principal", "18.3", "工业产品销售单位主要负责人是指"),
        ("Principal", "18.3", "工业产品销售单位主要负责人是指"),
        ("质量安全总监", "18.4", "质量安全总监是指本单位管理层中"),
        ("Role.DIRECTOR", "18.4", "质量安全总监是指"),
        ("quality safety officer", "18.5", "质量安全员是指"),
        (" 质量安全员 ", "18.5", "质量安全员是指"),
    ],
)
def test_article_18_defines_a_term_under_each_of_its_names(asked, provision, begins):
    found = law.define(asked)
    assert isinstance(found, law.Definition)
    assert found.provision == provision and found.text.startswith(begins)
    assert found.text in law.edition().quote(provision)
    assert found.edition == "cn-seller-2023-draft"


def test_there_are_five_definitions_one_for_each_item_of_article_18():
    names = ("工业产品", "产品质量安全", "主要负责人", "质量安全总监", "质量安全员")
    found = [law.define(name).to_dict()["provision"] for name in names]
    assert found == [p.id for p in law.edition().provisions if p.article == 18 and p.item]


@pytest.mark.parametrize("asked", ["零风险报告", "zero-risk report", "DailyConclusion.ZERO_RISK"])
def test_what_article_18_does_not_define_comes_from_the_glossary(asked):
    found = law.define(asked)
    assert isinstance(found, law.Term) and found.zh == "零风险报告"


def test_a_paper_is_found_with_and_without_its_title_marks():
    assert law.define("质量安全员守则") == law.define("《质量安全员守则》")


def test_a_definition_names_the_edition_asked_for():
    found = law.define("工业产品", edition="cn-seller-2023-order76")
    assert found.to_dict()["edition"] == "cn-seller-2023-order76"


def test_an_unknown_term_names_the_nearest():
    with pytest.raises(UnknownNameError, match=r"no term named '质量安全总临'\. Did you mean '质量安全总监'"):
        law.define("质量安全总临")
