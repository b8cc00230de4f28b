"""A real hub on a real socket for the counter's live and page tests, which can go away and return."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from hub.settings import Settings, settings_from
from hub.store import Who
from tests.running import RunningHub, free_port, hub_settings, rows_in

MORNING = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
TOKENS = {
    "counter-1": Who("counter-1", "counter", "1"),
    "counter-2": Who("counter-2", "counter", "2"),
    "clerk-1": Who("clerk-1", "clerk", "1"),
    "kiosk": Who("kiosk", "kiosk"),
    "manager": Who("manager", "manager"),
}
PATIENCE_S = 10.0


class Hall:
    """The hub at `url`; `down` and `up` keep the port and the database."""

    def __init__(self, folder: Path, **document: Any) -> None:
        self.settings = hub_settings(folder, free_port(), **document)
        self.url = f"http://127.0.0.1:{self.settings.hub.port}"
        self._starts = 0
        self._hub: RunningHub | None = None

    async def up(self) -> None:
        loop = asyncio.get_running_loop()
        started, self._starts = loop.time(), self._starts + 1

        def now() -> datetime:
            """Later at every start, as it would be; time goes on for the threads of the store too."""
            return MORNING + timedelta(seconds=loop.time() - started, minutes=self._starts)

        self._hub = RunningHub(self.settings, now=now, tokens=TOKENS, open_board=False)
        await asyncio.to_thread(self._hub.__enter__)

    async def down(self) -> None:
        if self._hub:
            await asyncio.to_thread(self._hub.__exit__)
        self._hub = None

    async def ask(self, method: str, path: str, token: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        async with httpx.AsyncClient(trust_env=False) as client:
            answer = await client.request(
                method, f"{self.url}/api/v1{path}", json=body, headers={"Authorization": f"Bearer {token}"}
            )
            answer.raise_for_status()
            document: dict[str, Any] = answer.json()
            return document

    async def take_ticket(self, service: str = "A") -> str:
        number: str = (await self.ask("POST", "/tickets", "kiosk", {"service": service}))["number"]
        return number

    async def counter(self, code: str = "1") -> dict[str, Any]:
        return await self.ask("GET", f"/counters/{code}", "manager")

    async def open(self, code: str = "1") -> None:
        await self.ask("POST", f"/counters/{code}/open", f"counter-{code}")

    def devices(self, name: str = "counter-1") -> dict[str, tuple[str, str]]:
        """What the station reported last: name → (state, code)."""
        assert self._hub is not None
        stations = {station.name: station for station in self._hub.app.state.hub.stations.all()}
        reported = stations[name].devices if name in stations else []
        return {device.name: (device.state, device.code) for device in reported}

    def evaluations(self) -> list[tuple[str, str]]:
        """(number, level) of every stored evaluation, oldest first, read from the database."""
        sql = """SELECT t.number, e.level FROM evaluation e JOIN visit v ON v.id = e.visit
                 JOIN ticket t ON t.id = v.ticket ORDER BY e.at"""
        return [(str(number), str(level)) for number, level in rows_in(self.settings.hub.database_url, sql)]


@contextlib.asynccontextmanager
async def a_hall(folder: Path, **document: Any) -> AsyncIterator[Hall]:
    """`document` holds further tables of hall.toml."""
    hall = Hall(folder, **document)
    await hall.up()
    try:
        yield hall
    finally:
        await hall.down()


def station(hall: Hall, keypad: str, outbox: Path, **counter: Any) -> Settings:
    """The settings of counter 1's program."""
    document = {
        "hall": {"language": "en"},
        "station": {"hub_url": hall.url, "token": "counter-1"},
        "counter": {"counter": "1", "keypad": keypad, "outbox": str(outbox), **counter},
    }
    return settings_from(document, origin="test")


async def until(holds: Callable[[], Any], *, within_s: float = PATIENCE_S) -> None:
    """Waits for something that comes from a device, a socket or a disk; fails when it does not come."""
    async with asyncio.timeout(within_s):
        while not holds():  # noqa: ASYNC110  # devices and disks send no asyncio events
            await asyncio.sleep(0.01)


async def until_answer(ask: Callable[[], Awaitable[Any]], holds: Callable[[Any], Any]) -> None:
    """The same for something the hub must be asked for."""
    async with asyncio.timeout(PATIENCE_S):
        while not holds(await ask()):  # noqa: ASYNC110
            await asyncio.sleep(0.02)
