"""脱敏的存档包：交出去的不必有姓名。 A redacted pack: what is handed over need not have the names.

python examples/redacted_pack.py [en]
"""

import sys
import tempfile
from datetime import date
from importlib.resources import files

import qsafety as qs

LANG = "en" if "en" in sys.argv else "zh"
LOST, SAME, HIDDEN = {
    "zh": ("读回来的人员", "结论不变", "姓名还在包里吗"),
    "en": ("people as read back", "the verdicts are the same", "is the name in the pack"),
}[LANG]
JANUARY = {"since": date(2024, 1, 1), "until": date(2024, 1, 31), "on": date(2024, 2, 5)}

shop = qs.read_ledger(str(files("qsafety") / "testing" / "data" / "ebike-shop.xlsx"))
outcomes = [finding.outcome for finding in qs.assess(shop, on=JANUARY["on"], since=date(2023, 12, 25)).findings]
name = shop.people[1].name

with tempfile.TemporaryDirectory() as folder:
    for level in ("none", "masked", "full"):
        pack = qs.pack(shop, to=f"{folder}/{level}", redaction=level, papers=False, **JANUARY)
        check, again = qs.verify_pack(pack), qs.read_pack(pack)
        assert check.ok and check.redaction == level
        print(f"{level:<7}", *(note.to(LANG) for note in check.notes if "链" not in note.zh))
        print(f"  {LOST}:", *(person.name for person in again.people))
        there = any(name in file.read_text("utf-8") for file in pack.rglob("*.json"))
        print(f"  {HIDDEN}: {there}")
        assert there == (level == "none")
        same = [f.outcome for f in qs.assess(again, on=JANUARY["on"], since=date(2023, 12, 25)).findings]
        print(f"  {SAME}: {same == outcomes}")
