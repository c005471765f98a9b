"""本规定适用吗？ Does the regulation apply? (Articles 2 and 18)

Six goods, what is known of each, and the answer: applies, does not, or "a fact is missing".

    python examples/quick_scope.py [en]
"""

import sys
from datetime import date

import qsafety as qs

LANG = "en" if "en" in sys.argv else "zh"

GOODS = [
    ("电动自行车 e-bike", {"regimes": {"ccc"}}),
    ("危险化学品包装 packaging of dangerous chemicals", {"regimes": {"production_licence"}}),
    ("自行车 bicycle", {"regimes": {"mandatory_gb"}, "affects_safety": True}),
    ("笔记本 notebook", {"regimes": set(), "affects_safety": False}),
    ("儿童座椅，不知道要不要认证 child seat, certification not known", {}),
    ("食品 food", {"regimes": {"mandatory_gb"}, "affects_safety": True, "exclusion": "food"}),
]

for number, (name, known) in enumerate(GOODS, start=1):
    line = qs.ProductLine(id=f"C{number}", name=name, **known)
    shop = qs.Dossier(seller=qs.Seller(id="shop", name="示例店"), products=[line])
    finding = qs.assess(shop, on=date(2024, 2, 1))["A02.1"][0]
    print(f"{name}\n    {finding.outcome.label.to(LANG)}: {finding.message.to(LANG)}")
    for reason in finding.because:
        print(f"    · {reason.text.to(LANG)}")
