"""82 obligations, and no sentence of the text without one."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

import pytest

from qsafety import law
from qsafety.errors import UnknownNameError
from qsafety.law import Obligation
from qsafety.law.vocabulary import Actor, PenaltyLimb

DRAFT = law.edition()
IDS = [o.id for o in law.obligations()]

# What is no sentence: the heading of an article, the number of an item.
FRAME = re.compile(r"第[一二三四五六七八九十]+条(?:【[^】]*】)?|^（[一二三四五六七八九\d]）", re.MULTILINE)


def uncovered(obligations: Iterable[Obligation]) -> list[str]:
    """The spans of the text that no quote covers, leaving out headings, item numbers, white space and punctuation."""
    text = DRAFT.text
    covered = [not c.strip() or unicodedata.category(c).startswith("P") for c in text]
    for frame in FRAME.finditer(text):
        covered[slice(*frame.span())] = [True] * len(frame[0])
    for duty in obligations:
        article = DRAFT.provision(duty.article).text
        begin = text.index(article)
        for quote in duty.quotes:
            at = begin + article.index(quote)
            covered[at : at + len(quote)] = [True] * len(quote)
    signs = "".join("." if done else "x" for done in covered)
    return [text[slice(*span.span())] for span in re.finditer("x+", signs)]


def test_there_are_82_obligations_and_every_id_is_there_once():
    assert len(IDS) == len(set(IDS)) == 82


def test_every_sentence_of_the_text_rests_on_an_obligation():
    assert uncovered(law.obligations()) == []


@pytest.mark.parametrize("removed", IDS)
def test_without_any_one_obligation_a_span_is_uncovered_and_named(removed):
    rest = [o for o in law.obligations() if o.id != removed]
    spans = uncovered(rest)
    assert spans
    quotes = " ".join(law.obligation(removed).quotes)
    assert all(span in quotes for span in spans)


def test_an_uncovered_span_is_named_word_for_word():
    rest = [o for o in law.obligations() if o.id != "A10.4"]
    assert uncovered(rest) == ["对发现的质量安全风险隐患", "应当立即采取防范措施"]


@pytest.mark.parametrize("id_", IDS)
def test_every_quote_is_found_once_in_its_article_and_one_of_them_in_its_provision(id_):
    duty = law.obligation(id_)
    article = DRAFT.provision(duty.article).text
    assert {quote: article.count(quote) for quote in duty.quotes} == dict.fromkeys(duty.quotes, 1)
    assert any(quote in DRAFT.provision(duty.provision).text for quote in duty.quotes)


@pytest.mark.parametrize("id_", IDS)
def test_an_id_names_its_provision(id_):
    duty = law.obligation(id_)
    article, *_ = id_.removeprefix("A").split(".")
    assert int(article) == duty.article
    assert DRAFT.provision(duty.provision).article == duty.article


def test_the_limbs_are_those_of_the_table():
    # From the consequence column of the table of obligations: L1, L2, L3, and none.
    limbs = Counter(o.limbs for o in law.obligations())
    rules, staffing, responsibility = ((limb,) for limb in PenaltyLimb)
    assert {o.id for o in law.obligations() if o.limbs == rules} == {
        *("A03.1a", "A03.1b", "A03.1d", "A07.2", "A08.2", "A09.2", "A09.3", "A10.1", "A11.1", "A12.1"),
    }
    assert {o.id for o in law.obligations() if o.limbs == staffing} == {
        *("A03.1c", "A05.0", "A05.1.1", "A05.1.2", "A05.1.3", "A06.1.1", "A06.1.2", "A06.1.3", "A06.1.4"),
        *("A06.2a", "A06.2b", "A15.1a", "A15.1b", "A15.1c", "A15.3", "A18.4"),
    }
    assert {o.id for o in law.obligations() if not o.limbs} == {
        *("A01", "A02.1", "A05.2", "A14", "A15.2a", "A15.2b", "A16.2", "A16.3", "A16.4", "A17.1", "A17.2", "A17.3"),
        *("A18.1", "A18.2", "A18.3", "A18.5", "A19"),
    }
    assert limbs[responsibility] == 82 - 10 - 16 - 17


def test_the_periodic_duties_have_their_rhythm():
    assert law.obligation("A10.2").trigger == "daily"
    assert law.obligation("A11.2").trigger == "weekly"
    assert law.obligation("A12.2").trigger == "monthly"


def test_the_authority_bears_no_limb():
    assert not any(o.limbs for o in law.obligations() if o.actor == Actor.AUTHORITY)


def test_every_slot_of_the_archive_is_fed_by_an_obligation():
    assert {slot for o in law.obligations() for slot in o.archive_slots} == {f"S{n}" for n in range(1, 13)}
    assert law.obligation("A13.2").archive_slots == ("S4", "S5", "S6", "S7", "S8", "S9")


def test_every_action_is_said_in_both_languages():
    for duty in law.obligations():
        assert duty.action.zh and re.search(r"[a-z]", duty.action.en)
        assert not re.search(r"[\u4e00-\u9fff]", duty.action.en), duty.id


def test_an_unknown_obligation_names_the_nearest():
    with pytest.raises(UnknownNameError, match=r"no obligation named 'A10\.22'.*Did you mean 'A10\.2'"):
        law.obligation("A10.22")
    with pytest.raises(UnknownNameError, match=r"Did you mean 'A05\.1\.\d'"):
        law.edition().obligation("A05.1.4")


def test_an_obligation_is_plain_data_on_request():
    assert law.obligation("A01").to_dict()["actor"] is None
    assert law.obligation("A10.2").to_dict()["limbs"] == ["responsibility"]
