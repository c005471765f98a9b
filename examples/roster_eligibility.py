"""谁可以任职？ Who may hold the post? (Articles 6, 15 and 18)

Every person of the sample shop against both posts: yes, no, or what is missing.

    python examples/roster_eligibility.py [en]
"""

import sys
from datetime import date
from importlib.resources import as_file, files

import qsafety as qs

LANG = "en" if "en" in sys.argv else "zh"
ON = date(2024, 2, 5)
ANSWER = {True: "√", False: "×", None: "?"}

with as_file(files("qsafety.testing") / "data" / "ebike-shop.xlsx") as ledger:
    shop = qs.read_ledger(ledger)

for person in shop.people or ():
    posts = [a.role.label.to(LANG) for a in shop.appointments or () if a.person == person.id]
    print(f"{person.id} {person.name}  {' '.join(posts) or '—'}")
    for role in (qs.Role.DIRECTOR, qs.Role.OFFICER):
        found = qs.eligible(shop, person=person.id, role=role, on=ON)
        print(f"    {ANSWER[found.eligible]} {role.label.to(LANG)}")
        for finding in found.findings:
            if finding.outcome in (qs.Outcome.VIOLATED, qs.Outcome.UNKNOWN, qs.Outcome.NEEDS_JUDGEMENT):
                print(f"        {finding.obligation.id} {finding.outcome.label.to(LANG)}: {finding.message.to(LANG)}")
