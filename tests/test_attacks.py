"""What a careless user or an attacker tried once, and what it must come to."""

import copy
import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

import qsafety as qs
from qsafety.errors import FactError, PeriodError, UnknownNameError
from qsafety.periods import asked_day, day_before

ON = date(2024, 2, 1)
SHOP = qs.Dossier(
    seller=qs.Seller(id="s", name="店"),
    products=[qs.ProductLine(id="c", name="车", regimes={"ccc"})],
    people=[qs.Person(id="P3", name="某人")],
    appointments=[qs.Appointment(person="P3", role="officer", start=date(2023, 1, 1))],
    daily_checks=[],
)
QUESTIONS: dict[str, Callable[[Any], object]] = {
    "assess": lambda day: qs.assess(SHOP, on=day),
    "assess since": lambda day: qs.assess(SHOP, since=day, on=ON),
    "due": lambda day: qs.due(SHOP, on=day),
    "slots": lambda day: qs.slots(SHOP, since=date(2024, 1, 1), until=ON, on=day),
    "slots since": lambda day: qs.slots(SHOP, since=day, until=ON, on=ON),
    "slots until": lambda day: qs.slots(SHOP, since=date(2024, 1, 1), until=day, on=ON),
    "eligible": lambda day: qs.eligible(SHOP, person="P3", role="officer", on=day),
    "safe harbour": lambda day: qs.safe_harbour(SHOP, person="P3", matter="o", on=day),
    "manifest": lambda day: qs.manifest(SHOP, since=date(2024, 1, 1), until=ON, on=day),
    "manifest until": lambda day: qs.manifest(SHOP, since=date(2024, 1, 1), until=day, on=ON),
}
NO_DAYS = [datetime(2024, 2, 1), datetime(2024, 2, 1, tzinfo=UTC), "2024-02-01", 20240201, date.min, date.max]


@pytest.mark.parametrize("ask", QUESTIONS.values(), ids=QUESTIONS)
@pytest.mark.parametrize("day", NO_DAYS, ids=repr)
def test_what_is_no_day_is_refused_by_every_question_before_anything_is_computed(
    ask: Callable[[Any], object], day: object
) -> None:
    with pytest.raises(PeriodError):
        ask(day)


def test_the_first_and_last_years_that_can_be_asked_about_are_answered() -> None:
    for day in (date(2, 1, 1), date(9997, 12, 31)):
        assert asked_day("on", day) == day
        assert qs.assess(SHOP, on=day).on == day
        assert qs.due(SHOP, on=day)


def test_slots_of_a_window_that_ends_before_it_begins_are_refused() -> None:
    with pytest.raises(PeriodError, match="until 2024-01-01 is before since 2024-02-01"):
        qs.slots(SHOP, since=ON, until=date(2024, 1, 1), on=ON)


def test_readings_may_be_a_mapping_wherever_a_question_takes_them() -> None:
    chosen = {"daily_scope": "seller"}
    since = date(2024, 1, 1)
    meant = qs.Readings(daily_scope="seller")
    assert qs.slots(SHOP, since=since, until=ON, on=ON, readings=chosen) == qs.slots(
        SHOP, since=since, until=ON, on=ON, readings=meant
    )
    assert qs.due(SHOP, on=ON, readings=chosen) == qs.due(SHOP, on=ON, readings=meant)
    assert qs.manifest(SHOP, since=since, until=ON, on=ON, readings=chosen) == qs.manifest(
        SHOP, since=since, until=ON, on=ON, readings=meant
    )
    assert qs.eligible(SHOP, person="P3", role="officer", on=ON, readings=chosen).person == "P3"


def test_the_first_day_of_the_calendar_has_no_day_before_it() -> None:
    assert day_before(date.min) == date.min
    assert day_before(ON) == date(2024, 1, 31)
    closed = qs.Dossier(
        seller=qs.Seller(id="s", name="店", closed_on=date.min), products=SHOP.products, daily_checks=[]
    )
    assert qs.slots(closed, since=date(2024, 1, 1), until=ON, on=ON) == ()
    gone = qs.ProductLine(id="c", name="车", regimes={"ccc"}, sold_until=date.min)
    sold_out = qs.Dossier(seller=SHOP.seller, products=[gone], daily_checks=[])
    assert {str(slot.status) for slot in qs.slots(sold_out, since=ON, until=ON, on=ON)} == {"not_required"}


