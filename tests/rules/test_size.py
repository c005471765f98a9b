"""Large, medium, small, micro: the table of the statistical classes, and what is missing where a size is not known (大中型)."""

from decimal import Decimal

import attrs
import pytest

from qsafety.dossier import Seller
from qsafety.law import edition
from qsafety.law.vocabulary import Trade
from qsafety.rules.size import Size, size_class, size_of

CLASSES = [
    ("retail", 10, 800, "medium", "small"),
    ("retail", 60, 300, "medium", "small"),
    ("retail", 49, "499.99", "small", "small"),
    ("retail", 50, 500, "medium", "medium"),
    ("retail", 299, 19999, "medium", "medium"),
    ("retail", 300, 20000, "large", "large"),
    ("retail", 10, 100, "small", "small"),
    ("retail", 9, 100, "small", "micro"),
    ("retail", 10, "99.99", "small", "micro"),
    ("wholesale", 20, 100, "medium", "micro"),
    ("wholesale", 19, 5000, "medium", "small"),
    ("wholesale", 200, 4000, "large", "small"),
    ("wholesale", 200, 40000, "large", "large"),
    ("wholesale", 5, 1000, "small", "small"),
    ("wholesale", 4, 1000, "small", "micro"),
]
"""Trade, persons, revenue in 10,000 yuan, and the class where one criterion is enough and where both are needed."""


@pytest.mark.parametrize(("trade", "persons", "revenue", "either", "both"), CLASSES)
def test_a_seller_has_the_class_of_the_table(trade, persons, revenue, either, both):
    yuan = Decimal(revenue) * 10_000
    found = [str(size_class(edition(), Trade(trade), persons, yuan, choice)) for choice in ("either", "both")]
    assert found == [either, both]


@pytest.mark.parametrize(
    ("facts", "criterion", "size"),
    [
        ({"size_class": "medium"}, "declared", Size(True)),
        ({"size_class": "micro"}, "declared", Size(False)),
        ({}, "declared", Size(None, missing=("seller.size_class",))),
        ({"headcount": 60}, "declared", Size(None, missing=("seller.size_class",))),
        ({"trade": "retail"}, "either", Size(None, missing=("seller.headcount", "seller.revenue"))),
        ({"headcount": 12}, "either", Size(None, missing=("seller.trade", "seller.revenue"))),
        ({"trade": "retail", "headcount": 60}, "either", Size(True)),
        ({"trade": "retail", "headcount": 60}, "both", Size(None, missing=("seller.revenue",))),
        ({"trade": "retail", "headcount": 12}, "both", Size(False)),
        ({"headcount": 30, "revenue": 3_000_000}, "either", Size(None, missing=("seller.trade",))),
        (
            {"trade": "mixed", "headcount": 30, "revenue": 3_000_000},
            "either",
            Size(None, missing=("seller.size_class",)),
        ),
        ({"trade": "mixed", "headcount": 60, "revenue": 3_000_000}, "either", Size(True)),
        ({"trade": "retail", "headcount": 60, "size_class": "small"}, "either", Size(False, contradicted=True)),
        ({"trade": "retail", "size_class": "small"}, "either", Size(False)),
    ],
)
def test_what_is_known_of_a_size_and_what_is_missing(facts, criterion, size):
    assert size_of(edition(), Seller(id="s", name="店", **facts), criterion) == size


@pytest.mark.parametrize("figure", ["persons", "revenue"])
def test_a_class_without_both_of_its_figures_is_none(figure):
    text = edition()
    name = f"size.retail.small.{figure}"
    given = attrs.evolve(
        text, parameters=tuple(attrs.evolve(p, value=None) if p.name == name else p for p in text.parameters)
    )
    assert str(size_class(text, Trade.RETAIL, 10, 1_000_000, "both")) == "small"
    assert str(size_class(given, Trade.RETAIL, 10, 1_000_000, "both")) == "micro"
