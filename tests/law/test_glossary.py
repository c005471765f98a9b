"""Every word has its labels, every identifier exists."""

import ast
from functools import cache
from pathlib import Path

import pytest

import qsafety
from qsafety import law
from qsafety.errors import UnknownNameError
from qsafety.law.glossary import labels
from qsafety.law.vocabulary import Outcome, Trade

SOURCE = Path(qsafety.__file__).parent


def members(node: ast.ClassDef) -> dict[str, object]:
    """Names given a value, or annotated, in a class; with the value where it is a constant."""
    found: dict[str, object] = {}
    for row in node.body:
        if isinstance(row, ast.Assign) and isinstance(row.targets[0], ast.Name):
            found[row.targets[0].id] = getattr(row.value, "value", None)
        elif isinstance(row, ast.AnnAssign) and isinstance(row.target, ast.Name):
            found[row.target.id] = None
        elif isinstance(row, ast.FunctionDef):
            found[row.name] = None
    return found


@cache
def classes() -> dict[str, ast.ClassDef]:
    """Every class of the source, without importing it."""
    trees = (ast.parse(path.read_text("utf-8")) for path in SOURCE.rglob("*.py"))
    return {node.name: node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}


def words() -> list[ast.ClassDef]:
    return [node for node in classes().values() if any(getattr(base, "id", "") == "Word" for base in node.bases)]


@pytest.mark.parametrize("node", words(), ids=lambda node: node.name)
def test_every_word_has_a_chinese_and_an_english_label(node):
    values = [str(value) for name, value in members(node).items() if name.isupper()]
    found = labels(node.name)
    assert sorted(found) == sorted(values)
    assert all(text.zh and text.en for text in found.values())
    assert len({text.zh for text in found.values()}) == len(values), "two words of one set share a Chinese label"


@pytest.mark.parametrize("identifier", sorted({name for term in law.glossary() for name in term.identifiers}))
def test_every_identifier_of_a_term_is_found_in_the_source(identifier):
    owner, _, member = identifier.partition(".")
    assert owner in classes(), f"no class {owner}; drop the identifier or keep the row as a legal term without one"
    assert not member or member in members(classes()[owner])


def test_terms_are_distinct_and_said_in_both_languages():
    chinese = [term.zh for term in law.glossary()]
    assert len(set(chinese)) == len(chinese)
    assert all(term.zh and term.en for term in law.glossary())


def test_the_regulations_terms_without_identifier_stand_in_the_text():
    # Listed as legal terms: they must be the law's words, in this text or in the name of the body that made it.
    elsewhere = {"盖章"}
    for term in law.glossary():
        if not term.identifiers and not term.house and term.zh not in elsewhere:
            assert term.zh in law.edition().text, term.zh


def test_the_houses_own_words_are_marked():
    assert {term.zh for term in law.glossary() if term.house} >= {"门店", "时段", "解释口径", "人工判断", "台账"}


def test_an_action_never_uses_a_rejected_english_word():
    for duty in law.obligations():
        for rejected in ("person in charge", "majordomo", "dispatch", "scheduling", "AMR", "QMS", "seller"):
            assert rejected not in duty.action.en, duty.id


def test_a_label_is_given_in_the_language_asked_for():
    assert law.label(Outcome.VIOLATED, "zh") == "不符合"
    assert Trade("批零兼营").en == "wholesale and retail"


def test_an_unknown_set_of_words_names_the_nearest():
    with pytest.raises(UnknownNameError, match="Did you mean 'Outcome'"):
        labels("Outcomes")


def test_a_term_is_plain_data_on_request():
    row = next(term for term in law.glossary() if term.zh == "风险").to_dict()
    assert row == {"zh": "风险", "en": "risk", "identifiers": ["RiskItem"], "note": "listed in advance", "house": False}
