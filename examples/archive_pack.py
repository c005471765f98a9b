"""存档备查：缺什么，做成一个文件夹，改一个字就看得出。 What is missing, one folder of what there is, and a change that shows.

python examples/archive_pack.py [en]
"""

import sys
import tempfile
from datetime import date
from importlib.resources import files

import qsafety as qs

LANG = "en" if "en" in sys.argv else "zh"
SAY = {
    "zh": ("缺", "存档包", "个文件", "链首，抄进签字的纪要", "完好", "改了一个字之后", "换成别的链首"),
    "en": (
        "missing",
        "the pack",
        "files",
        "its head, for the signed minutes",
        "sound",
        "one word changed",
        "another head",
    ),
}[LANG]
MISSING, PACK, FILES, HEAD, SOUND, CHANGED, OTHER = SAY
JANUARY = {"since": date(2024, 1, 1), "until": date(2024, 1, 31), "on": date(2024, 2, 5)}

with tempfile.TemporaryDirectory() as folder, qs.open_store(f"sqlite:///{folder}/shop.db") as store:
    store.save(qs.read_ledger(str(files("qsafety") / "testing" / "data" / "ebike-shop.xlsx")))

    found = qs.manifest(store.dossier("hz-ebike"), **JANUARY)
    for entry in found.entries:
        if entry.status == "missing":
            print(f"{MISSING}: {entry.slot} {entry.outlet or ''} {entry.period}")

    pack = qs.pack(store, to=folder, **JANUARY)
    check = qs.verify_pack(pack)
    print(f"{PACK}: {pack.name}  {check.files} {FILES}, {SOUND}: {check.ok}")
    print(f"{HEAD}: {check.head}")
    print(*sorted(path.name for path in (pack / "data").iterdir()), sep="  ")

    record = min(pack.glob("data/04-日管控/*.json"))
    whole = record.read_bytes()
    record.write_bytes(whole.replace(b"M1", b"M2"))
    print(f"{CHANGED}:")
    for problem in qs.verify_pack(pack).problems:
        print("  ×", problem.to(LANG))

    record.write_bytes(whole)
    other = qs.verify_pack(pack, head="0" * 64)
    print(f"{OTHER}:", *(problem.what.to(LANG) for problem in other.problems))
    assert check.ok and not other.ok
