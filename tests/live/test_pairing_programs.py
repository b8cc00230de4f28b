"""The programs as a technician starts them: a code in their words, `hall pair` beside the hub, and they work."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from hub.certificates import fingerprint, in_groups
from hub.clock import utcnow
from hub.link.trust import pinned_context
from hub.settings import settings_from
from hub.store import Who
from hub.tls import served_certificate
from tests.live.machine import machine
from tests.running import PATIENCE_S, RunningHub, free_port, hub_settings, morning_clock

ROOT = Path(__file__).parents[2]
CODE = re.compile(r"[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}")
TOKENS = {"boss": Who("boss", "manager")}
#: The counter program is set to counter 2, and the manager puts it at counter 3.
PROGRAMS = {
    "kiosk": ("kiosk.commands", ["--headless", "--size", "720x1280"]),
    "display": ("display.commands", ["--headless", "--size", "1280x720"]),
    "counter": ("counter.commands", ["--counter", "2"]),
}


def started(module: str, command: str, *options: str, **environment: str) -> "subprocess.Popen[str]":
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("HALL_", "SDL_", "DISPLAY"))}
    program = f"import typer; from {module} import {command}; typer.run({command})"
    return subprocess.Popen(
        [sys.executable, "-c", program, *options],
        cwd=ROOT,
        env={**kept, **environment, "PYTHONUTF8": "1"},
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


class Program:
    """A station's process, and everything that it said."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process
        self.said = ""
        self._news = threading.Condition()
        self._listening = threading.Thread(target=self._listen, daemon=True)
        self._listening.start()

    def _listen(self) -> None:
        assert self.process.stderr
        for line in self.process.stderr:
            with self._news:
                self.said += line
                self._news.notify_all()

    def end(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(PATIENCE_S)
        self._listening.join(PATIENCE_S)
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            assert pipe
            pipe.close()
        assert (status, "Traceback" in self.said) == (0, False), self.said

    def code(self) -> str:
        with self._news:
            assert self._news.wait_for(lambda: CODE.search(self.said), PATIENCE_S), self.said
            found = CODE.search(self.said)
            assert found
            return found[0]


@contextmanager
def a_program(role: str, hub: RunningHub, folder: Path) -> Iterator[Program]:
    module, options = PROGRAMS[role]
    name = {"HALL_STATION__NAME": f"{role}-7", "HALL_DATA": str(folder / "station")}
    program = Program(started(module, role, "--hub", hub.url, *options, **name))
    try:
        yield program
    finally:
        program.end()


def pair(hub: RunningHub, *options: str, answer: str = "") -> tuple[int, str]:
    told = hub.settings.hub
    environment = {
        "HALL_HUB__DATABASE_URL": told.database_url,
        "HALL_HUB__SECRET_FILE": told.secret_file,
        "HALL_HUB__TLS": told.tls,
    }
    process = started("hub.pairing.commands", "pair", *options, **environment)
    said, complaint = process.communicate(answer, timeout=PATIENCE_S)
    return process.returncode, said + complaint


def asked(hub: RunningHub, path: str) -> Any:
    certificate = served_certificate(hub.settings)
    verify = pinned_context(certificate) if certificate else False
    return httpx.get(
        f"{hub.url}/api/v1{path}", headers={"Authorization": "Bearer boss"}, verify=verify, trust_env=False
    ).json()


def until_connected(hub: RunningHub, name: str) -> None:
    ends_at = time.monotonic() + PATIENCE_S
    while name not in [station["name"] for station in asked(hub, "/stations")]:
        assert time.monotonic() < ends_at, asked(hub, "/stations/known")
        time.sleep(0.1)


def a_hub(folder: Path, now: Callable[[], datetime]) -> RunningHub:
    return RunningHub(hub_settings(folder, free_port(), hub={"tls": "own"}), now=now, tokens=TOKENS, open_board=False)


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[RunningHub]:
    """On the computer's own time, as the command beside it."""
    with a_hub(tmp_path, utcnow) as hub:
        yield hub


@pytest.mark.parametrize("role", PROGRAMS)
def test_a_program_is_paired_by_the_code_it_says_and_comes_back_by_itself(
    role: str, hub: RunningHub, tmp_path: Path
) -> None:
    certificate = served_certificate(hub.settings)
    assert certificate
    with a_program(role, hub, tmp_path) as program:
        code = program.code()
        place = ["--counter", "3"] if role == "counter" else []
        status, words = pair(hub, code, "--name", f"新-{role}", *place, answer="y\n")
        assert (status, in_groups(fingerprint(certificate)) in words) == (0, True), words
        assert in_groups(fingerprint(certificate)) in program.said
        until_connected(hub, f"新-{role}")
    with a_program(role, hub, tmp_path) as program:
        until_connected(hub, f"新-{role}")
        assert not CODE.search(program.said)
    (known,) = asked(hub, "/stations/known")["stations"]
    counter = "3" if role == "counter" else None
    assert (known["name"], known["role"], known.get("counter")) == (f"新-{role}", role, counter)


def test_who_does_not_find_the_same_fingerprint_pairs_nothing(hub: RunningHub, tmp_path: Path) -> None:
    with a_program("counter", hub, tmp_path) as program:
        code = program.code()
        status, words = pair(hub, code, answer="n\n")
        assert (status, "未配对" in words) == (1, True), words
        status, words = pair(hub, "AAAA-AAAA", "--same-fingerprint")
        assert (status, "AAAA-AAAA" in words, "Traceback" in words) == (1, True, False), words
        status, words = pair(hub, code, "--same-fingerprint", "--counter", "99")
        assert (status, "99" in words) == (1, True), words
        assert asked(hub, "/stations/known") == {"stations": []}


@pytest.fixture
def morning_hub(tmp_path: Path) -> Iterator[RunningHub]:
    with a_hub(tmp_path, morning_clock) as hub:
        yield hub


async def test_the_ticket_machine_shows_its_code_large(
    morning_hub: RunningHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub = morning_hub
    monkeypatch.setenv("HALL_DATA", str(tmp_path / "station"))
    async with machine(settings_from({"station": {"hub_url": hub.url}}, origin="test")) as citizen:
        await citizen.until_screen("pairing")
        (request,) = asked(hub, "/pairing")["requests"]
        shown = citizen.sees()
        assert shown["code"].replace("-", "") == request["code"]
        certificate = served_certificate(hub.settings)
        assert certificate
        assert shown["fingerprint"].split() == in_groups(fingerprint(certificate)).split()
        path = f"{hub.url}/api/v1/pairing/{request['code']}/confirm"
        async with httpx.AsyncClient(verify=pinned_context(certificate), trust_env=False) as manager:
            answer = await manager.post(path, json={}, headers={"Authorization": "Bearer boss"})
            assert answer.is_success, answer.text
        await citizen.until_screen("services")
