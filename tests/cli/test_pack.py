"""``qsafety manifest``, ``pack`` and ``verify``, a pack as LEDGER, and what is refused; nothing is ever half written."""

import csv
import io
import json
import shutil
from collections.abc import Callable
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import attrs
import pytest

import qsafety as qs

JANUARY = ("--since", "2024-01-01", "--until", "2024-01-31", "--on", "2024-02-05")
NAME = "91330106MAFAKE019Y_hz-ebike_2024-01-01_2024-01-31"
CHECK = "data/04-日管控/daily_check-M1-2024-01-03.json"


@pytest.fixture(scope="module")
def packs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shop's January from a store, in ``whole``; in ``masked`` without the names of people."""
    folder = tmp_path_factory.mktemp("packs")
    window: dict[str, Any] = {"since": date(2024, 1, 1), "until": date(2024, 1, 31), "on": date(2024, 2, 5)}
    with qs.open_store("memory://") as store:
        store.save(qs.read_ledger(str(files("qsafety.testing") / "data" / "ebike-shop.xlsx")))
        qs.pack(store, to=folder / "whole", papers=False, **window)
        qs.pack(store, to=folder / "masked", papers=False, redaction="masked", **window)
    return folder


@pytest.fixture
def copied(packs: Path, tmp_path: Path) -> Callable[[], Path]:
    """A copy of the pack, to be changed."""
    return lambda: Path(shutil.copytree(packs / "whole" / NAME, tmp_path / "copied" / NAME))


def oneline(text: str) -> str:
    return " ".join(text.split())


# manifest


def test_what_is_missing_is_named(call, shop):
    done = call("manifest", shop, *JANUARY)
    assert done.status == 0
    assert "缺：M2 2024-01-07" in done.out and "缺：2024-W04" in done.out and "逾期补录：M1 2024-01-12" in done.out
    english = call("manifest", shop, *JANUARY, "--lang", "en").out
    assert "missing: M2 2024-01-07" in english and "sets no period" in english


def test_the_manifest_as_json_and_as_csv_says_the_same(call, shop):
    told = json.loads(call("manifest", shop, *JANUARY, "--format", "json").out)
    rows = list(csv.DictReader(io.StringIO(call("manifest", shop, *JANUARY, "--format", "csv").out)))
    assert told.keys() == {"entries", "counts"}
    assert [row["status"] for row in rows] == [entry["status"] for entry in told["entries"]]
    assert {row["slot"] for row in rows} == told["counts"].keys()
    assert {"slot", "provision", "period", "outlet", "status", "record", "version", "digest"} == rows[0].keys()


def test_the_manifest_as_a_page_stands_alone(call, shop):
    page = call("manifest", shop, *JANUARY, "--format", "html").out
    assert page.startswith("<!doctype html>") and "2024-W04" in page
    assert "<script" not in page and "http" not in page


# pack


def test_out_is_the_folder_that_the_pack_is_put_into(call, shop, tmp_path):
    done = call("pack", shop, *JANUARY, "--out", tmp_path / "out", "--no-papers")
    assert done.status == 0, done.err
    assert [path.name for path in (tmp_path / "out").iterdir()] == [NAME]
    assert "√" in done.out and "sha256sum -c --quiet manifest-sha256.txt" in oneline(done.out)
    assert call("verify", tmp_path / "out" / NAME).status == 0


def test_a_store_is_packed_by_its_url_with_its_chain(call, shop, tmp_path):
    url = f"sqlite:///{tmp_path}/shop.db"
    assert call("import", shop, "--store", url).status == 0
    done = call("pack", url, "--seller", "hz-ebike", *JANUARY, "--out", tmp_path / "out", "--no-papers")
    assert done.status == 0, done.err
    head = (tmp_path / "out" / NAME / "data/90-链/chain.tsv").read_text("utf-8").split()[-1]
    assert head in done.out
    assert call("verify", tmp_path / "out" / NAME, "--head", head).status == 0
    other = call("verify", tmp_path / "out" / NAME, "--head", head[::-1])
    assert other.status == 1 and "链首" in other.out


def test_equal_input_gives_an_equal_pack(call, shop, tmp_path):
    for out in ("one", "two"):
        assert call("pack", shop, *JANUARY, "--out", tmp_path / out, "--no-papers").status == 0
    one, two = (tmp_path / out / NAME for out in ("one", "two"))
    assert (one / "tagmanifest-sha256.txt").read_bytes() == (two / "tagmanifest-sha256.txt").read_bytes()


