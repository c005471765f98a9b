"""夜间任务：漏跑几次也不丢什么。 A nightly job that may miss nights and loses nothing.

Duties are derived from the records each time, never stored: whoever runs it late is told all the same. Sending is your system's; here it is
printed.

    python examples/nightly_job.py [en]
"""

import sys
import tempfile
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path

import qsafety as qs
from qsafety.errors import TransientError

LANG = "en" if "en" in sys.argv else "zh"
SAMPLE = Path(str(files("qsafety"))) / "testing" / "data" / "ebike-shop.xlsx"


def tonight(url: str, day: date) -> dict[str, list[str]]:
    """For every seller of the store what is due, soonest first; a store that is busy is tried again tomorrow."""
    due: dict[str, list[str]] = {}
    try:
        with qs.open_store(url, create=False, timeout=5) as store:
            for seller in store.sellers():
                shop = store.dossier(seller, since=day - timedelta(days=60), until=day)
                due[seller] = [f"{item.by}  {item.what.to(LANG)}  {item.obligation}" for item in qs.due(shop, on=day)]
    except TransientError as error:
        print(error.to(LANG), file=sys.stderr)
    return due


with tempfile.TemporaryDirectory() as folder:
    url = f"sqlite:///{folder}/shops.db"
    with qs.open_store(url) as store:
        store.save(qs.read_ledger(SAMPLE))

    for day in (date(2024, 2, 1), date(2024, 2, 5)):  # three nights were missed in between
        for seller, lines in tonight(url, day).items():
            print(f"{day}  {seller}: {len(lines)}")
            for line in lines[:3]:
                print(f"    {line}")
    late, on_time = tonight(url, date(2024, 2, 5)), tonight(url, date(2024, 2, 5))
    assert late == on_time != {}
    with qs.open_store(url) as store:
        assert len(list(store.journal("hz-ebike"))) > 100  # the job wrote nothing: the journal is the import's
        assert store.check().ok
