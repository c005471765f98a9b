"""假如……结论会怎样变？ What if …? How a verdict moves when a fact or a reading changes.

python examples/what_if.py [en]
"""

import sys
from collections.abc import Mapping
from datetime import date
from importlib.resources import as_file, files

import attrs

import qsafety as qs

LANG = "en" if "en" in sys.argv else "zh"
WINDOW = {"on": date(2024, 2, 5), "since": date(2024, 1, 1)}

with as_file(files("qsafety.testing") / "data" / "ebike-shop.xlsx") as ledger:
    shop = qs.read_ledger(ledger)
today = qs.assess(shop, **WINDOW)


def told(finding: qs.Finding | None) -> str:
    """The outcome in one word."""
    return finding.outcome.label.to(LANG) if finding else "—"


def what_if(title: str, changed: qs.Dossier = shop, readings: Mapping[str, object] | None = None) -> None:
    """Print the outcomes that differ from today's report, each with the first fact that is new."""
    print(title)
    for change in today.diff(qs.assess(changed, readings=readings, **WINDOW)):
        if change.after and told(change.before) != told(change.after):
            print(f"    {change.obligation:8} {change.subject:12} {told(change.before)} → {told(change.after)}")
            for reason in change.because[:1]:
                print(f"             {reason.text.to(LANG)}")


without = [a for a in shop.appointments or () if a.role is not qs.Role.DIRECTOR]
what_if("总监离任 the director leaves", attrs.evolve(shop, appointments=without))

shut = qs.Closure(kind="closed", outlet="M2", start=date(2024, 1, 7), end=date(2024, 1, 7))
what_if("M2 在 01-07 歇业 M2 was closed on 7 January", attrs.evolve(shop, closures=[*(shop.closures or ()), shut]))

what_if("逾期补录算不符合 a late record is a violation", readings={"late_record": "violated"})
what_if("任何门店的检查都算 any outlet's check counts", readings={"daily_scope": "seller"})
