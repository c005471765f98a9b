"""迟报与漏检：两个时钟。 Late and missed: two clocks (Article 10).

A record has the day it is about, and the instant at which it was recorded. Late never turns into on time, and what was recorded
later was not there to be seen earlier.

    python examples/late_and_missed.py [en]
"""

import sys
from datetime import date, datetime, timedelta, timezone

import qsafety as qs

LANG = "en" if "en" in sys.argv else "zh"
BEIJING = timezone(timedelta(hours=8))


def checked(day: int, *recorded: int) -> qs.DailyCheck:
    """The check of a day in January 2024, recorded at another day and hour."""
    return qs.DailyCheck(
        outlet="M1",
        day=date(2024, 1, day),
        officer="P3",
        all_items="pass",
        conclusion="zero_risk",
        signed_by=["P3"],
        recorded_at=datetime(2024, 1, *recorded, tzinfo=BEIJING),
    )


shop = qs.Dossier(
    seller=qs.Seller(id="shop", name="示例店"),
    outlets=[qs.Outlet(id="M1", name="一店")],
    products=[qs.ProductLine(id="C1", name="电动自行车", regimes={"ccc"})],
    closures=[qs.Closure(kind="closed", start=date(2024, 1, 5), end=date(2024, 1, 5))],
    daily_checks=[checked(1, 1, 18), checked(2, 2, 23), checked(3, 4, 9)],  # the 4th: nothing; the 5th: closed
)
for on in (date(2024, 1, 3), date(2024, 1, 4), date(2024, 1, 6)):
    print(f"{on}:")
    for slot in qs.slots(shop, since=date(2024, 1, 1), until=date(2024, 1, 6), on=on):
        print(f"    {slot.period}  {slot.status.label.to(LANG)}")

print()
for reading in ("needs_judgement", "violated", "satisfied"):
    report = qs.assess(shop, on=date(2024, 1, 6), since=date(2024, 1, 1), readings={"late_record": reading})
    told = "  ".join(f"{f.outcome.label.to(LANG)} {', '.join(f.slots)}" for f in report["A10.3"])
    print(f"late_record={reading}:  {told}")
