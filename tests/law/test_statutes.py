"""Other statutes: cited, never quoted; whatever a message names is among them."""

import re
from typing import Any

import pytest

from qsafety import law
from qsafety.errors import UnknownNameError

DESIGNED = {
    "产品质量法": ["33", "49"],
    "标准化法": [],
    "认证认可条例": [],
    "工业产品生产许可证管理条例": [],
    "行政处罚法": ["9", "13", "28", "29", "32", "33", "36", "37", "51"],
    "消费者权益保护法": ["19"],
    "消费品召回管理暂行规定": [],
    "民法典": ["200", "201", "202", "203", "204", "1259"],
    "电子签名法": ["5", "6", "8"],
    "个人信息保护法": ["47", "51"],
}
NAMED_ZH = re.compile(
    r"(?:另见|依照|根据|按照|参见|《)(?:中华人民共和国)?([一-龥]{2,20}?(?:法|条例|暂行规定|法典))(?:》|第([一二三四五六七八九十百]+)条|，|。|；|）)"
)
NAMED_EN = re.compile(r"((?:[A-Z][a-z]+ (?:and )?)+(?:Law|Code))(?:, Article (\d+))?")


def test_the_stubs_are_those_of_the_design():
    assert {s.id: [c.article for c in s.articles] for s in law.statutes()} == DESIGNED


def test_every_statute_that_a_message_names_is_a_stub():
    named: set[tuple[Any, ...]] = set()
    for template in law.templates():
        named |= {found.groups() for found in NAMED_ZH.finditer(template.text.zh)}
        named |= {found.groups() for found in NAMED_EN.finditer(template.text.en)}
    assert ("产品质量法", "三十三") in named and ("Consumer Protection Law", "19") in named
    for name, article in named:
        found = law.find_statute(f"{name}第{article}条" if article else name)
        assert found and found[0].id in DESIGNED, name


def test_every_legal_basis_of_article_1_is_a_stub():
    titles = re.findall(r"《([^》]+)》", law.edition().provision("1").text)
    assert len(titles) == 4
    assert [law.statute(title).title.zh for title in titles] == titles


ASKED = ["行政处罚法33", "行政处罚法 33", "《行政处罚法》第三十三条", "中华人民共和国行政处罚法第33条"]


@pytest.mark.parametrize("asked", [*ASKED, "Administrative Penalty Law, Article 33"])
def test_an_article_is_found_by_any_of_its_names(asked):
    found = law.find_statute(asked)
    assert found is not None and (found[0].id, found[1]) == ("行政处罚法", "33")


def test_what_names_no_statute_is_none_and_an_article_without_a_citation_is_refused():
    assert law.find_statute("周排查") is None
    with pytest.raises(UnknownNameError, match=r"no cited article of the Administrative Penalty Law named '34'"):
        law.find_statute("行政处罚法34")
    with pytest.raises(UnknownNameError, match="Did you mean '产品质量法'"):
        law.statute("产品质量发")


def test_a_citation_has_both_languages_and_says_whose_words_the_gist_is():
    (cited,) = law.cited("民法典", 1259)
    assert (cited.label.zh, cited.label.en) == ("民法典第一千二百五十九条", "Civil Code, Article 1259")
    assert cited.to_dict()["gist"]["zh"].startswith("“以上”")
    assert "自行概括" in law.caution().zh and "own words" in law.caution().en
    for statute in law.statutes():
        texts = [statute.title, statute.gist, *(c.gist for c in statute.articles)]
        assert all(t.zh and t.en for t in texts)
        assert not any(
            re.search("[一-龥]", t.en.replace("以上 and 以下", "").replace("不满 and 超过", "")) for t in texts
        )
