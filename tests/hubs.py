"""`hall hub` as processes of their own, for tests of what happens between processes."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx

READY_S = 60.0


class HubProcess:
    """One hub process on the database of `url`; its settings come from the environment."""

    def __init__(self, folder: Path, url: str, port: int, **settings: str) -> None:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("HALL_")}
        self.environment = {
            **clean,
            "HALL_HUB__DATABASE_URL": url,
            "HALL_HUB__PORT": str(port),
            "HALL_HUB__ANNOUNCE": "false",
            "HALL_HUB__SECRET_FILE": str(folder / "hall.secret"),
            "HALL_HUB__SEALS_FILE": str(folder / "seals.txt"),
            "PYTHONUTF8": "1",
            **settings,
        }
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self.folder = folder
        self.log = folder / f"hub-{port}.log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Begins to start; `until_ready` waits for it."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "hub", "hub"], env=self.environment, cwd=self.folder, stderr=log
            )

    def until_ready(self) -> None:
        until = time.monotonic() + READY_S
        pause = threading.Event()
        with httpx.Client(trust_env=False) as client:
            while time.monotonic() < until and self.running:
                try:
                    if client.get(f"{self.url}/readyz").is_success:
                        return
                except httpx.TransportError:
                    pause.wait(0.05)
        raise AssertionError(f"the hub did not start: {self.said()[-2000:]}")

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def said(self) -> str:
        """Its log so far."""
        return self.log.read_text(encoding="utf-8") if self.log.exists() else ""

    def stop(self) -> None:
        if self._process:
            self._process.terminate()
            self._process.wait(READY_S)
            self._process = None

    def kill(self) -> None:
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None
