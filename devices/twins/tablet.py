"""The tablet twin: a client of either protocol, written from its source and not from our server.

A tablet calls the counter program, not the other way round: it has an address to call instead of a wire.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections import Counter
from collections.abc import Callable, Coroutine, Iterable, Mapping
from typing import Any, ClassVar
from urllib.request import ProxyHandler, build_opener

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from devices.twins.twin import Action, Cable, CabledTwin

BEAT_S = 60.0
RECONNECT_S = 0.5
PARTS = ("attitude", "quality", "efficiency", "honest")
PAGE_ANSWER_S = 5.0


class TabletTwin(CabledTwin):
    """`protocol` is `rate` or `ping`, `url` is `ws://host:port`; without one it calls nobody."""

    kind = "tablet"
    options: ClassVar[Mapping[str, Callable[[str], Any]]] = {"protocol": str, "url": str, "window": str, "key": str}
    actions = tuple(
        Action(zh, en, {"value": value})
        for value, (zh, en) in enumerate(
            (("非常满意", "Very satisfied"), ("满意", "Satisfied"), ("基本满意", "Fairly satisfied"),
             ("不满意", "Dissatisfied"), ("非常不满意", "Very dissatisfied"))
        )
    )  # fmt: skip

    def __init__(
        self,
        name: str = "",
        *,
        protocol: str = "ping",
        url: str = "",
        window: str = "1",
        key: str = "",
        beat_s: float = BEAT_S,
        **rest: Any,
    ) -> None:
        super().__init__(name, **rest)
        self.protocol = protocol
        self.url = url
        self.window = window
        self.logged_in = False
        self.question: dict[str, Any] = {}
        """The last RateQuest, or `{"url": …}`; empty when nothing is asked."""
        self.questions = 0
        self.beats = 0
        self.said = ""
        """The server's last words."""
        self.answers: list[bool] = []
        """Of each submit, whether it was taken."""
        self._chosen: dict[str, int] = {}
        """Question → the value that was taken."""
        self._told = 0
        """The value of the last RateSubmit."""
        self._key = key
        self._beat_s = beat_s
        self._socket: ClientConnection | None = None
        self._works: set[asyncio.Task[None]] = set()
        if url:
            self._spawn(self._run())

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._works.add(task)
        task.add_done_callback(self._works.discard)

    async def close(self) -> None:
        for task in self._works:
            task.cancel()
        await asyncio.gather(*self._works, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            if "unplugged" not in self.faults:
                with contextlib.suppress(OSError, WebSocketException):
                    async with connect(self.url, compression=None, proxy=None) as socket:
                        await self._live(socket)
            self.logged_in = False
            self._socket = None
            self.watch.touch()
            await asyncio.sleep(RECONNECT_S)

    def set_faults(self, on: Iterable[str] = (), off: Iterable[str] = ()) -> None:
        """`unplugged` hangs up, `mute` says nothing more, `wrong-answer` answers a question nobody asked."""
        super().set_faults(on, off)
        if "unplugged" in self.faults and self._socket:
            self._socket.transport.abort()

    def hear(self, cable: Cable, data: bytes) -> None:
        """It has no wire: it calls the counter program."""

    def act(self, body: dict[str, Any]) -> dict[str, Any]:
        """`{"value": 0}`. Raises ValueError."""
        value = body.get("value")
        if not isinstance(value, int) or value not in range(5):
            raise ValueError('"value" is 0 to 4')
        if not self.question or self._about() in self._chosen:
            return {"accepted": False}
        self._spawn(self.submit(value))
        return {"accepted": True}

    def shown(self) -> dict[str, Any]:
        names = ("protocol", "url", "window", "logged_in", "question", "questions", "beats", "said", "answers")
        by_value = Counter(self._chosen.values())
        counts = {"pressed": by_value.total(), "pressed_by_value": dict(sorted(by_value.items()))}
        return {name: getattr(self, name) for name in names} | counts

    async def _live(self, socket: ClientConnection) -> None:
        self._socket = socket
        if self.protocol == "rate":
            await self._tell(method="Login", param={"winNum": self.window, "userCode": "tablet"})
        beating = asyncio.create_task(self._beat())
        try:
            async for text in socket:
                message = json.loads(text)
                await (self._rate(message) if self.protocol == "rate" else self._ping(message))
                self.watch.touch()
        finally:
            beating.cancel()

    async def _tell(self, **message: Any) -> None:
        if self._socket and "mute" not in self.faults:
            await self._socket.send(json.dumps(message, ensure_ascii=False))

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(self._beat_s)
            if self.protocol == "rate":
                await self._tell(method="HeartBeat", param={})
            else:
                await self._tell(code=40000, data=1603780630492 + self.beats)

    async def _rate(self, message: dict[str, Any]) -> None:
        if message.get("method") == "RateQuest":
            self._asked(message["param"])
            return
        self.said = str(message.get("result"))
        right = message.get("code") == "0"
        match message.get("request"):
            case "Login":
                self.logged_in = right
            case "RateSubmit":
                self._answered(self._told, taken=right)
                self.question = {} if right else self.question
            case "HeartBeat":
                self.beats += right

    async def _ping(self, message: dict[str, Any]) -> None:
        self.said = str(message.get("msg"))
        code, right = message.get("code"), message.get("state") == 1
        if code == 40001 and right:
            self.logged_in = True
        elif code == 40001 and self.said == "请发送工号":
            await self._tell(code=40001, data={"work_no": self.window, "key": self._key})
        elif code == 40000:
            self.beats += right
        elif code == 50100:
            self._asked({"url": message["data"]})

    def _asked(self, question: dict[str, Any]) -> None:
        self.question = question
        self.questions += 1

    def _about(self) -> str:
        return str(self.question.get("url") or self.question.get("rateId"))

    def _answered(self, value: int, *, taken: bool) -> None:
        self.answers.append(taken)
        if taken:
            self._chosen[self._about()] = value

    # ---- a citizen touches ----

    async def submit(self, *values: int) -> None:
        """`rate`: four values, or one for all four; `ping`: one value, on the page that the tablet opened."""
        if self.protocol == "rate":
            self._told = values[0]
            parts = values if len(values) == len(PARTS) else values * len(PARTS)
            param = {
                "rateId": self.question["rateId"],
                **{name: str(at) for name, at in zip(PARTS, parts, strict=True)},
            }
            await self._tell(method="RateSubmit", param=param)
            return
        address = str(self.question["url"]) + ("nobody" if "wrong-answer" in self.faults else "")
        taken = False
        with contextlib.suppress(OSError, WebSocketException):  # nobody there: the page says that it was not taken
            async with connect(address.replace("http", "ws", 1), compression=None, proxy=None) as page:
                await page.send(json.dumps({"value": values[0]}, separators=(",", ":")))
                async with asyncio.timeout(PAGE_ANSWER_S):
                    taken = bool(json.loads(await page.recv())["taken"])
        self._answered(values[0], taken=taken)
        self.watch.touch()

    async def page(self) -> str:
        """What the tablet shows: the page behind the address it was given."""
        return await asyncio.to_thread(self._page, str(self.question["url"]))

    @staticmethod
    def _page(address: str) -> str:
        with build_opener(ProxyHandler({})).open(address, timeout=PAGE_ANSWER_S) as answer:
            text: str = answer.read().decode("utf-8")
        return text