def test_a_pack_says_how_far_it_is_redacted(call, packs):
    done = call("verify", packs / "masked" / NAME)
    assert done.status == 0 and "已脱敏" in done.out
    assert json.loads(call("verify", packs / "masked" / NAME, "--format", "json").out)["redaction"] == "masked"
    assert "陈示安" not in "".join(p.read_text("utf-8") for p in (packs / "masked" / NAME).rglob("*.json"))


REFUSED: list[tuple[tuple[str, ...], str]] = [
    (("--since", "2030-01-01", "--until", "2030-01-31"), "there is no record from 2030-01-01 to 2030-01-31"),
    (("--since", "2024-02-01", "--until", "2024-01-01"), "--until 2024-01-01 lies before --since 2024-02-01"),
    ((*JANUARY, "--seller", "hz-ebik"), "there is no seller named 'hz-ebik'. Did you mean 'hz-ebike'?"),
    ((*JANUARY, "--redaction", "mask"), "there is no 'mask'; there are none, masked, full. Did you mean masked?"),
    ((*JANUARY, "--sign-key", "key.pem"), "--sign-key and --sign-cert go together"),
    ((*JANUARY, "--sign-key", "none.pem", "--sign-cert", "none.pem"), "none.pem"),
    (("--since", "2024-01-01"), "--until is missing"),
]


@pytest.mark.parametrize(("words", "said"), REFUSED)
def test_what_cannot_be_packed_is_refused_in_one_line_and_nothing_is_left(call, shop, tmp_path, words, said):
    done = call("pack", shop, *words, "--out", tmp_path / "out", "--lang", "en")
    assert (done.status, done.out) == (2, "")
    assert said in oneline(done.err) and "Traceback" not in done.err
    assert not (tmp_path / "out").exists()


def test_a_pack_that_is_there_is_left_as_it_is(call, shop, tmp_path):
    words = ("pack", shop, *JANUARY, "--out", tmp_path / "out", "--no-papers", "--lang", "en")
    assert call(*words).status == 0
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*")}
    done = call(*words)
    assert done.status == 2 and "is there already, and was left as it is" in oneline(done.err)
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*")} == before


def test_a_file_in_the_place_of_the_folder_is_refused(call, shop, tmp_path):
    (tmp_path / "out").write_text("mine", encoding="utf-8")
    done = call("pack", shop, *JANUARY, "--out", tmp_path / "out", "--no-papers")
    assert done.status == 2 and "Traceback" not in done.err and (tmp_path / "out").read_text("utf-8") == "mine"


def test_a_folder_that_cannot_be_made_is_refused(call, shop, tmp_path):
    done = call("pack", shop, *JANUARY, "--out", shop / "out", "--no-papers", "--lang", "en")
    assert (
        (done.status, done.out) == (2, "")
        and "Traceback" not in done.err
        and str(shop / "out") in done.err.replace("\n", "")
    )
    assert [path.name for path in tmp_path.iterdir() if path.suffix != ".xlsx"] == []


def test_a_store_needs_the_seller_and_names_those_it_holds(call, shop, tmp_path):
    url = f"sqlite:///{tmp_path}/shop.db"
    call("import", shop, "--store", url)
    done = call("pack", url, *JANUARY, "--out", tmp_path / "out", "--lang", "en")
    assert done.status == 2 and "It holds: hz-ebike" in done.err and not (tmp_path / "out").exists()
    wrong = call("pack", url, "--seller", "hz", *JANUARY, "--out", tmp_path / "out", "--lang", "en")
    assert wrong.status == 2 and "'hz'" in wrong.err and not (tmp_path / "out").exists()


# verify


def test_a_pack_as_it_was_made_is_told_in_all_four_properties(call, packs):
    done = call("verify", packs / "whole" / NAME)
    assert done.status == 0 and done.err == ""
    assert all(f"√ {name}" in done.out for name in ("完整性", "可用性", "安全性"))
    assert "· 真实性" in done.out  # nothing from elsewhere to compare with
    told = json.loads(call("verify", packs / "whole" / NAME, "--format", "json").out)
    assert told.keys() >= {"ok", "path", "files", "bytes", "head", "redaction", "problems", "seals", "notes"}
    assert told["ok"] is True and told["problems"] == [] and told["redaction"] == "none"


