"""The tablet twin: a client of either protocol, written from its source and not from our server.

A tablet calls the counter program, not the other way round: it has an address to connect to instead of a wire.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from typing import Any
from urllib.request import ProxyHandler, build_opener

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from devices.twins.watch import Watch

BEAT_S = 60.0
RECONNECT_S = 0.5
PARTS = ("attitude", "quality", "efficiency", "honest")
PAGE_ANSWER_S = 5.0


class TabletTwin:
    """`protocol` is `rate` or `ping`; `url` is `ws://host:port`. `await run()` until cancelled."""

    def __init__(self, protocol: str, url: str, window: str, *, key: str = "", beat_s: float = BEAT_S) -> None:
        self.protocol = protocol
        self.url = url
        self.window = window
        self.watch = Watch()
        self.logged_in = False
        self.question: dict[str, Any] = {}
        """The last RateQuest, or `{"url": …}`; empty when nothing is asked."""
        self.questions = 0
        self.beats = 0
        self.said = ""
        """The server's last words."""
        self.answers: list[bool] = []
        """Of each submit, whether it was taken."""
        self._key = key
        self._beat_s = beat_s
        self._socket: ClientConnection | None = None

    async def run(self) -> None:
        while True:
            with contextlib.suppress(OSError, WebSocketException):
                async with connect(self.url, compression=None, proxy=None) as socket:
                    await self._live(socket)
            self.logged_in = False
            self._socket = None
            self.watch.touch()
            await asyncio.sleep(RECONNECT_S)

    async def _live(self, socket: ClientConnection) -> None:
        self._socket = socket
        if self.protocol == "rate":
            await self._send(method="Login", param={"winNum": self.window, "userCode": "tablet"})
        beating = asyncio.create_task(self._beat())
        try:
            async for text in socket:
                message = json.loads(text)
                await (self._rate(message) if self.protocol == "rate" else self._ping(message))
                self.watch.touch()
        finally:
            beating.cancel()

    async def _send(self, **message: Any) -> None:
        if self._socket:
            await self._socket.send(json.dumps(message, ensure_ascii=False))

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(self._beat_s)
            if self.protocol == "rate":
                await self._send(method="HeartBeat", param={})
            else:
                await self._send(code=40000, data=1603780630492 + self.beats)

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
                self.answers.append(right)
                self.question = {} if right else self.question
            case "HeartBeat":
                self.beats += right

    async def _ping(self, message: dict[str, Any]) -> None:
        self.said = str(message.get("msg"))
        code, right = message.get("code"), message.get("state") == 1
        if code == 40001 and right:
            self.logged_in = True
        elif code == 40001 and self.said == "请发送工号":
            await self._send(code=40001, data={"work_no": self.window, "key": self._key})
        elif code == 40000:
            self.beats += right
        elif code == 50100:
            self._asked({"url": message["data"]})

    def _asked(self, question: dict[str, Any]) -> None:
        self.question = question
        self.questions += 1

    # ---- a citizen touches ----

    async def submit(self, *values: int) -> None:
        """`rate`: four values, or one for all four; `ping`: one value, on the page that the tablet opened."""
        if self.protocol == "rate":
            parts = values if len(values) == len(PARTS) else values * len(PARTS)
            param = {
                "rateId": self.question["rateId"],
                **{name: str(at) for name, at in zip(PARTS, parts, strict=True)},
            }
            await self._send(method="RateSubmit", param=param)
            return
        address = self.question["url"]
        async with connect(address.replace("http", "ws", 1), compression=None, proxy=None) as page:
            await page.send(json.dumps({"value": values[0]}, separators=(",", ":")))
            async with asyncio.timeout(PAGE_ANSWER_S):
                self.answers.append(json.loads(await page.recv())["taken"])
        self.watch.touch()

    async def page(self) -> str:
        """What the tablet shows: the page behind the address it was given."""
        return await asyncio.to_thread(self._page, str(self.question["url"]))

    @staticmethod
    def _page(address: str) -> str:
        with build_opener(ProxyHandler({})).open(address, timeout=PAGE_ANSWER_S) as answer:
            text: str = answer.read().decode("utf-8")
        return text
