"""月度纪要。 A month's minutes from its weeks and days, and the empty form for a shop that writes by hand (Article 12).

python examples/monthly_minutes.py
"""

import tempfile
from importlib.resources import as_file, files

import qsafety as qs
from qsafety.papers import context

with as_file(files("qsafety.testing") / "data" / "ebike-shop.xlsx") as ledger:
    shop = qs.read_ledger(ledger)

said = context("monthly_minutes", shop, period="2024-01")
print(said["month"], "主持", said["chair"], "出席", said["participants"])
print("周排查 应", said["weeks_due"], "已", said["weeks_done"], "未", said["weeks_missed"])
print("隐患 新", said["hazards_new"], "完成", said["hazards_closed"], "未完成", said["hazards_open"])
for row in said["priorities"]:
    print(f"  {row['no']}. {row['content']}  {row['owner']}  {row['due']}")

with tempfile.TemporaryDirectory() as folder:
    for paper in (
        qs.render("monthly_minutes", shop, period="2024-01", profile="gongwen"),
        qs.render("monthly_minutes", shop, period="2024-01", draft=True),
        qs.render("monthly_minutes", shop, blank=True),
    ):
        print(paper.number or "（空白表 empty form）", len(paper.save(folder).read_bytes()), "B")
