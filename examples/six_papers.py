"""六种文书。 The six mandated papers of one shop, each in both looks (Articles 7 to 12).

Reads the sample ledger that ships with qsafety, renders each paper, and prints its number, size and digest. The files go into a
temporary folder.

    python examples/six_papers.py
"""

import tempfile
from importlib.resources import as_file, files
from pathlib import Path

import qsafety as qs

with as_file(files("qsafety.testing") / "data" / "ebike-shop.xlsx") as ledger:
    shop = qs.read_ledger(ledger)

ASKED: dict[str, dict[str, str]] = {
    "director_duties": {},
    "officer_code": {},
    "risk_control_list": {},
    "daily_record": {"period": "2024-01-10", "outlet": "M1"},
    "weekly_report": {"period": "2024-W02"},
    "monthly_minutes": {"period": "2024-01"},
}

with tempfile.TemporaryDirectory() as name:
    for profile in ("office", "gongwen"):
        folder = Path(name) / profile
        folder.mkdir()
        print(profile)
        for kind, asked in ASKED.items():
            paper = qs.render(kind, shop, profile=profile, **asked)
            path = paper.save(folder)
            print(f"  {paper.number:32} {path.name:36} {len(paper.bytes):6} B  sha256 {paper.sha256[:12]}")
            assert (
                qs.render(kind, shop, profile=profile, **asked).sha256 == paper.sha256
            )  # the same data, the same digest
