"""What is not computed stands in a list, with the reason."""

from qsafety import law
from qsafety.rules import ANSWERS, RULES


def test_every_obligation_is_computed_or_a_gap_and_never_both():
    uncomputed = [gap.obligation for gap in law.gaps() if gap.obligation]
    assert sorted([*uncomputed, *RULES, *ANSWERS]) == sorted(o.id for o in law.obligations())


def test_the_open_questions_of_the_readings_are_gaps_too():
    questions = [gap.id for gap in law.gaps() if gap.obligation is None]
    assert questions == ["branches_and_groups", "sole_traders", "other_titles", "weekly_items_in_daily_list"]


def test_every_gap_gives_its_reason_in_both_languages():
    for gap in law.gaps():
        assert gap.reason.zh and gap.reason.en and gap.title.zh and gap.title.en
        assert gap.to_dict().keys() == {"id", "obligation", "title", "class", "reason"}


def test_a_gap_says_whether_it_will_ever_be_computed():
    kinds = {gap.id: gap.kind for gap in law.gaps()}
    assert kinds["A14"] == kinds["A15.2a"] == "authority_power"
    assert kinds["A18.1"] == kinds["A18.2"] == kinds["A18.3"] == "definition"
    assert kinds["A01"] == kinds["A19"] == "metadata"
