"""《工业产品质量安全风险管控清单》: one version, grouped by stage."""

import io
import zipfile
from datetime import date
from typing import Any

import attrs
import pytest

from qsafety.dossier import Dossier, RiskItem, RiskList
from qsafety.errors import PaperError
from qsafety.papers import context, render

KIND = "risk_control_list"


def items(dossier: Dossier, **asked: Any) -> list[dict[str, Any]]:
    found = context(KIND, dossier, **asked)["items"]
    assert isinstance(found, list)
    return found


def test_items_are_grouped_by_stage_in_the_order_of_the_list(ebike: Dossier) -> None:
    rows = items(ebike)
    assert [row["no"] for row in rows] == list(range(1, 12))
    assert [row["stage"] for row in rows if row["first"]] == ["进货", "陈列", "销售", "仓储", "售后", "投诉"]
    assert [row["code"] for row in rows if row["stage"] == "仓储"] == ["R04", "R05", "R11"]


@pytest.mark.parametrize(("count", "heights"), [(1, [1]), (6, [6]), (7, [4, 3]), (12, [6, 6]), (13, [5, 5, 3])])
def test_a_long_stage_is_named_again_after_some_rows(shop: Dossier, count: int, heights: list[int]) -> None:
    listed = [RiskItem(code=f"R{n}", stage="仓储") for n in range(count)]
    dossier = attrs.evolve(shop, risk_lists=[RiskList(version="9", approved_by="P1", items=listed)])
    begins = [row["no"] for row in items(dossier) if row["first"]]
    assert [b - a for a, b in zip(begins, [*begins[1:], count + 1], strict=True)] == heights


def test_every_field_of_an_item_is_printed(ebike: Dossier) -> None:
    row = items(ebike)[0]
    assert row == {
        "first": True,
        "no": 1,
        "code": "R01",
        "category": "资质证书",
        "stage": "进货",
        "point": "强制性认证证书与铭牌",
        "description": "无证、证书过期或与实物不一致",
        "standard": "《强制性产品认证管理规定》、GB 17761-2018",
        "level": "高",
        "measure": "逐批查验证书并在认证网站核对",
        "method": "查验",
        "frequency": "日",
        "principal": "★",
        "director": "●",
        "officer": "○",
        "evidence": "",
        "note": "电动自行车、电动自行车用锂离子蓄电池",
    }


def test_the_head_repeats_and_a_stage_is_one_cell(ebike: Dossier) -> None:
    with zipfile.ZipFile(io.BytesIO(render(KIND, ebike).bytes)) as file:
        document = file.read("word/document.xml").decode()
    assert document.count("<w:tblHeader/>") == 3  # two rows of the list's head, one of the revisions
    rows = items(ebike)
    head = 13  # columns whose head is as high as two rows
    assert document.count('<w:vMerge w:val="restart"/>') == head + sum(row["first"] for row in rows)
    assert document.count('<w:vMerge w:val="continue"/>') == head + sum(not row["first"] for row in rows)
    assert 'w:orient="landscape"' in document


def test_the_legend_explains_the_marks(ebike: Dossier, read: Any) -> None:
    assert "责任：★ 主管，● 主相关，○ 相关" in read(render(KIND, ebike).bytes).text


def test_what_the_list_does_not_hold_stays_empty(shop: Dossier) -> None:
    bare = RiskList(version="9", effective_on=date(2024, 3, 1), approved_by="P1", items=[RiskItem(code="X")])
    dossier = attrs.evolve(shop, risk_lists=[bare])
    (row,) = items(dossier)
    assert {name for name, value in row.items() if value == ""} >= {"level", "measure", "principal", "note", "stage"}
    variables = context(KIND, dossier)
    assert (variables["reviewed"], variables["approved_on"], variables["compiled_by"]) == ("", "", "")
    assert variables["number"] == "hz01-RCL-9"


def test_the_list_in_force_is_printed_and_one_that_nobody_approved_is_not(shop: Dossier) -> None:
    # 2024-2 would take effect later than 2024-1, but has no approver
    assert context(KIND, shop)["version"] == "2024-1"
    assert context(KIND, shop, period="2024-01-21")["version"] == "2023-1"
    assert context(KIND, shop, record="risk_list:2024-2")["version"] == "2024-2"


def test_without_a_list_it_says_so_and_offers_the_empty_form(shop: Dossier) -> None:
    with pytest.raises(PaperError) as caught:
        render(KIND, attrs.evolve(shop, risk_lists=None))
    assert str(caught.value) == (
        "the dossier holds no risk control list. Give risk_lists first, or ask for the empty form with blank=True."
    )
