"""The demo's eyes and hands: what people on the floor see and touch, over the same ways that they have."""

import asyncio
import contextlib
import json
from datetime import timedelta
from typing import Any

import httpx
from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from hub.demo.clock import START
from hub.demo.devices import CALLERS, TABLETS
from hub.demo.parts import COUNTERS, Addresses
from hub.wire import merge

ANSWER_S = 5.0
#: Writing the made-up past of years takes its time.
PAST_S = 300.0


class FloorSilent(TimeoutError):
    """Something on the floor did not do what a person waited for."""


class Floor:
    """A view of the board, a finger for the kiosk, fingers for the keypads, the fourth counter's console."""

    def __init__(self, addresses: Addresses, *, speed: float) -> None:
        self.board: dict[str, Any] = {}
        self.links: dict[str, str] = {}
        self.speed = speed
        self._opened_at: float | None = None
        self._addresses = addresses
        self._http = httpx.AsyncClient(base_url=addresses.hub, trust_env=False, timeout=ANSWER_S)
        self._changed = asyncio.Event()

    async def close(self) -> None:
        await self._http.aclose()

    async def pause(self, hall_seconds: float) -> None:
        """Wait in hall time."""
        await asyncio.sleep(hall_seconds / self.speed)

    async def open(self) -> None:
        """The day begins."""
        (await self._http.post("/demo/start", timeout=PAST_S)).raise_for_status()
        self._opened_at = asyncio.get_running_loop().time()

    def hall_s(self) -> float:
        """Hall seconds since the day began."""
        since = asyncio.get_running_loop().time() - self._opened_at if self._opened_at is not None else 0.0
        return since * self.speed

    async def watch(self) -> None:
        """Keep looking at the board until cancelled."""
        url = self._addresses.hub.replace("http", "ws", 1) + "/api/v1/board/ws"
        while True:
            with contextlib.suppress(OSError, WebSocketException):
                async with connect(url, compression=None, proxy=None, max_size=None) as socket:
                    async for text in socket:
                        self._see(json.loads(text))
            await asyncio.sleep(0.2)

    def _see(self, frame: dict[str, Any]) -> None:
        if frame["kind"] == "board":
            self.board = frame["board"]
        elif frame["kind"] == "patch":
            self.board = merge(self.board, frame["patch"])
        self._changed.set()

    async def change(self, within_s: float) -> None:
        """Wait until the board changes, or a while."""
        self._changed.clear()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(within_s):
                await self._changed.wait()

    def counter(self, code: str) -> dict[str, Any]:
        counters: dict[str, dict[str, Any]] = self.board.get("counters", {})
        return counters.get(code, {"state": "closed", "services": []})

    def waiting_for(self, code: str) -> int:
        services = self.board.get("services", {})
        return sum(services[service]["waiting"] for service in self.counter(code)["services"])

    # -- hands

    async def press(self, counter: str, *keys: str) -> None:
        """Keys of the counter's caller keypad, as hexadecimal codes of the FF68 pad, whatever keypad it has."""
        if counter in CALLERS:
            name, typed = CALLERS[counter]
            await self._twin(f"devices/{name}/act", {"keys": typed(keys)})
            return
        await self._twin("ff68/press", {"line": _line(counter), "address": 1, "device": "caller", "keys": list(keys)})

    async def evaluate(self, counter: str, value: int) -> bool:
        """A key of the counter's evaluator or a touch on its tablet; False when it is not asking."""
        if counter in TABLETS:
            return await self._touch_tablet(TABLETS[counter], value)
        body = {"line": _line(counter), "address": 1, "device": "evaluator", "value": value}
        answer = await self._twin("ff68/press", body)
        return bool(answer["accepted"])

    async def _touch_tablet(self, name: str, value: int) -> bool:
        """Until the page behind the question has said whether the answer was taken."""
        before = now = await self._tablet(name)
        accepted = bool((await self._twin(f"devices/{name}/act", {"value": value}))["accepted"])
        while accepted and now["state"]["answers"] == before["state"]["answers"]:
            await self._http.get(f"/demo/twins/devices/{name}/events", params={"after": now["version"]})
            now = await self._tablet(name)
        return accepted

    async def _tablet(self, name: str) -> dict[str, Any]:
        answer = await self._http.get(f"/demo/twins/devices/{name}/state.json")
        document: dict[str, Any] = answer.raise_for_status().json()
        return document

    async def pressed(self) -> int:
        """First presses inside open invitations, as the evaluators counted them, and answers that tablets saw taken."""
        answer = await self._http.get("/demo/twins/ff68/state.json")
        touched = [await self._tablet(name) for name in TABLETS.values()]
        return int(answer.raise_for_status().json()["pressed"]) + sum(
            int(tablet["state"]["pressed"]) for tablet in touched
        )

    async def console(self, counter: str, verb: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """A button of the clerk's console."""
        answer = await self._http.post(
            f"/api/v1/counters/{counter}/{verb}",
            json=body or {},
            headers={"Authorization": f"Bearer demo-clerk-{counter}"},
        )
        document: dict[str, Any] = answer.json()
        return document

    async def resume(self, counter: str, number: str) -> None:
        """Choose a held number at the console and serve it on."""
        headers = {"Authorization": f"Bearer demo-clerk-{counter}"}
        lists = (await self._http.get(f"/api/v1/counters/{counter}/queue", headers=headers)).raise_for_status().json()
        for ticket in lists["held"]:
            if ticket["number"] == number:
                await self.console(counter, "resume", {"ticket": ticket["id"]})

    async def go_away(self, counter: str, reason: str, seconds: float) -> None:
        """Pause the counter at the console, back in so many hall seconds."""
        back_at = START + timedelta(seconds=self.hall_s() + seconds)
        await self.console(counter, "away", {"reason": reason, "back_at": back_at.isoformat()})

    async def phone(self, link: str, verb: str) -> None:
        """A button on the citizen's phone; `link` is what the slip's code says."""
        token = link.rpartition("/")[2]
        await self._http.post(f"/api/v1/public/tickets/{token}/{verb}")

    async def see_kiosk(self) -> dict[str, Any]:
        """The kiosk's screen as words and places."""
        answer = await self._http.get("/api/v1/stations/kiosk-1/screen", headers={"Authorization": "Bearer demo-admin"})
        screen: dict[str, Any] = answer.raise_for_status().json()
        return screen

    async def touch(self, target: dict[str, Any]) -> None:
        """The middle of something on the kiosk's screen."""
        finger = {"x": target["x"] + target["width"] // 2, "y": target["y"] + target["height"] // 2}
        (await self._http.post("/demo/stations/kiosk-1/touch", json=finger)).raise_for_status()

    async def act(self, device: str, body: dict[str, Any]) -> None:
        """What a citizen does to a device of the floor: lay a card, scan a code."""
        (await self._http.post(f"/demo/twins/devices/{device}/act", json=body)).raise_for_status()

    async def ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        return await self._http.request(method, path, **options)

    async def _twin(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = await self._http.post(f"/demo/twins/{path}", json=body)
        document: dict[str, Any] = answer.raise_for_status().json()
        return document


def _line(counter: str) -> int:
    return COUNTERS.index(counter) + 1
