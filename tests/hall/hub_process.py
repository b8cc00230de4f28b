"""`hall hub` as a process of its own, to be killed, starved and robbed."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

from hub.access import add_token, new_token
from hub.offline import write_beside
from hub.settings import settings_from

READY_S = 20.0
PATIENCE_S = 30.0


def until(there: Callable[[], bool], what: str, *, within_s: float = PATIENCE_S) -> None:
    limit = time.monotonic() + within_s
    pause = threading.Event()
    while not there():
        assert time.monotonic() < limit, f"never {what}"
        pause.wait(0.05)


class Hub:
    """On the database of `url`, in a folder for its log, secret file and seals."""

    def __init__(self, folder: Path, port: int, url: str = "", **environment: str) -> None:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("HALL_")}
        self.environment = {
            **clean,
            "HALL_HUB__DATABASE_URL": url or f"sqlite:///{folder / 'hall.db'}",
            "HALL_HUB__SECRET_FILE": str(folder / "hall.secret"),
            "HALL_HUB__SEALS_FILE": str(folder / "hall.seals.txt"),
            "HALL_HUB__PORT": str(port),
            "HALL_HUB__ANNOUNCE": "false",
            "XDG_DATA_HOME": str(folder),
            "PYTHONUTF8": "1",
            **environment,
        }
        self.database_url = self.environment["HALL_HUB__DATABASE_URL"]
        self.url = f"http://127.0.0.1:{port}"
        self.folder = folder
        self.process: subprocess.Popen[bytes] | None = None

    def hall(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """A command of `hall` on the same database."""
        command = [sys.executable, "-m", "hub", *arguments]
        return subprocess.run(
            command, env=self.environment, cwd=self.folder, capture_output=True, text=True, timeout=120, check=False
        )

    def token(self, name: str, role: str, counter: str | None = None) -> str:
        """As `hall token add` makes it, without the seconds that a process takes to start."""
        settings = settings_from({"hub": {"database_url": self.database_url}}, origin="test")
        secret = new_token()
        write_beside(settings, add_token, name, role, counter, secret)
        return secret

    def start(self) -> float:
        """Seconds from the start of the process until it serves."""
        began = time.monotonic()
        self.launch()
        with httpx.Client(trust_env=False) as client:
            until(lambda: self._ready(client), "served: " + self.log()[-2000:], within_s=READY_S)
        return time.monotonic() - began

    def launch(self, **options: Any) -> None:
        with (self.folder / "hub.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "hub", "hub"], env=self.environment, cwd=self.folder, stderr=log, **options
            )

    def _ready(self, client: httpx.Client) -> bool:
        try:
            return client.get(f"{self.url}/readyz").is_success
        except httpx.TransportError:
            return False

    def log(self) -> str:
        path = self.folder / "hub.log"
        return path.read_text(encoding="utf-8") if path.exists() else ""

    def client(self, token: str = "", **headers: str) -> httpx.Client:
        authorization = {"Authorization": f"Bearer {token}"} if token else {}
        return httpx.Client(
            base_url=self.url, headers={**authorization, **headers}, trust_env=False, timeout=PATIENCE_S
        )

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None
