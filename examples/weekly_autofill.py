"""周报自动填写。 A weekly report filled from the days, as a draft and as it was submitted (Article 11).

The draft counts what daily control recorded, and lists the hazards found; the rating and next week's focus stay for the director to say.

    python examples/weekly_autofill.py
"""

import tempfile
from importlib.resources import as_file, files

import qsafety as qs
from qsafety.papers import context

WEEK = "2024-W02"

with as_file(files("qsafety.testing") / "data" / "ebike-shop.xlsx") as ledger:
    shop = qs.read_ledger(ledger)

draft = qs.weekly_draft(shop, WEEK)
print(f"{draft.week}  draft={draft.draft}  findings={list(draft.findings)}  rating={draft.rating}")

for name, asked in (("草稿 draft", {"draft": True}), ("已提交 submitted", {"draft": False})):
    said = context("weekly_report", shop, period=WEEK, **asked)
    print(name, said["week"], "补录" if said["late"] else "")
    for row in said["days"]:
        print(
            f"  {row['outlet']}: 应 {row['due']} 已 {row['done']} 漏 {row['missed']} 零风险 {row['zero_risk']} 不合格 {row['failed']}"
        )
    for row in said["findings"]:
        print(f"  {row['hazard']} {row['description']} → {row['state'].splitlines()[0]}")

with tempfile.TemporaryDirectory() as folder:
    for asked in ({"draft": True}, {"draft": False}):
        print(qs.render("weekly_report", shop, period=WEEK, **asked).save(folder).stat().st_size, "B")
