"""kill -9 in the middle of the rush: what was answered is there, and no number is given twice.

Five rounds in `make test`; two hundred with HALL_PROVE=1 (`make prove`).
"""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx
import pytest

from tests.running import free_port

ROUNDS = 200 if os.environ.get("HALL_PROVE") == "1" else 5
TAKERS = 8
READY_S = 20.0

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no SIGKILL on this system")


class Hub:
    """`hall hub` as a process of its own."""

    def __init__(self, folder: Path, port: int) -> None:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("HALL_")}
        self.environment = {
            **clean,
            "HALL_HUB__DATABASE_URL": f"sqlite:///{folder / 'hall.db'}",
            "HALL_HUB__PORT": str(port),
            "HALL_HUB__ANNOUNCE": "false",
            "PYTHONUTF8": "1",
        }
        self.url = f"http://127.0.0.1:{port}"
        self.folder = folder

    def token(self, name: str, role: str) -> str:
        command = [sys.executable, "-m", "hub", "token", "add", name, "--role", role]
        done = subprocess.run(
            command, env=self.environment, cwd=self.folder, capture_output=True, text=True, timeout=60, check=True
        )
        return done.stdout.strip()

    def start(self) -> float:
        """Seconds from the start of the process until it serves."""
        began = time.monotonic()
        with (self.folder / "hub.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "hub", "hub"], env=self.environment, cwd=self.folder, stderr=log
            )
        pause = threading.Event()
        with httpx.Client(trust_env=False) as client:
            while time.monotonic() - began < READY_S:
                try:
                    if client.get(f"{self.url}/readyz").is_success:
                        return time.monotonic() - began
                except httpx.TransportError:
                    pause.wait(0.02)
        raise AssertionError(f"the hub did not start: {(self.folder / 'hub.log').read_text()[-2000:]}")

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


def take_until_dead(url: str, token: str, taken: list[tuple[str, str]]) -> None:
    """Tickets as fast as they come; only what was answered is written down: id, hall day and number."""
    with httpx.Client(base_url=url, headers={"Authorization": f"Bearer {token}"}, trust_env=False) as client:
        while True:
            try:
                answer = client.post("/api/v1/tickets", json={"service": "A"})
            except httpx.TransportError:
                return
            ticket = answer.json()
            taken.append((ticket["id"], labelled(ticket)))


def labelled(ticket: dict[str, str]) -> str:
    """Numbers begin anew each hall day, and a long proof may meet a midnight."""
    return f"{ticket['issued_at'][:10]} {ticket['number']}"


def test_nothing_answered_is_lost_and_no_number_comes_twice(tmp_path: Path) -> None:
    hub = Hub(tmp_path, free_port())
    token = hub.token("kiosk-1", "kiosk")
    chance = random.Random(1)
    taken: list[tuple[str, str]] = []
    for _ in range(ROUNDS):
        hub.start()
        takers = [threading.Thread(target=take_until_dead, args=(hub.url, token, taken)) for _ in range(TAKERS)]
        for taker in takers:
            taker.start()
        threading.Event().wait(chance.uniform(0.05, 0.6))
        hub.kill()
        for taker in takers:
            taker.join()
    hub.start()
    try:
        with httpx.Client(base_url=hub.url, headers={"Authorization": f"Bearer {token}"}, trust_env=False) as client:
            for ticket, number in taken:
                assert labelled(client.get(f"/api/v1/tickets/{ticket}").json()) == number
            last = labelled(client.post("/api/v1/tickets", json={"service": "A"}).json())
    finally:
        hub.kill()
    numbers = [number for _, number in taken]
    assert len(numbers) == len(set(numbers)) > ROUNDS
    assert last not in numbers
