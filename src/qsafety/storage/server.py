"""Databases behind a server: how any of them is reached, and what is claimed of one that we do not know."""

import math
from collections.abc import Mapping
from typing import ClassVar

from sqlalchemy import URL, Connection, Engine, event
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from qsafety.bilingual import Bilingual
from qsafety.errors import MissingExtraError, NotFoundError, QSafetyError, StoreError, TransientError
from qsafety.storage.backend import Capabilities
from qsafety.storage.dialect import OWN_OPTIONS, TIMEOUT, WRITE, Dialect, discreet_engine
from qsafety.storage.refusals import WHAT_TO_DO
from qsafety.storage.url import StoreUrl

CONNECTING = 10
"""Seconds to wait for a server to answer at all."""


class Server(Dialect):
    """A database behind a server. Options of the URL that are not ours go to its driver (``?sslmode=require``)."""

    extra: ClassVar[tuple[str, str]] = ("sql", "")
    arguments: ClassVar[Mapping[str, object]] = {}
    isolation: ClassVar[Mapping[str, str]] = {"isolation_level": "READ COMMITTED"}

    def __init__(self) -> None:
        self._place = ""

    def engine(self, url: StoreUrl, options: Mapping[str, str]) -> Engine:
        """An engine for the server; nothing is reached yet."""
        self._place = str(url)
        address = URL.create(
            self._driver(url),
            username=url.username,
            password=url.password,
            host=url.host,
            port=url.port,
            database=url.path or None,
            query={name: value for name, value in options.items() if name not in OWN_OPTIONS},
        )
        try:
            engine = discreet_engine(
                address,
                connect_args=dict(self.arguments),
                **self.isolation,
                max_overflow=-1,
            )
        except NoSuchModuleError as error:
            raise self._unknown(url) from error
        except ArgumentError as error:
            raise StoreError(Bilingual(f"{url}：{error}", f"{url}: {error}")) from error
        except ImportError as error:
            raise self._missing(f"{error.name}") from error
        event.listen(engine, "begin", self._begin)
        return engine

    def _driver(self, url: StoreUrl) -> str:
        return url.scheme

    def _missing(self, library: str) -> QSafetyError:
        return MissingExtraError(*self.extra)

    def _unknown(self, url: StoreUrl) -> StoreError:
        return NotFoundError(
            Bilingual(f"SQLAlchemy 不认识 {self._driver(url)}", f"SQLAlchemy knows no {self._driver(url)}"),
            advice=Bilingual(
                "请安装相应的 SQLAlchemy 方言软件包。", "Install the package that brings it to SQLAlchemy."
            ),
        )

    def _begin(self, connection: Connection) -> None:
        options = connection.get_execution_options()
        if options.get(WRITE):
            connection.exec_driver_sql(self._waiting(options.get(TIMEOUT, CONNECTING)))
        else:
            # what a reader pages through must be of one moment
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")

    def _waiting(self, seconds: float) -> str:
        """How this server is told how long to wait for a lock; each has its own words."""
        raise NotImplementedError  # this class is never used by itself

    def _say(self, kind: type[StoreError], zh: str, en: str, error: object) -> StoreError:
        where = f"{self._place}: " if self._place else ""
        return kind(Bilingual(f"{where}{zh}（{error}）", f"{where}{en} ({error})"), advice=WHAT_TO_DO.get(kind))


class Other(Server):
    """``sql+<dialect>://``: any other database that SQLAlchemy speaks to. It claims no more than that it can be used."""

    capabilities = Capabilities()
    isolation: ClassVar[Mapping[str, str]] = {}  # not every database knows these words

    @property
    def shared(self) -> bool:
        """Who knows: so rows are locked."""
        return True

    def _driver(self, url: StoreUrl) -> str:
        return url.scheme.removeprefix("sql+")

    def engine(self, url: StoreUrl, options: Mapping[str, str]) -> Engine:
        """An engine for the database, unless it is one that is served better under its own name."""
        if self._driver(url).partition("+")[0] == "sqlite":
            raise StoreError(
                Bilingual(f"{url}：SQLite 另有专用存储", f"{url}: SQLite has a store of its own"),
                advice=Bilingual("请写作 sqlite:///店铺.db。", "Write sqlite:///shop.db."),
            )
        return super().engine(url, options)

    def _begin(self, connection: Connection) -> None:
        """Nothing that every database understands."""

    def _missing(self, library: str) -> QSafetyError:
        return NotFoundError(
            Bilingual(f"此数据库需要 {library}，当前未安装", f"this database needs {library}, which is not installed"),
            advice=Bilingual(f"请运行：pip install {library}", f"Run: pip install {library}"),
        )

    def claims(self, connection: Connection) -> Capabilities:
        """Nothing is claimed."""
        return self.capabilities

    def translate(self, error: BaseException) -> StoreError:
        """By the names that every driver gives its errors."""
        kind = TransientError if type(error).__name__ == "OperationalError" else StoreError
        return self._say(kind, "数据库报告", "the database says", error)


def whole_seconds(seconds: float) -> int:
    """At least one, rounded up."""
    return max(1, math.ceil(seconds))
