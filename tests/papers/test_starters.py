"""Items to start a risk control list from: every pack is whole, and nothing is in force by it."""

from datetime import date
from typing import Any

import pytest

from qsafety.dossier import Dossier, Seller
from qsafety.errors import PaperError
from qsafety.papers import render, starter_list, starters
from qsafety.papers.rendering import plan_of


def test_every_row_says_everything() -> None:
    for pack in starters().values():
        assert pack.sources and pack.title.zh and pack.title.en
        for item in pack.items:
            assert all((item.category, item.stage, item.risk_point, item.description, item.basis, item.measure)), item
            assert item.level and item.method and item.evidence, item


def test_all_packs_together_have_no_code_twice() -> None:
    names = [name for name in starters() if name != "law"]
    items = starter_list(*names).items
    assert len(items) == sum(len(pack.items) for pack in starters().values())
    assert [item.stage for item in items] == sorted(
        (item.stage for item in items), key=("进货", "陈列", "仓储", "销售", "售后").index
    )


def test_what_the_law_asks_of_every_product_heads_every_list() -> None:
    law = set(starters()["law"].items)
    for name in starters():
        assert law <= set(starter_list(name).items)


def test_a_draft_is_never_in_force_and_says_on_paper_what_it_is(read: Any) -> None:
    dossier = Dossier(seller=Seller(id="s", name="某店"), risk_lists=[starter_list("ebikes")])
    assert plan_of(dossier).list_on(date.max) is None
    paper = read(render("risk_control_list", dossier).bytes)
    assert paper.said("状态") == "草案"
    assert "未经批准不作为清单使用" in paper.said("备注") and "GB 43854-2024" in paper.said("备注")


def test_an_unknown_pack_is_refused_with_the_nearest() -> None:
    with pytest.raises(PaperError, match="Did you mean 'ebikes'"):
        starter_list("ebike")
