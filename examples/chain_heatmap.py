"""二百家店，一张表。 Two hundred shops, one table: a chain's heatmap, who is behind, what repeats.

Makes a folder of 200 ledgers out of the sample shop (nobody's real ones), reads them as a chain's analyst would, and puts every answer
into two pandas tables: ``report.rows()``, a line for each finding, and ``report.slots``, a line for each period in which a duty was due.
Writes 连锁热力图.html (a row for each shop, a column for each day) and 连锁结论.csv. Needs pandas.

    python examples/chain_heatmap.py [en]
"""

import random
import sys
from datetime import date
from importlib.resources import as_file, files
from pathlib import Path
from tempfile import TemporaryDirectory

import attrs
import pandas as pd

import qsafety as qs

LANG = "en" if "en" in sys.argv else "zh"
SHOPS, ON, SINCE = 200, date(2024, 2, 1), date(2024, 1, 1)
KEPT = {"outlets", "products", "people", "appointments", "risk_lists", "daily_checks", "weekly_screenings"}
LEFT_OUT = {field.name for field in attrs.fields(qs.Dossier)} - KEPT - {"seller", "partial", "sources"}
SIGNS = {
    "done": ("√", "#d5e8d4"),
    "late": ("迟", "#fff2cc"),
    "missed": ("×", "#f8cecc"),
    "incomplete": ("缺", "#ffe6cc"),
}


def made_up(sample: qs.Dossier, number: int) -> qs.Dossier:
    """The sample shop's first outlet under another name; the higher its number, the more days it forgets."""
    chance = random.Random(number)
    forgets = (number / SHOPS) ** 2 / 2
    checks = [c for c in sample.daily_checks or () if c.outlet == "M1" and c.day >= SINCE and chance.random() > forgets]
    weeks = [attrs.evolve(w, findings=()) for w in sample.weekly_screenings or () if chance.random() > forgets]
    posts = [post for post in sample.appointments or () if post.outlet != "M2"]
    return attrs.evolve(
        attrs.evolve(sample, **dict.fromkeys(LEFT_OUT)),
        seller=attrs.evolve(sample.seller, id=f"S{number:03d}", name=f"示例{number:03d}号店", uscc=None),
        outlets=(sample.outlets or ())[:1],
        appointments=posts,
        daily_checks=checks,
        weekly_screenings=weeks,
    )


def cell(status: str | float) -> str:
    """A letter and a colour, so that nobody needs to see colours."""
    sign, colour = SIGNS.get(str(status), ("", "#f5f5f5"))
    return f'<td style="background:{colour}">{sign}</td>'


with TemporaryDirectory() as folder:
    with as_file(files("qsafety.testing") / "data" / "ebike-shop.xlsx") as ledger:
        sample = qs.read_ledger(ledger)
    for number in range(1, SHOPS + 1):
        qs.write_ledger(made_up(sample, number), Path(folder) / f"S{number:03d}.xlsx")

    findings, slots, todos, unread = [], [], [], []
    for path in sorted(Path(folder).glob("*.xlsx")):
        try:
            report = qs.assess(qs.read_ledger(path), on=ON, since=SINCE)
        except qs.LedgerErrors as error:  # one bad ledger stops nobody else's
            unread.append((path.name, len(error.problems)))
            continue
        shop = report.dossier.seller.id
        findings += report.rows()
        slots += [(shop, str(s.cadence), str(s.period), str(s.status)) for s in report.slots]
        todos += [(shop, todo.who, todo.what.to(LANG), todo.by) for todo in report.todo]

table = pd.DataFrame(findings)
days = pd.DataFrame(slots, columns=["shop", "cadence", "period", "status"])
todo = pd.DataFrame(todos, columns=["shop", "who", "what", "by"])
print(f"{table.seller.nunique()} 家 shops, {len(table)} 条结论 findings, 读不了 not read: {len(unread)}\n")

violated = table[table.outcome == "violated"]
print("谁落后 Who is behind：不符合的条目最多的五家 the five with most violations")
print(
    violated.groupby("seller")
    .agg(violations=("obligation", "nunique"), periods=("count", "sum"))
    .nlargest(5, "periods")
)

print("\n什么总在重复 What repeats：多少家店不符合 how many shops violate it")
repeats = violated.groupby("obligation").agg(shops=("seller", "nunique"), message=(f"message_{LANG}", "first"))
print(repeats.nlargest(5, "shops").to_string(max_colwidth=40))

print("\n接下来 What is next：待办 to do, soonest first")
print(todo.groupby(["by", "what"]).shop.nunique().head(5).rename("shops").to_string())

daily = days[days.cadence == "daily_control"].pivot(index="shop", columns="period", values="status")
worst_first = daily.isin(["missed", "incomplete"]).sum(axis=1).sort_values(ascending=False, kind="stable").index
head = "".join(f"<th>{period[-2:]}</th>" for period in daily.columns)
body = "".join(f"<tr><th>{shop}</th>{''.join(map(cell, daily.loc[shop]))}</tr>\n" for shop in worst_first)
legend = "√ 按时 done　迟 late　× 漏检 missed　缺 不完整 incomplete"
Path("连锁热力图.html").write_text(
    f'<!doctype html><html lang="zh"><meta charset="utf-8"><title>连锁热力图</title>'
    f"<style>body{{font:12px sans-serif}}td,th{{padding:1px 4px;text-align:center}}</style>"
    f"<h1>日管控 Daily control {SINCE} – {ON}</h1><p>{legend}</p><table><tr><th></th>{head}</tr>\n{body}</table></html>",
    encoding="utf-8",
)
table.to_csv("连锁结论.csv", index=False, encoding="utf-8-sig")  # which Excel opens as Chinese
print(f"\n连锁热力图.html, 连锁结论.csv: {len(daily)} × {len(daily.columns)}")
