"""The same receipt, the same bytes: on another day, in another process, from a ledger or from a store."""

import json
import os
import subprocess
import sys
from datetime import date
from importlib.resources import as_file, files
from typing import Any

import attrs
import pytest

import qsafety as qs
from qsafety import law
from qsafety.assessment import Receipt, ReceiptError

KEYS = {"version", "edition", "text_sha256", "readings", "dossier_sha256", "on", "since"}
WINDOW: dict[str, Any] = {"on": date(2024, 2, 5), "since": date(2024, 1, 1)}


@pytest.fixture(scope="module")
def shop() -> qs.Dossier:
    with as_file(files("qsafety.testing") / "data" / "ebike-shop.xlsx") as ledger:
        return qs.read_ledger(ledger)


def bytes_of(report: qs.Report, *, sources: bool = True) -> str:
    return json.dumps(report.to_dict(sources=sources), ensure_ascii=False, sort_keys=False)


def test_a_receipt_has_its_seven_keys(shop):
    receipt = qs.assess(shop, **WINDOW).receipt
    assert receipt.to_dict().keys() == KEYS
    assert receipt.to_dict()["text_sha256"] == law.edition().sha256
    assert Receipt.of(json.loads(json.dumps(receipt.to_dict()))) == receipt


def test_a_report_from_a_ledger_and_one_from_a_store_differ_in_nothing_but_the_places(shop):
    with qs.open_store("memory://") as store:
        store.save(shop)
        kept = store.dossier(shop.seller.id)
    one, two = qs.assess(shop, **WINDOW), qs.assess(kept, **WINDOW)
    assert one.receipt == two.receipt
    assert bytes_of(one, sources=False) == bytes_of(two, sources=False) == bytes_of(two)
    assert bytes_of(one) != bytes_of(two) and '"source": "日检查!' in bytes_of(one)


PRINTED = """
import json, sys
from datetime import date
import qsafety as qs
shop = qs.read_ledger(sys.argv[1])
report = qs.assess(shop, on=date(2024, 2, 5), since=date(2024, 1, 1), readings={"late_record": "violated"})
sys.stdout.buffer.write(json.dumps(report.to_dict()).encode() + report.explain("zh").encode() + report.explain("en").encode())
"""


def test_processes_hash_seeds_and_time_zones_make_no_difference(tmp_path):
    ledger = tmp_path / "ledger.xlsx"
    ledger.write_bytes((files("qsafety.testing") / "data" / "ebike-shop.xlsx").read_bytes())
    printed = set()
    for seed, zone in (("1", "Asia/Shanghai"), ("77", "America/New_York"), ("random", "Pacific/Kiritimati")):
        done = subprocess.run(
            [sys.executable, "-c", PRINTED, str(ledger)],
            env=os.environ | {"PYTHONHASHSEED": seed, "TZ": zone},
            capture_output=True,
            check=True,
        )
        printed.add(done.stdout)
    assert len(printed) == 1


def test_an_answer_is_given_again_from_its_receipt(shop):
    report = qs.assess(shop, readings={"size_class": "both", "limbs": {"A10.2": "L2"}}, **WINDOW)
    kept = json.loads(json.dumps(report.to_dict()))["receipt"]
    again = qs.replay(kept, shop)
    assert bytes_of(again) == bytes_of(report)
    assert qs.replay(report.receipt, shop).receipt == report.receipt


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"version": "0.0.1"}, "the version of qsafety (receipt 0.0.1, now "),
        ({"text_sha256": "0" * 64}, "the text of the edition (receipt 0000"),
        ({"dossier_sha256": "f" * 64}, "the dossier (receipt ffff"),
        ({"edition_sha256": "f" * 64}, "the contents of the user's edition (receipt ffff"),
    ],
)
def test_what_is_not_the_same_is_named(shop, changed, told):
    receipt = attrs.evolve(qs.assess(shop, **WINDOW).receipt, **changed)
    with pytest.raises(ReceiptError) as caught:
        qs.replay(receipt, shop)
    assert told in str(caught.value) and caught.value.differs == (*changed,)
    assert caught.value.to("zh").startswith("与回执不符：")


def test_another_dossier_is_refused(shop):
    receipt = qs.assess(shop, **WINDOW).receipt
    other = attrs.evolve(shop, seller=attrs.evolve(shop.seller, headcount=13))
    with pytest.raises(ReceiptError, match="not what the receipt is of: the dossier") as caught:
        qs.replay(receipt, other)
    assert caught.value.differs == ("dossier_sha256",)


@pytest.mark.parametrize("wrong", [{}, {"on": "2024-02-05"}, 7, None, "x", {**dict.fromkeys(KEYS), "on": "x"}])
def test_what_is_no_receipt_is_refused(shop, wrong):
    with pytest.raises(qs.QSafetyError):
        qs.replay(wrong, shop)


def test_with_an_edition_of_ones_own_the_folder_is_part_of_the_receipt(shop, tmp_path):
    (tmp_path / "edition.toml").write_text(
        'id = "mine"\ninherits = "cn-seller-2023-draft"\ntitle = { zh = "修订", en = "amendment" }\n', encoding="utf-8"
    )
    mine = law.read_edition(tmp_path)
    report = qs.assess(shop, edition=mine, **WINDOW)
    assert report.receipt.to_dict().keys() == KEYS | {"edition_sha256"}
    assert bytes_of(qs.replay(report.receipt.to_dict(), shop, edition=mine)) == bytes_of(report)
    with pytest.raises(qs.QSafetyError, match="no edition named 'mine'"):
        qs.replay(report.receipt, shop)
    (tmp_path / "edition.toml").write_text(
        (tmp_path / "edition.toml").read_text("utf-8") + "# other\n", encoding="utf-8"
    )
    with pytest.raises(ReceiptError, match="the contents of the user's edition"):
        qs.replay(report.receipt, shop, edition=law.read_edition(tmp_path))
