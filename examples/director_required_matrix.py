"""哪些单位必须配备质量安全总监？ Who must have a quality safety director? (Article 5)

Goods × size of a retailer. √ required, × not, ? a fact is missing; in brackets the limb of Article 5.

    python examples/director_required_matrix.py
"""

from datetime import date

import qsafety as qs

GOODS = {
    "licence": {"regimes": {"production_licence"}},
    "ccc": {"regimes": {"ccc"}},
    "mandatory_gb, safety": {"regimes": {"mandatory_gb"}, "affects_safety": True},
    "mandatory_gb, safety?": {"regimes": {"mandatory_gb"}},
    "none": {"regimes": set(), "affects_safety": False},
}
SIZES = {
    "12 persons, 3M": {"headcount": 12, "revenue": 3_000_000},
    "12 persons, 8M": {"headcount": 12, "revenue": 8_000_000},
    "60 persons, 8M": {"headcount": 60, "revenue": 8_000_000},
    "12 persons, ?": {"headcount": 12},
}
SIGN = {True: "√", False: "×", None: "?"}


def answer(goods: dict[str, object], size: dict[str, object], reading: str) -> str:
    """√, × or ?, and the limb."""
    shop = qs.Dossier(
        seller=qs.Seller(id="shop", name="示例店", trade="retail", **size),
        products=[qs.ProductLine(id="C1", name="产品", **goods)],
    )
    need = qs.assess(shop, on=date(2024, 2, 1), readings={"size_class": reading}).director
    return f"{SIGN[need.required]} {' '.join(need.by)}".strip()


for reading in ("either", "both"):
    print(f"size_class={reading}  {qs.law.reading('size_class').options[reading].en}")
    print(f"{'':24}" + "".join(f"{size:18}" for size in SIZES))
    for name, goods in GOODS.items():
        print(f"{name:24}" + "".join(f"{answer(goods, size, reading):18}" for size in SIZES.values()))
    print()

print("5.1.1–5.1.3:", *(qs.law.edition("cn-seller-2023-draft").provision(p).text for p in ("5.1.1", "5.1.2", "5.1.3")))
