"""``qsafety due``, ``slots`` and ``manifest``: what is to be done, what was done, what is to be kept."""

import csv
import json
from io import StringIO

import qsafety as qs


def test_due_names_what_who_and_by_when(call, shop):
    done = call("due", shop, "--on", "2024-01-10")
    assert done.status == 0
    assert "2024-01-10  门店 M1 2024-01-10 日检查  王样成（P3）  A10.2" not in done.out  # it was done that day
    assert "  2024-01-12  整改隐患 H1：两组锂电池外壳鼓包  王样成（P3）  A07.1.4" in done.out


def test_due_as_json_has_the_keys_of_the_contract(call, shop):
    data = json.loads(call("due", shop, "--on", "2024-01-31", "--format", "json").out)
    assert data.keys() == {"due"} and data["due"]
    assert all(item.keys() == {"who", "what", "by", "obligation", "kind", "papers"} for item in data["due"])


def test_nothing_due_is_said(call, tmp_path):
    file = tmp_path / "bakery.json"
    bakery = qs.Dossier(
        seller=qs.Seller(id="s", name="店"), products=[qs.ProductLine(id="b", name="面包", exclusion="food")]
    )
    file.write_text(qs.to_json(bakery), encoding="utf-8")
    assert "没有待办事项" in call("due", file, "--on", "2024-02-01").out
    assert "nothing is to be done" in call("due", file, "--on", "2024-02-01", "--lang", "en").out


def test_slots_are_drawn(call, shop):
    done = call("slots", shop, "--since", "2024-01-01", "--until", "2024-01-31", "--on", "2024-02-01")
    assert done.status == 0
    assert "  2024-W01 01-01 ■ ■ ■ ■ ■ ■ ■   ■ ■ ■ ■ ■ ■ ×   ■" in done.out
    assert "（截至 2024-02-01 所知）" in done.out


def test_slots_as_json_are_those_of_the_library(call, shop):
    done = call(
        "slots", shop, "--since", "2024-01-01", "--until", "2024-01-31", "--on", "2024-02-01", "--format", "json"
    )
    data = json.loads(done.out)
    assert done.status == 0 and data.keys() == {"slots"}
    missed = [slot for slot in data["slots"] if slot["status"] == "missed"]
    assert {
        "cadence": "daily_control",
        "outlet": "M2",
        "period": "2024-01-07",
        "status": "missed",
        "record": None,
    } in missed


def test_what_was_not_given_is_said(call, tmp_path):
    file = tmp_path / "shop.json"
    file.write_text(qs.to_json(qs.Dossier(seller=qs.Seller(id="s", name="店"))), encoding="utf-8")
    done = call("slots", file, "--since", "2024-01-01", "--until", "2024-01-31", "--on", "2024-02-01")
    assert done.status == 0 and "未提供：日检查、周排查、月调度" in done.out


def test_the_manifest_lists_what_is_missing(call, shop):
    words = ("manifest", shop, "--since", "2024-01-01", "--until", "2024-01-31", "--on", "2024-02-01")
    done = call(*words)
    assert done.status == 0 and "缺：M2 2024-01-07" in done.out and "没有规定保存期限" in done.out
    data = json.loads(call(*words, "--format", "json").out)
    assert data["counts"]["S7"]["missing"] == 1
    rows = list(csv.DictReader(StringIO(call(*words, "--format", "csv").out)))
    assert len(rows) == len(data["entries"])
    assert [row["status"] for row in rows] == [entry["status"] for entry in data["entries"]]
