"""`hall hub` as processes of their own, for what happens between processes."""

import asyncio
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from hub.access import add_token
from hub.store import SYSTEM, Store
from tests.running import free_port

READY_S = 60.0

#: The bearer of the kiosk's token in a hall of `several_hubs`; counters have "counter-secret-7".
KIOSK = "kiosk-secret"


def large_hall(counters: int, services: str) -> str:
    """A hall.toml in which every counter serves two of the services, so that their claims cross."""
    lines = [f'[[service]]\ncode = "{one}"\nprefix = "{one}"\nnames = {{ zh = "业务 {one}" }}\n' for one in services]
    for at in range(counters):
        pair = [services[at % len(services)], services[(at + 1) % len(services)]]
        lines.append(f'[[counter]]\ncode = "{at + 1}"\nservices = {json.dumps(pair)}\n')
    return "\n".join(lines)


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


@contextmanager
def several_hubs(folder: Path, url: str, processes: int, *, counters: int, services: str) -> Iterator[list[HubProcess]]:
    """All started at the same moment on one database, ready, and with tokens for a kiosk and every counter."""
    config = folder / "hall.toml"
    config.write_text(large_hall(counters, services), encoding="utf-8")
    settings = {"HALL_CONFIG": str(config), "HALL_HUB__PUBLIC_BOARD": "true"}
    hubs = [HubProcess(folder, url, free_port(), **settings) for _ in range(processes)]
    try:
        for hub in hubs:
            hub.start()
        for hub in hubs:
            hub.until_ready()
        asyncio.run(_add_tokens(url, counters))
        for hub in hubs:
            _until_known(hub)
        yield hubs
    finally:
        for hub in hubs:
            hub.stop()


async def _add_tokens(url: str, counters: int) -> None:
    """Beside the running hubs, as `hall token` does; the kiosk's last."""
    store = Store(url)
    store.open()
    for code in map(str, range(1, counters + 1)):
        await store.write(add_token, SYSTEM, None, f"counter-{code}", "counter", code, f"counter-secret-{code}")
    await store.write(add_token, SYSTEM, None, "kiosk", "kiosk", None, KIOSK)
    store.close()


def _until_known(hub: HubProcess) -> None:
    pause = threading.Event()
    headers = {"Authorization": f"Bearer {KIOSK}"}
    with httpx.Client(base_url=hub.url, headers=headers, trust_env=False) as client:
        for _ in range(500):
            # who is known is told that there is no such service
            if client.post("/api/v1/tickets", json={"service": "-"}).status_code == 404:
                return
            pause.wait(0.02)
    raise AssertionError("the hub never heard of the new tokens")
