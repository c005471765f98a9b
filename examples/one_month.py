"""一家店的一个月。 One month of one shop (Articles 10 to 12).

Reads the sample ledger that ships with qsafety and prints, for each cadence and outlet, what was done, late, incomplete and missed;
then each violated finding with the words of the law and the cells it rests on.

    python examples/one_month.py [en]
"""

import sys
from collections import Counter
from datetime import date
from importlib.resources import as_file, files

import qsafety as qs

LANG = "en" if "en" in sys.argv else "zh"

with as_file(files("qsafety.testing") / "data" / "ebike-shop.xlsx") as ledger:
    shop = qs.read_ledger(ledger)
report = qs.assess(shop, on=date(2024, 2, 1), since=date(2024, 1, 1))

print(shop.seller.name, report.since, "–", report.on)
counts: dict[tuple[qs.Cadence, str | None], Counter[qs.SlotStatus]] = {}
for slot in report.slots:
    counts.setdefault((slot.cadence, slot.outlet), Counter())[slot.status] += 1
for (cadence, outlet), statuses in counts.items():
    told = "  ".join(f"{status.label.to(LANG)} {number}" for status, number in statuses.items())
    print(f"  {cadence.label.to(LANG)} {outlet or ''}  {told}")

for finding in report.violated:
    print(f"\n× {finding.obligation.id}  {finding.subject}  {finding.message.to(LANG)}")
    for quote in finding.obligation.quotes:
        print(f"    “{quote}”")
    for reason in finding.because:
        print(f"    · {reason.text.to(LANG)}  [{reason.source or reason.record or '—'}]")
    if finding.advice:
        print(f"    → {finding.advice.to(LANG)}")
