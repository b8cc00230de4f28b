"""A throw-away PostgreSQL from the system, for tests: started once, a fresh database each."""

import os
import pwd
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from itertools import count
from pathlib import Path

import psycopg
import pytest

from tests.running import PATIENCE_S, free_port

PASSWORD = "a-password-that-nobody-may-read"

#: Ends the server when this process is gone, however it went: the pipe closes.
_KEEPER = '"$@" & server=$!; cat >/dev/null; kill -INT $server; wait $server'


def find_binaries() -> Path | None:
    """Where `initdb` and `postgres` are."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    return installed[-1].parent if installed else None


def server_binaries() -> Path:
    """The same; without them a test is skipped, or fails where nothing may be missing."""
    found = find_binaries()
    if found:
        return found
    missing = "no PostgreSQL on this machine: sudo apt install postgresql"
    if os.environ.get("HALL_TEST_ALL") == "1":
        pytest.fail(missing)
    pytest.skip(missing)


class Server:
    """One server in a folder of its own, on a socket and a port; it syncs every commit as a real one does."""

    def __init__(self, **settings: str) -> None:
        """`settings` of postgresql.conf, for those who measure."""
        self._settings = {"max_connections": "60", **settings}
        self.binaries = server_binaries()
        self.port = free_port()
        self.folder = Path(tempfile.mkdtemp(prefix="hall-pg-"))
        # PostgreSQL refuses to be run by root
        self._user: int | None
        self._group: int | None
        self._user, self._group = _other_user() if os.geteuid() == 0 else (None, None)
        self._running: subprocess.Popen[bytes] | None = None
        self._serial = count(1)
        if self._user is not None and self._group is not None:
            os.chown(self.folder, self._user, self._group)
        self._make()

    def _make(self) -> None:
        password = self.folder / "password"
        password.write_text(PASSWORD)
        password.chmod(0o644)
        options = ("--username=hall", f"--pwfile={password}", "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C")
        self._call("initdb", f"--pgdata={self.folder / 'data'}", *options)

    def start(self) -> None:
        options = ["-p", str(self.port), "-k", str(self.folder), "-c", "listen_addresses=127.0.0.1"]
        for name, value in self._settings.items():
            options += ["-c", f"{name}={value}"]
        with (self.folder / "log").open("ab") as log:
            self._running = subprocess.Popen(
                ["/bin/sh", "-c", _KEEPER, "keeper", self.binaries / "postgres", "-D", self.folder / "data", *options],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=log,
                cwd=self.folder,
                user=self._user,
                group=self._group,
            )
        self._until_answering()

    def stop(self) -> None:
        """Everybody is thrown out, nothing that was committed is lost."""
        if self._running:
            assert self._running.stdin is not None
            self._running.stdin.close()
            self._running.wait(PATIENCE_S)
            self._running = None

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, database: str) -> str:
        return f"postgresql://hall:{PASSWORD}@127.0.0.1:{self.port}/{database}"

    def new_database(self) -> str:
        """The URL of a fresh one, with the schema in it and no hall yet."""
        return self._create(template=self._migrated)

    def empty_database(self) -> str:
        """The URL of one without a schema."""
        return self._create(template="template0")

    def drop(self, url: str) -> None:
        self._run(f"DROP DATABASE {url.rsplit('/', 1)[1]} WITH (FORCE)")

    def _create(self, *, template: str) -> str:
        name = f"hall_{next(self._serial)}"
        self._run(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.url(name)

    @cached_property
    def _migrated(self) -> str:
        from hub.store import Store

        url = self.empty_database()
        store = Store(url)
        store.open()
        store.close()
        return url.rsplit("/", 1)[1]

    def _run(self, sql: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(sql.encode())

    def _until_answering(self) -> None:
        pause = threading.Event()
        for _ in range(int(PATIENCE_S / 0.02)):
            try:
                psycopg.connect(self.url("postgres")).close()
            except psycopg.OperationalError:
                pause.wait(0.02)
            else:
                return
        raise AssertionError(f"PostgreSQL did not start: {(self.folder / 'log').read_text()}")

    def _call(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [self.binaries / program, *arguments],
            check=True,
            capture_output=True,
            cwd=self.folder,
            user=self._user,
            group=self._group,
        )


def _other_user() -> tuple[int, int]:
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    other = known.get("postgres") or known["nobody"]
    return other.pw_uid, other.pw_gid


@contextmanager
def running_server(**settings: str) -> Iterator[Server]:
    server = Server(**settings)
    try:
        server.start()
        yield server
    finally:
        server.remove()
