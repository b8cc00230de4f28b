"""The demo's parts: each one a process of its own, started like a technician would, on free ports of this machine."""

import asyncio
import ctypes
import os
import shutil
import signal
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from hub.demo.devices import DevicePorts, floor_toml, station_settings
from hub.demo.ports import free_port
from hub.store import Who

COUNTERS = ("1", "2", "3", "4")
STOP_WITHIN_S = 15.0
#: prctl(2): the signal that this process gets when its parent dies.
PR_SET_PDEATHSIG = 1


def demo_tokens() -> dict[str, Who]:
    """The fixed tokens, which exist in the demo only."""
    tokens = {
        "demo-kiosk": Who("demo-kiosk", "kiosk"),
        "demo-display": Who("demo-display", "display"),
        "demo-manager": Who("demo-manager", "manager"),
        "demo-admin": Who("demo-admin", "administrator"),
        "demo-leader": Who("demo-leader", "duty_leader"),
        "demo-auditor": Who("demo-auditor", "auditor"),
    }
    for counter in COUNTERS:
        tokens[f"demo-counter-{counter}"] = Who(f"demo-counter-{counter}", "counter", counter)
        tokens[f"demo-clerk-{counter}"] = Who(f"demo-clerk-{counter}", "clerk", counter)
    return tokens


def has_screen() -> bool:
    """Whether windows can be opened here."""
    needs_server = sys.platform.startswith("linux")
    return not needs_server or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


@dataclass(frozen=True)
class Addresses:
    """Where the parts listen."""

    hub_port: int
    printer_port: int = field(default_factory=free_port)
    printer_page: int = field(default_factory=free_port)
    ff68_page: int = field(default_factory=free_port)
    ff68_port: int = field(default_factory=free_port)
    devices: DevicePorts = field(default_factory=DevicePorts)

    @property
    def hub(self) -> str:
        return f"http://127.0.0.1:{self.hub_port}"


def _die_with_parent() -> None:
    """In the new process: on Linux, be told to end when the demo itself is killed, so that no part is left behind."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class PartFailed(RuntimeError):
    """A part of the demo ended by itself; the text ends with what it said last."""


class Parts:
    """Starts and stops the processes. `windows` opens kiosk and display on the screen, else they draw unseen."""

    def __init__(self, addresses: Addresses, *, speed: float, windows: bool, history_days: int) -> None:
        self.addresses = addresses
        self.folder = Path(tempfile.mkdtemp(prefix="hall-demo-"))
        self._speed = speed
        self._windows = windows
        self._history_days = history_days
        self._processes: dict[str, asyncio.subprocess.Process] = {}

    async def __aenter__(self) -> "Parts":
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop(*reversed(self._processes))
        if error is None or isinstance(error, asyncio.CancelledError):
            shutil.rmtree(self.folder, ignore_errors=True)

    async def start_twins(self) -> None:
        where = self.addresses
        await self._start(
            "printer twin", "hub", "devices", "twin", "printer",
            "--port", str(where.printer_port), "--page", str(where.printer_page),
        )  # fmt: skip
        ff68 = ["devices", "twin", "ff68", "--lines", str(len(COUNTERS)), "--page", str(where.ff68_page)]
        lines = ["--link", str(self.folder)] if os.name == "posix" else ["--port", str(where.ff68_port)]
        await self._start("keypad twins", "hub", *ff68, *lines)
        floor = self.folder / "devices.toml"
        floor.write_text(floor_toml(where.devices), encoding="utf-8")
        await self._start("devices", "hub", "devices", "floor", str(floor))

    async def start_hub(self) -> None:
        await self._start(
            "hub", "hub.demo.serving", str(self.addresses.hub_port), str(self._speed), str(self.folder),
            str(self.addresses.printer_page), str(self.addresses.ff68_page), str(self.addresses.devices.page),
            str(self._history_days),
        )  # fmt: skip

    async def start_stations(self) -> None:
        shown = ["--windowed"] if self._windows else ["--headless"]
        printer = f"socket://127.0.0.1:{self.addresses.printer_port}"
        await self._start_station(
            "kiosk-1", "demo-kiosk", "kiosk", *shown, "--remote-touch", "--size", "720x1280", "--printer", printer
        )
        await self._start_station("display-1", "demo-display", "display", *shown, "--size", "1280x720")
        for at, counter in enumerate(COUNTERS):
            line = str(self.folder / f"ff68-{at + 1}")
            if os.name != "posix":
                line = f"socket://127.0.0.1:{self.addresses.ff68_port + at}"
            await self._start_station(
                f"counter-{counter}", f"demo-counter-{counter}", "counter", "--counter", counter, "--keypad", line,
                "--outbox", str(self.folder / f"outbox-{counter}.db"),
            )  # fmt: skip

    async def stop(self, *names: str) -> None:
        """Ask these parts to end, and wait: a kiosk prints what it has, a counter program empties its outbox."""
        ending = [(name, self._processes.pop(name)) for name in names if name in self._processes]
        for _, process in ending:
            if process.returncode is None:
                process.send_signal(signal.SIGTERM)
        for name, process in ending:
            try:
                async with asyncio.timeout(STOP_WITHIN_S):
                    await process.wait()
            except TimeoutError:
                sys.stderr.write(f"hall demo: {name} did not end by itself\n")
                process.kill()
                await process.wait()

    def names(self, prefix: str) -> list[str]:
        return [name for name in self._processes if name.startswith(prefix)]

    def check(self) -> None:
        """Raises PartFailed when a part has ended."""
        for name, process in self._processes.items():
            if process.returncode is not None:
                log = (self.folder / f"{name}.log").read_text(encoding="utf-8", errors="replace")
                raise PartFailed(
                    f"{name} ended by itself with status {process.returncode}; start the demo again."
                    f" Its log is in {self.folder}:\n{log[-2000:]}"
                )

    async def _start_station(self, name: str, token: str, *command: str) -> None:
        devices = station_settings(self.addresses.devices).get(name, {})
        station = {"HALL_STATION__NAME": name, "HALL_STATION__TOKEN": token, **devices}
        await self._start(name, "hub", *command, "--hub", self.addresses.hub, **station)

    async def _start(self, name: str, module: str, *arguments: str, **environment: str) -> None:
        """The part as a process with a log file; it sees neither the user's hall.toml nor data folder."""
        clean = {key: value for key, value in os.environ.items() if not key.startswith("HALL_") or key == "HALL_LANG"}
        nothing = self.folder / "hall.toml"
        nothing.touch()
        own = {"HALL_CONFIG": str(nothing), "HALL_DATA": str(self.folder)}
        with (self.folder / f"{name}.log").open("wb") as log:
            self._processes[name] = await asyncio.create_subprocess_exec(
                sys.executable, "-m", module, *arguments,
                env={**clean, **environment, **own, "PYTHONUNBUFFERED": "1"},
                # Ctrl+C in the terminal is for the conductor alone, who stops the parts in their order
                stdin=asyncio.subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
                preexec_fn=_die_with_parent if os.name == "posix" else None,
            )  # fmt: skip
