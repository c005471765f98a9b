"""待办变成日历。 What is to be done, as a calendar that a phone subscribes to.

Writes 待办.ics for the day asked about: one all-day event a duty, for each person a file of their own. A feed that is fetched again
tomorrow replaces events and does not double them, for an event's UID is that of its duty.

    python examples/calendar_feed.py [en]
"""

import sys
from datetime import date
from importlib.resources import as_file, files
from pathlib import Path

import qsafety as qs
from qsafety.exchange import to_ics

LANG = "en" if "en" in sys.argv else "zh"
ON = date(2024, 1, 10)

with as_file(files("qsafety.testing") / "data" / "ebike-shop.xlsx") as ledger:
    shop = qs.read_ledger(ledger)
todos = qs.due(shop, on=ON)
names = {person.id: person.name for person in shop.people or ()}

Path("待办.ics").write_bytes(to_ics(todos, shop.seller, on=ON, names=names, lang=LANG))
print(f"待办.ics: {len(todos)} 项 duties")

for person in shop.people or ():
    theirs = [todo for todo in todos if person.id in (todo.who or "").split("、")]
    if theirs:
        file = Path(f"待办-{person.id}.ics")
        file.write_bytes(to_ics(theirs, shop.seller, on=ON, names=names, lang=LANG))
        print(f"{file}: {len(theirs)}")
        for todo in theirs:
            print(f"    {todo.by or '—'}  {todo.what.to(LANG)}")
