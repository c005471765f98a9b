"""从不符合到罚款，中间隔着什么？ What lies between a violation and a fine? (Article 17)

One missed week, followed through an order to correct. A fine needs an order and its refusal; no amount is ever named.

    python examples/penalty_stages.py [en]
"""

import sys
from datetime import date
from importlib.resources import as_file, files

import attrs

import qsafety as qs

LANG = "en" if "en" in sys.argv else "zh"

with as_file(files("qsafety.testing") / "data" / "ebike-shop.xlsx") as ledger:
    shop = qs.read_ledger(ledger)

order = qs.Order(
    number="示责改〔2024〕1号",
    authority="示例区市场监督管理局",
    issued_on=date(2024, 2, 6),
    limbs=["responsibility"],
    deadline=date(2024, 2, 20),
)
STORY = [
    ("没有责令改正 no order", date(2024, 2, 5), []),
    ("已责令，未到期 ordered, deadline ahead", date(2024, 2, 10), [order]),
    ("期限已过，没有改正 deadline passed", date(2024, 2, 21), [order]),
    ("当局认定拒不改正 the authority states refusal", date(2024, 2, 21), [attrs.evolve(order, refused=True)]),
]
exposures = []
for title, on, orders in STORY:
    report = qs.assess(attrs.evolve(shop, orders=orders), on=on, since=date(2024, 1, 1))
    exposure = report.exposure
    exposures.append(exposure)
    fine = f"  ¥{exposure.range[0]}–{exposure.range[1]}" if exposure.range else ""
    print(f"{on}  {title}:  {exposure.stage}  {' '.join(exposure.limbs)}{fine}")
    for limb in exposure.by_limb:
        if limb.stage == exposure.stage:
            print(f"    {limb.limb.number} {limb.limb.label.to(LANG)}: {limb.because[0].text.to(LANG)}")

print(f"\n{exposure.citation.text}\n")
for consideration in exposures[0].considerations:
    print(f"    {consideration.kind}: {consideration.text.to(LANG)}")
print(f"\n{exposure.disclaimer.to(LANG)}")