def test_every_change_is_listed_and_the_status_is_1(call, copied):
    pack = copied()
    (pack / CHECK).write_bytes((pack / CHECK).read_bytes().replace(b"M1", b"M2"))
    (pack / "more.txt").write_text("x")
    done = call("verify", pack, "--lang", "en")
    assert done.status == 1 and done.err == ""
    assert CHECK in done.out and "more.txt" in done.out and "not as it was made" in done.out
    told = json.loads(call("verify", pack, "--format", "json").out)
    assert told["ok"] is False
    assert {problem["path"] for problem in told["problems"]} >= {CHECK, "more.txt"}
    assert all(problem.keys() == {"property", "path", "what", "hint"} for problem in told["problems"])


@pytest.mark.parametrize(
    ("what", "said"),
    [("none", "there is no such folder"), ("ebike-shop.xlsx", "it is a file"), ("empty", "it holds no bagit.txt")],
)
def test_what_is_no_pack_is_status_2(call, shop, tmp_path, what, said):
    (tmp_path / "empty").mkdir()
    done = call("verify", tmp_path / what, "--lang", "en")
    assert (done.status, done.out) == (2, "") and said in oneline(done.err)
    told = json.loads(call("verify", tmp_path / what, "--format", "json").err)
    assert [error["code"] for error in told["errors"]] == ["no_pack"]


def test_the_folder_around_a_pack_names_the_pack_in_it(call, packs):
    done = call("verify", packs / "whole", "--lang", "en")
    assert done.status == 2 and f"Did you mean {NAME}" in oneline(done.err)
    assert NAME in oneline(call("assess", packs / "whole").err).replace(" ", "")


def test_a_newer_format_is_told_to_be_newer(call, copied):
    import hashlib

    pack = copied()
    info, tags = pack / "bag-info.txt", pack / "tagmanifest-sha256.txt"
    old = hashlib.sha256(info.read_bytes()).hexdigest()
    info.write_bytes(info.read_bytes().replace(b"QSafety-Format: 1", b"QSafety-Format: 99"))
    tags.write_text(tags.read_text("utf-8").replace(old, hashlib.sha256(info.read_bytes()).hexdigest()), "utf-8")
    done = call("verify", pack, "--lang", "en")
    assert done.status == 2 and "the pack has format 99" in oneline(done.err)


@pytest.mark.parametrize("words", [("verify",), ("manifest", *JANUARY), ("assess", "--on", "2024-02-05")])
def test_what_is_said_fits_into_gbk(process, copied, words):
    pack = copied()
    for damaged in (False, True):
        if damaged:
            (pack / "多出的.txt").write_text("x")
        done = process(words[0], pack, *words[1:], PYTHONIOENCODING="gbk:strict", PYTHONUTF8="0")
        text = (done.stdout + done.stderr).decode("gbk")
        assert "Traceback" not in text and "内部错误" not in text and text


@pytest.mark.parametrize("head", ["", "6c0a99", "g" * 64])
def test_what_cannot_be_a_head_is_no_finding(call, packs, head):
    done = call("verify", packs / "whole" / NAME, "--head", head, "--lang", "en")
    assert (done.status, done.out) == (2, "") and "is no head of 64 hex digits" in oneline(done.err)


def test_what_is_no_certificate_is_no_forged_signature(call, shop, packs, tmp_path):
    for path, said in ((shop, "there is no certificate (PEM)"), (tmp_path / "none.pem", "none.pem")):
        done = call("verify", packs / "whole" / NAME, "--trust", path, "--lang", "en")
        assert (done.status, done.out) == (2, "")
        assert said in oneline(done.err) or said in done.err.replace(
            "\n", ""
        )  # a long path is broken at the page's edge


def test_a_head_copied_from_paper_may_have_capitals_and_spaces(call, packs):
    head = (packs / "whole" / NAME / "data/90-链/chain.tsv").read_text("utf-8").split()[-1].upper()
    assert call("verify", packs / "whole" / NAME, "--head", f" {head[:32]} {head[32:]}").status == 0


