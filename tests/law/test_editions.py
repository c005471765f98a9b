"""The text, whole and in pieces, and the overlay of Order No. 76."""

import shutil
from datetime import date
from decimal import Decimal

import pytest

from qsafety import law
from qsafety.errors import EditionError, UnknownNameError
from qsafety.law.data import FOLDER
from qsafety.law.editions import read_edition

DRAFT = law.edition("cn-seller-2023-draft")
ORDER = law.edition("cn-seller-2023-order76")

# Read off the text by hand: every paragraph, lead-in and item of the 19 articles.
PIECES = """\
1 2 3.1 3.2 4.1 4.2 5.1 5.1.1 5.1.2 5.1.3 5.2 6.1 6.1.1 6.1.2 6.1.3 6.1.4 6.2
7.1 7.1.1 7.1.2 7.1.3 7.1.4 7.1.5 7.1.6 7.2 8.1 8.1.1 8.1.2 8.1.3 8.1.4 8.1.5 8.2
9 10 11 12 13 14 15.1 15.2 15.3 16.1 16.2 16.3 16.4 17 18 18.1 18.2 18.3 18.4 18.5 19"""


def test_the_pieces_put_together_are_the_text_byte_for_byte():
    assert "".join(p.text for p in DRAFT.provisions) == DRAFT.text
    assert DRAFT.text.encode() == (FOLDER / DRAFT.id / "text.txt").read_bytes()


def test_the_text_is_cut_into_every_paragraph_lead_in_and_item():
    assert [p.id for p in DRAFT.provisions] == PIECES.split()


def test_every_piece_says_what_it_does():
    assert DRAFT.provision("6.2").kind == "prohibition"
    assert DRAFT.provision("16.2").kind == "encouragement"
    assert DRAFT.provision("18.3").kind == "definition"


@pytest.mark.parametrize(
    ("id_", "numbers", "begins", "ends"),
    [
        ("10", (10, None, None), "第十条【日管控】 销售单位应当", "实行零风险报告。"),
        ("5", (5, None, None), "第五条【质量安全总监设置】 在依法", "配备质量安全总监。"),
        ("5.1", (5, 1, None), "第五条【质量安全总监设置】 在依法", "大中型销售单位。"),
        ("5.1.3", (5, 1, 3), "（3） 其他涉及", "大中型销售单位。"),
        ("6.2", (6, 2, None), "质量安全总监不得兼任", "质量控制岗位。"),
        ("18", (18, None, None), "第十八条【名词解释】 本规定下列", "过程控制的检查人员。"),
        ("18.4", (18, None, 4), "（四）质量安全总监是指", "管理人员。"),
        ("1", (1, None, None), "第一条【制定目的】 为了督促", "制定本规定。"),
        ("19", (19, None, None), "第十九条 本办法自", "起施行。"),
    ],
)
def test_a_provision_comes_with_everything_below_it_as_one_quotes_it(id_, numbers, begins, ends):
    provision = DRAFT.provision(id_)
    assert (provision.id, (provision.article, provision.paragraph, provision.item)) == (id_, numbers)
    assert provision.text.startswith(begins) and provision.text.endswith(ends)
    assert provision.text in DRAFT.text


def test_a_quote_is_the_own_words_of_a_provision():
    assert DRAFT.quote("5.1").endswith("下列销售单位应当配备质量安全总监：")
    assert DRAFT.quote("18") == "第十八条【名词解释】 本规定下列用语的含义是："
    assert DRAFT.quote("10") == DRAFT.provision("10").text
    assert DRAFT.quote("5") == DRAFT.provision("5").text


def test_headings_are_kept_and_the_last_article_has_none():
    assert DRAFT.provision(7).heading == "总监职责"
    assert DRAFT.provision("19").heading == ""


def test_an_unknown_provision_names_the_nearest():
    with pytest.raises(UnknownNameError, match=r"no provision named '5\.1\.4'.*Did you mean '5\.1\.\d'") as caught:
        DRAFT.provision("5.1.4")
    assert caught.value.to("zh").startswith("没有名为“5.1.4”的条款")


