"""25 questions, their options, and what is refused."""

import json
import typing

import attrs
import pytest

from qsafety import law
from qsafety.errors import ReadingError, UnknownNameError
from qsafety.law import Readings
from qsafety.law.vocabulary import PenaltyLimb

FIELDS = attrs.fields_dict(Readings)
NAMES = [row.name for row in law.readings()]


def test_there_are_25_questions_each_a_field_in_the_same_order():
    assert len(NAMES) == 25
    assert list(FIELDS) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_the_data_and_the_class_agree_on_options_and_default(name):
    row = law.reading(name)
    assert row.default == Readings().to_dict()[name]
    words = typing.get_args(FIELDS[name].type)
    if name == "limbs":
        assert list(row.options) == ["table", "mapping"]
    elif "n" in row.options:
        assert ("none" in row.options) == (type(None) in words)
    else:
        assert set(row.options) == set(words)


@pytest.mark.parametrize("name", NAMES)
def test_every_question_and_option_is_explained_in_both_languages(name):
    row = law.reading(name)
    for text in (row.question, *row.options.values()):
        assert text.zh and text.en
    assert all(law.edition().provision(id_) for id_ in row.provisions)
    assert row.to_dict()["name"] == name


@pytest.mark.parametrize(
    ("name", "option"),
    [(row.name, option) for row in law.readings() for option in row.options if option not in ("n", "mapping")],
)
def test_every_option_can_be_taken_by_name(name, option):
    assert Readings.of([f"{name}={option}"]).to_dict()[name] == option


@pytest.mark.parametrize("name", [row.name for row in law.readings() if "n" in row.options])
def test_a_number_is_taken_within_its_bounds_and_refused_outside(name):
    row = law.reading(name)
    assert row.least is not None
    most = row.least + 40 if row.most is None else row.most
    for number in (row.least, most):
        assert Readings.of({name: number}) == Readings.of([f"{name}={number}"])
    outside: list[object] = [row.least - 1, True, 1.5, "often", ""]
    if row.most is not None:
        outside.append(row.most + 1)
    for refused in outside:
        with pytest.raises(ReadingError):
            Readings.of({name: refused})


def test_the_defaults_are_those_of_the_table():
    assert Readings().to_dict() == {
        "size_class": "either",
        "daily_days": "operating",
        "week": "iso",
        "director_officer": "same_seller",
        "no_director": "substitute",
        "principal_director": "advisory",
        "daily_scope": "outlet",
        "monthly_grace": 0,
        "late_record": "needs_judgement",
        "held": "needs_judgement",
        "ineligible_record": "advisory",
        "officer_outlet": "any_outlet",
        "exam_role": "same_role",
        "spot_check_bars": "no",
        "hearing_all": "one_per_role",
        "veto_effect": "needs_judgement",
        "principal_absent": "strict",
        "principal_officer": "advisory",
        "promptly": 0,
        "partial_periods": "due",
        "refusal": "stated",
        "limbs": "table",
        "related_posts": "same_process",
        "review_months": 12,
        "training_months": 12,
    }


def test_a_bad_option_names_the_options_and_the_nearest():
    with pytest.raises(ReadingError) as caught:
        Readings.of({"size_class": "eithr"})
    assert str(caught.value) == (
        "reading size_class has no option 'eithr'; its options are either, both, declared. Did you mean 'either'?"
    )
    assert caught.value.to("zh") == (
        "解释口径 size_class 没有选项“eithr”，可选：either、both、declared。是否为“either”？"
    )
    assert isinstance(caught.value, ValueError)


def test_a_number_out_of_bounds_names_the_bounds():
    with pytest.raises(ReadingError, match=r"no option 11; its options are 0–10"):
        Readings(monthly_grace=11)
    with pytest.raises(ReadingError, match=r"its options are 1–1200, none"):
        Readings(review_months=0)


def test_an_unknown_question_names_the_nearest():
    with pytest.raises(UnknownNameError, match=r"no reading named 'size_clas'\. Did you mean 'size_class'"):
        Readings.of(["size_clas=both"])
    with pytest.raises(UnknownNameError, match="Did you mean 'late_record'"):
        law.reading("late_records")


def test_what_is_not_name_and_option_is_refused():
    with pytest.raises(ReadingError, match="must be written NAME=OPTION"):
        Readings.of(["both"])


def test_one_question_answered_twice_is_refused():
    with pytest.raises(ReadingError, match="reading week is given twice"):
        Readings.of(["week=iso", "week=rolling7"])


def test_readings_come_from_nothing_from_a_string_and_from_themselves():
    chosen = Readings(size_class="both")
    assert Readings.of(None) == Readings.of([]) == Readings()
    assert Readings.of("size_class=both") == Readings.of(chosen) == chosen


def test_none_means_no_limit():
    assert Readings(review_months=None).review_months is None
    assert Readings.of(["training_months=none"]).training_months is None
    assert Readings(training_months=None).to_dict()["training_months"] == "none"


def test_a_mapping_of_limbs_overrides_the_rows_it_names():
    chosen = Readings(limbs={"A10.2": "staffing", "A10.3": ["L1", "责任"]})
    assert chosen.limbs_of(law.obligation("A10.2")) == (PenaltyLimb.STAFFING,)
    assert chosen.limbs_of(law.obligation("A10.3")) == (PenaltyLimb.RULES, PenaltyLimb.RESPONSIBILITY)
    assert chosen.limbs_of(law.obligation("A10.4")) == law.obligation("A10.4").limbs
    assert Readings.of(["limbs=A10.2=L2"]).limbs == Readings(limbs={"A10.2": PenaltyLimb.STAFFING}).limbs


def test_a_mapping_of_limbs_is_checked():
    with pytest.raises(UnknownNameError, match=r"Did you mean 'A10\.2'"):
        Readings(limbs={"A10.22": "rules"})
    with pytest.raises(ReadingError, match=r"reading limbs has no option 'staff'.*Did you mean 'staffing'"):
        Readings(limbs={"A10.2": "staff"})
    for bad in (7, {"A10.2": 7}):
        with pytest.raises(ReadingError):
            Readings(limbs=bad)


def test_readings_are_values_that_survive_json():
    chosen = Readings(size_class="both", monthly_grace=3, review_months=None, limbs={"A10.2": "rules"})
    assert Readings.of(json.loads(json.dumps(chosen.to_dict()))) == chosen
    assert hash(chosen) == hash(attrs.evolve(chosen))
    assert dict(chosen.items()) == chosen.to_dict()