def test_a_key_with_a_password_asks_for_it(call, shop, tmp_path, monkeypatch):
    monkeypatch.delenv("QSAFETY_SIGN_PASSWORD", raising=False)
    for name in ("key.pem", "cert.pem"):
        (tmp_path / name).write_text("-----BEGIN ENCRYPTED PRIVATE KEY-----\n", encoding="utf-8")
    seal = ("--sign-key", tmp_path / "key.pem", "--sign-cert", tmp_path / "cert.pem")
    done = call("pack", shop, *JANUARY, "--out", tmp_path / "out", *seal, "--lang", "en")
    assert done.status == 2 and "QSAFETY_SIGN_PASSWORD" in done.err and not (tmp_path / "out").exists()


# a pack as LEDGER


def test_a_pack_is_read_as_the_ledger_was(call, shop, packs):
    words = ("--on", "2024-02-05", "--since", "2023-12-25", "--format", "json")
    ledger, pack = (json.loads(call("assess", given, *words).out) for given in (shop, packs / "whole" / NAME))
    plain = [[(f["obligation"], f["outcome"], f["subject"]) for f in told["findings"]] for told in (ledger, pack)]
    assert plain[0] == plain[1]
    assert call("due", packs / "whole" / NAME, "--on", "2024-02-05").status == 0


def test_from_a_pack_to_a_store_and_back_nothing_changes(call, packs, tmp_path):
    url = f"sqlite:///{tmp_path}/again.db"
    pack = packs / "whole" / NAME
    assert "新增或变更" in call("import", pack, "--store", url).out
    assert "没有写入" in call("import", pack, "--store", url).out
    with qs.open_store(url) as store:
        sources: dict[Any, str] = {}
        assert attrs.evolve(store.dossier("hz-ebike"), sources=sources) == attrs.evolve(
            qs.read_pack(pack), sources=sources
        )
    for source, out in ((pack, "one"), (tmp_path / "one" / NAME, "two")):
        assert call("pack", source, *JANUARY, "--out", tmp_path / out, "--no-papers").status == 0
    one, two = ((tmp_path / out / NAME / "tagmanifest-sha256.txt").read_bytes() for out in ("one", "two"))
    assert one == two


def test_nothing_is_read_from_a_damaged_pack_and_every_problem_is_told(call, copied, tmp_path):
    pack = copied()
    (pack / CHECK).unlink()
    (pack / "more.txt").write_text("x")
    done = call("import", pack, "--store", f"sqlite:///{tmp_path}/new.db", "--lang", "en")
    assert (done.status, done.out) == (2, "") and not (tmp_path / "new.db").exists()
    assert "the pack has" in done.err and "nothing was read" in done.err
    assert CHECK in done.err and "more.txt" in done.err and "hint" in done.err
    told = json.loads(call("assess", pack, "--format", "json").err)["errors"]
    assert {error["code"] for error in told} == {"pack_damaged"}
    assert {error["path"] for error in told} >= {CHECK, "more.txt"}
    assert all(error["what"].keys() == {"zh", "en"} for error in told)


def test_masked_names_never_take_the_place_of_real_ones(call, shop, packs, tmp_path):
    url, masked = f"sqlite:///{tmp_path}/shop.db", packs / "masked" / NAME
    call("import", shop, "--store", url)
    done = call("import", masked, "--store", url, "--lang", "en")
    assert done.status == 2 and "holds the real people of 'hz-ebike'; nothing was imported" in oneline(done.err)
    with qs.open_store(url) as store:
        assert {person.name for person in store.dossier("hz-ebike").people or ()} >= {"陈示安"}
    fresh = f"sqlite:///{tmp_path}/fresh.db"
    assert "已脱敏" in call("import", masked, "--store", fresh).out
    assert call("import", masked, "--store", fresh).status == 0  # what is equal is no harm


def test_a_pack_of_a_redacted_pack_never_says_that_less_is_hidden(call, packs, tmp_path):
    words = ("pack", packs / "masked" / NAME, *JANUARY, "--out", tmp_path / "out", "--no-papers")
    done = call(*words, "--lang", "en")
    assert done.status == 2 and "Write --redaction masked" in oneline(done.err) and not (tmp_path / "out").exists()
    assert call(*words, "--redaction", "full").status == 0
    assert json.loads(call("verify", tmp_path / "out" / NAME, "--format", "json").out)["redaction"] == "full"
