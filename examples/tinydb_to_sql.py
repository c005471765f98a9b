"""从 TinyDB 搬到 SQL：每个版本、每个时刻、每一环日志。 From TinyDB to SQL: every version, instant and link.

    python examples/tinydb_to_sql.py [en] [URL]

URL：默认 sqlite:///…；也可以是 postgresql+psycopg://… SQLite in a temporary folder, unless a URL is given.
"""

import sys
import tempfile
from datetime import date

import qsafety as qs

LANG = "en" if "en" in sys.argv else "zh"
SAY = {
    "zh": ("搬了 {} 家，再运行一次搬 {} 家", "{} 条日志，末环相同", "隐患 H1 的版本", "目标完好"),
    "en": (
        "{} seller moved; run again: {}",
        "{} events, the last link equal",
        "versions of hazard H1",
        "the target is sound",
    ),
}[LANG]
URLS = [argument for argument in sys.argv[1:] if "://" in argument]

with (
    tempfile.TemporaryDirectory() as folder,
    qs.open_store(f"tinydb:///{folder}/shop.json") as old,
    qs.open_store([*URLS, f"sqlite:///{folder}/shop.db"][0]) as new,
):
    old.save(qs.Dossier(seller=qs.Seller(id="hz01", name="示例店"), people=[qs.Person(id="P3", name="周例清")]))
    for note in ("发现", "整改中", "已销号"):
        old.put("hz01", qs.Hazard(id="H1", source="daily", found_on=date(2024, 1, 31), note=note), by="P3")

    print(SAY[0].format(old.copy_to(new), old.copy_to(new)))
    before, after = list(old.journal("hz01")), list(new.journal("hz01"))
    assert before == after
    assert old.dossier("hz01") == new.dossier("hz01")
    print(SAY[1].format(len(after)), after[-1].link[:12])
    print(f"{SAY[2]}:", *(f"{kept.version} {kept.fact.note}" for kept in new.history("hz01", qs.Hazard, "H1")))
    assert new.check().ok
    print(SAY[3])