@pytest.mark.parametrize("at", [datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, tzinfo=UTC)])
def test_a_time_that_has_no_local_day_somewhere_on_earth_is_refused(at: datetime) -> None:
    with pytest.raises(FactError, match="in the years 2 to 9998"):
        qs.WeeklyScreening(week="2024-W05", organiser="P2", recorded_at=at)


@pytest.mark.parametrize("zone", ["localtime", "posixrules", "Factory", "right/Asia/Shanghai", "posix/Asia/Shanghai"])
def test_a_time_zone_that_differs_from_machine_to_machine_is_refused(zone: str) -> None:
    with pytest.raises(FactError, match="there is no time zone"):
        qs.Seller(id="s", name="店", tz=zone)


def test_a_dossier_without_a_seller_or_with_text_for_a_collection_is_refused_as_a_fact() -> None:
    nobody: Any = None
    with pytest.raises(FactError, match="seller: got a NoneType, expected a Seller"):
        qs.Dossier(seller=nobody)
    rows: Any
    for rows in ("", b"", 5):
        with pytest.raises(FactError, match=r"outlets: got a .*, expected a list"):
            qs.Dossier(seller=SHOP.seller, outlets=rows)


def test_a_report_is_a_value_that_can_be_hashed_copied_and_pickled() -> None:
    report = qs.assess(SHOP, on=ON)
    for same in (copy.deepcopy(report), pickle.loads(pickle.dumps(report))):
        assert same == report and hash(same) == hash(report)


def test_an_explanation_in_a_language_that_is_not_there_is_refused() -> None:
    french: Any = "fr"
    with pytest.raises(UnknownNameError, match="there is no language named 'fr'"):
        qs.assess(SHOP, on=ON).explain(lang=french)


def qsafety(*words: object, folder: Path) -> "subprocess.CompletedProcess[str]":
    """The command in a process of its own, with an end."""
    return subprocess.run(
        [sys.executable, "-m", "qsafety", *map(str, words)],
        cwd=folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        timeout=60,
        check=False,
    )


@pytest.fixture
def dossier_file(tmp_path: Path) -> Path:
    path = tmp_path / "shop.json"
    path.write_text(qs.to_json(SHOP), encoding="utf-8")
    return path


def test_a_report_is_never_written_over_the_dossier_it_is_about(dossier_file: Path) -> None:
    before = dossier_file.read_bytes()
    done = qsafety(
        "assess", "shop.json", "--on", ON, "--out", "./shop.json", "--lang", "en", folder=dossier_file.parent
    )
    assert done.returncode == 2 and "would overwrite it" in done.stderr and not done.stdout
    assert dossier_file.read_bytes() == before


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no device without end here")
def test_a_device_in_the_place_of_a_dossier_is_refused_at_once(tmp_path: Path) -> None:
    (tmp_path / "zero.json").symlink_to("/dev/zero")
    done = qsafety("due", "zero.json", "--lang", "en", folder=tmp_path)
    assert done.returncode == 2 and "zero.json is a device" in done.stderr


def test_a_file_that_cannot_be_written_is_named_as_it_was_asked_for(dossier_file: Path) -> None:
    (dossier_file.parent / "folder.json").mkdir()
    for name in ("folder.json", "nowhere/report.json"):
        done = qsafety("assess", "shop.json", "--on", ON, "--out", name, "--lang", "en", folder=dossier_file.parent)
        assert done.returncode == 2 and done.stderr.startswith(f"{name}: ")
    assert sorted(path.name for path in dossier_file.parent.iterdir()) == ["folder.json", "shop.json"]