def test_an_unknown_edition_names_the_nearest():
    with pytest.raises(UnknownNameError, match="Did you mean 'cn-seller-2023-draft'"):
        law.edition("cn-seller-2023-drafd")
    with pytest.raises(UnknownNameError, match="Did you mean 'cn-seller-2023-order76'"):
        law.obligations("cn-seller-2023-order67")


def test_a_changed_text_is_refused_on_load(tmp_path):
    folder = shutil.copytree(FOLDER / DRAFT.id, tmp_path / DRAFT.id)
    assert read_edition(folder) == DRAFT
    text = folder / "text.txt"
    text.write_bytes(text.read_bytes().replace("每日".encode(), "每周".encode(), 1))
    with pytest.raises(EditionError, match=f"does not match its SHA-256: expected {DRAFT.sha256}, got") as caught:
        read_edition(folder)
    assert "重新安装" in caught.value.to("zh")


def test_the_draft_has_no_date_and_order_76_has_one():
    assert (DRAFT.status, DRAFT.effective_on, DRAFT.number) == ("draft", None, None)
    assert (ORDER.status, ORDER.promulgated_on, ORDER.effective_on) == ("in_force", date(2023, 4, 4), date(2023, 5, 5))
    assert ORDER.number == "国家市场监督管理总局令第76号"


def test_order_76_inherits_the_text_and_marks_every_provision():
    assert ORDER.text == DRAFT.text and ORDER.sha256 == DRAFT.sha256
    assert all(p.inherited and p.inherited_from == DRAFT.id for p in ORDER.provisions)
    assert not any(p.inherited for p in DRAFT.provisions)
    assert ORDER.verified_on is None


def test_every_edition_brings_the_notice_of_its_reports():
    assert DRAFT.notice.zh == "本报告依据征求意见稿，并非现行有效文本（国家市场监督管理总局令第76号自2023-05-05施行）"
    assert "consultation draft" in DRAFT.notice.en
    assert "暂定版本" in ORDER.notice.zh and "provisional" in ORDER.notice.en


def test_the_order_puts_the_analysis_of_a_defect_on_the_principal():
    assert DRAFT.obligation("A04.2b").actor == "seller"
    assert ORDER.obligation("A04.2b").actor == "principal"
    differing = {a.id for a, b in zip(DRAFT.obligations, ORDER.obligations, strict=True) if a != b}
    assert differing == {"A04.2b", "A19"}


def test_the_differences_are_listed_with_their_certainty():
    found = {d.provision: str(d.certainty) for d in law.diff(DRAFT, ORDER)}
    assert found == {
        "1": "verified",
        "2": "verified",
        "3": "verified",
        "4.1": "verified",
        "4.2": "verified",
        "6.2": "unverified",
        "11": "unverified",
        "17": "unverified",
        "18": "indirect",
        "19": "verified",
    }
    assert all(DRAFT.provision(id_) for id_ in found)
    assert law.diff(ORDER.id, DRAFT.id) == law.diff(DRAFT.id, ORDER.id)
    assert law.diff(DRAFT, DRAFT) == ()
    assert law.diff(DRAFT, ORDER)[0].to_dict().keys() == {"provision", "draft", "other", "certainty"}


def test_every_two_editions_can_be_compared():
    for one in law.editions():
        for two in law.editions():
            assert one == two or one.inherits == two.id or two.inherits == one.id


def test_parameters_are_figures_of_the_text_or_openly_unset():
    assert DRAFT.parameter("fine_min") == Decimal(5000) and "5000元以上5万元以下" in DRAFT.text
    assert DRAFT.parameter("size.retail.medium.revenue") == Decimal(5_000_000)
    assert DRAFT.parameter("size.wholesale.large.persons") == 200
    assert DRAFT.parameter("recall_report_deadline") is None
    assert ORDER.parameters == DRAFT.parameters
    with pytest.raises(UnknownNameError, match="Did you mean 'fine_max'"):
        DRAFT.parameter("fine_maks")


def test_an_edition_has_a_one_line_repr():
    assert repr(DRAFT) == "Edition(id='cn-seller-2023-draft', status=<EditionStatus.DRAFT: 'draft'>)"
    assert "\n" not in repr(DRAFT.provision("5"))
    assert DRAFT.provision("5.2").to_dict()["kind"] == "duty"