def test_a_store_can_be_imported_into_another_store(dossier_file: Path) -> None:
    folder = dossier_file.parent
    assert qsafety("import", "shop.json", "--store", "sqlite:///a.db", folder=folder).returncode == 0
    assert (
        qsafety("import", "sqlite:///a.db", "--seller", "s", "--store", "sqlite:///b.db", folder=folder).returncode == 0
    )
    with qs.open_store(f"sqlite:///{folder / 'b.db'}") as store:
        assert store.dossier("s") == SHOP


def test_the_names_of_the_stores_are_not_cut(tmp_path: Path) -> None:
    done = qsafety("backends", folder=tmp_path)
    assert "postgresql+psycopg://" in done.stdout and "…" not in done.stdout


def test_of_two_formats_the_last_also_decides_how_errors_are_told(tmp_path: Path) -> None:
    done = qsafety("due", "no.json", "--format", "json", "--format", "text", "--lang", "en", folder=tmp_path)
    assert done.returncode == 2 and done.stderr.startswith("there is no file no.json")


COLD = """
import sys, threading
from qsafety.codec import from_json, read
from qsafety.dossier import Dossier
text = sys.stdin.buffer.read()
sys.setswitchinterval(1e-5)
start, read_by = threading.Barrier(12), []
def go(number):
    start.wait()
    read_by.append(from_json(text) if number % 2 else read(Dossier, text))
threads = [threading.Thread(target=go, args=[number]) for number in range(12)]
for thread in threads: thread.start()
for thread in threads: thread.join()
assert len(read_by) == 12 and len({*read_by}) == 1
"""


@pytest.mark.parametrize("_", range(4))
def test_the_first_dossiers_of_a_process_may_be_read_by_many_threads_at_once(_: int) -> None:
    """Where msgspec learnt a class in two threads at a time the process ended, in two runs of three."""
    shop = qs.read_ledger(Path(str(files("qsafety.testing") / "data" / "ebike-shop.xlsx")))
    done = subprocess.run([sys.executable, "-c", COLD], input=qs.to_json(shop).encode(), check=False, timeout=60)
    assert done.returncode == 0


@pytest.mark.parametrize(
    "error",
    [
        pytest.param(
            lambda: qs.assess(qs.Dossier(seller=qs.Seller(id="s", name="店")), on=date(2024, 2, 1))["A10.22"], id="name"
        ),
        pytest.param(lambda: qs.from_json("{}"), id="json"),
        pytest.param(lambda: qs.Trade("retial"), id="word"),
    ],
)
def test_an_error_crosses_processes_as_it_is(error):
    import pickle

    with pytest.raises(qs.QSafetyError) as caught:
        error()
    again = pickle.loads(pickle.dumps(caught.value))
    assert type(again) is type(caught.value)
    assert str(again) == str(caught.value) and again.to("zh") == caught.value.to("zh")
    assert again.__dict__ == caught.value.__dict__


@pytest.mark.parametrize(
    "readings", [5, [5], b"week=iso", {"review_months": 99_999_999_999}, ["promptly=" + "9" * 5000]]
)
def test_a_reading_that_makes_no_sense_is_refused(readings):
    with pytest.raises(qs.QSafetyError):
        qs.assess(qs.Dossier(seller=qs.Seller(id="s", name="店")), on=date(2024, 2, 1), readings=readings)


@pytest.mark.parametrize(
    "life", [{"opened_on": date(2030, 1, 1)}, {"opened_on": date(2010, 1, 1), "closed_on": date(2020, 1, 1)}]
)
def test_no_duty_binds_before_the_seller_opened_or_after_it_closed(life):
    shop = qs.Dossier(
        seller=qs.Seller(id="s", name="店", **life),
        products=[qs.ProductLine(id="c", name="车", regimes={"ccc"})],
        appointments=[],
        texts=[],
        daily_checks=[],
    )
    report = qs.assess(shop, on=date(2024, 2, 1), since=date(2024, 1, 1))
    assert report.violated == () and report["A02.1"].outcome == "not_applicable"
    assert report.exposure.stage == "none"
