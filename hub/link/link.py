"""A station's side of the hub: find it, be let in, connect, keep the board, send commands, say when it is away."""

import asyncio
import json
import logging
import secrets
import ssl
import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus, InvalidURI

from hub.link.events import BoardChanged, CodeShown, Event, HubAway, HubGone, HubThere, Refused
from hub.link.finding import find_hub
from hub.link.keeping import Keeping, Membership
from hub.link.pairing import ask_to_be_let_in
from hub.link.trust import Untrusted
from hub.link.way import Way, Ways, request
from hub.settings import Settings
from hub.wire import (
    BeatMessage,
    Invite,
    Message,
    PairingState,
    PatchMessage,
    ShowScreen,
    StationRole,
    Touch,
    Welcome,
    merge,
)

log = logging.getLogger("hall.link")

#: The hub beats every 5 s; after this long without any frame it counts as away.
SILENCE_S = 12.0
BACKOFF_S = (0.2, 0.5, 1.0, 2.0, 5.0)
#: Another process of the hub may hear of a new access a moment later than the one that was asked.
NEW_ACCESS_S = 20.0
#: A station that nobody wants, or too many of them, ask again after this long.
ASK_AGAIN_S = 30.0


class Link:
    """One station's connection. `on_event` is called on the link's loop and must not block.

    With a `role` a station without a token lets itself be paired; without one it needs the token of its settings.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        station: str,
        on_event: Callable[[Event], None],
        role: StationRole | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        find: Callable[[Settings], Awaitable[str | None]] = find_hub,
        ask_again_s: float = ASK_AGAIN_S,
    ) -> None:
        self.station = station
        self.board: dict[str, Any] = {}
        self.connected = False
        self._settings = settings
        self._on_event = on_event
        self._role = role
        self._monotonic = monotonic
        self._ask_again_s = ask_again_s
        self._keeping = Keeping(settings, role, station)
        self._ways = Ways(settings, find)
        self._socket: ClientConnection | None = None
        self._epoch: str | None = None
        self._seq = 0
        self._beat: tuple[datetime, float, float] | None = None
        self._gone: HubGone | None = None
        self._key = secrets.token_urlsafe(32)
        self._turned_away = False
        self._let_in_at: float | None = None

    def hall_now(self) -> datetime | None:
        """Hall time by the hub's last beat, carried on by this machine's monotonic clock; None before the first."""
        if self._beat is None:
            return None
        at, speed, heard_at = self._beat
        return at + timedelta(seconds=(self._monotonic() - heard_at) * speed)

    @property
    def hall_speed(self) -> float:
        """How many hall seconds pass in a real one."""
        return self._beat[1] if self._beat else 1.0

    @property
    def paired(self) -> bool:
        """Whether a manager let it in, and not a token of its settings."""
        return not self._keeping.fixed

    async def run(self) -> None:
        """Keep connected until cancelled."""
        attempt = 0
        try:
            while True:
                gone = await self._session()
                if gone is None:
                    continue
                if self.connected:
                    attempt = 0
                await self._lost(gone)
                await asyncio.sleep(BACKOFF_S[min(attempt, len(BACKOFF_S) - 1)])
                attempt += 1
        finally:
            await self.close()

    async def close(self) -> None:
        """Give up the HTTP connections; `run` does it by itself at its end."""
        await self._ways.close()

    async def get(self, path: str, *, timeout_s: float = 5.0) -> dict[str, Any]:
        """`GET /api/v1` + path. Raises HubAway or Refused."""
        return await self._request("GET", path, None, None, timeout_s)

    async def post(
        self, path: str, body: Message | None = None, *, key: str | None = None, timeout_s: float = 5.0
    ) -> dict[str, Any]:
        """`POST /api/v1` + path. `key` makes a retry harmless. Raises HubAway or Refused."""
        return await self._request("POST", path, body.wire() if body else {}, key, timeout_s)

    async def send(self, frame: Message) -> bool:
        """Send a station frame; False when there is no connection: after connecting a station tells its state anew."""
        if self._socket is None:
            return False
        try:
            await self._socket.send(json.dumps(frame.wire(), ensure_ascii=False))
        except ConnectionClosed:
            return False
        return True

    async def _request(
        self, method: str, path: str, body: dict[str, Any] | None, key: str | None, timeout_s: float
    ) -> dict[str, Any]:
        membership = self._keeping.membership()
        if membership is None or self._turned_away:
            raise HubAway("this station is not paired")
        try:
            way = await self._ways.open(membership)
        except OSError as error:
            raise HubAway(str(error)) from error
        answer = await request(way, method, path, body, key=key, timeout_s=timeout_s)
        document: dict[str, Any] = answer.json()
        return document

    async def _session(self) -> HubGone | None:
        """One connection from opening to loss; says how it ended, None when there is reason to go on at once."""
        membership = self._keeping.membership()
        try:
            if membership is None or self._turned_away:
                return await self._ask()
            way = await self._ways.open(membership)
            self.station = membership.station
            async with connect(
                _socket_url(way.url),
                additional_headers=way.token,
                compression=None,
                open_timeout=5,
                max_size=4 * 1024 * 1024,
                proxy=None,
                ssl=way.trust.context,
            ) as socket:
                self._socket = socket
                await self._listen(socket)
        except HubAway as error:
            return HubGone("not_found", str(error))
        except (Untrusted, ssl.SSLCertVerificationError) as error:
            return HubGone("untrusted", str(error))
        except InvalidStatus as error:
            return await self._not_let_in(error.response.status_code)
        except (OSError, InvalidHandshake, InvalidURI, ConnectionClosed) as error:
            return HubGone("unreachable", f"{type(error).__name__}: {error}")
        finally:
            self._socket = None
        return None

    # ---- being let in ----

    async def _not_let_in(self, status: int) -> HubGone | None:
        if status not in (401, 403):
            return HubGone("unreachable", f"HTTP {status}")
        if self._keeping.fixed:
            return HubGone("refused", f"HTTP {status}")
        if self._let_in_at is not None and self._monotonic() - self._let_in_at < NEW_ACCESS_S:
            await asyncio.sleep(BACKOFF_S[1])
            return None
        self._turned_away = True
        return None

    async def _ask(self) -> HubGone | None:
        """A round of pairing: one code, until it is confirmed or past its time.

        A station that was turned away keeps its old access and tries it again after the round: a hub that was brought
        back from an old copy for a moment costs nobody a walk through the hall.
        """
        if self._role is None:
            return HubGone("refused", "this station has no token; set [station] token")
        way = await self._ways.open(None)
        counter = self._settings.counter.counter if self._role == "counter" else ""
        try:
            state = await ask_to_be_let_in(way, self._key, self._role, self.station, counter, self._show)
        except HubAway as error:
            return HubGone("unreachable", str(error))
        except Refused as error:
            return await self._pause(error.problem.detail)
        self._turned_away = False
        if state.state == "refused":
            self._key = secrets.token_urlsafe(32)
            return await self._pause("this station was turned down")
        if state.state == "confirmed":
            self._let_in(way, state)
        return None

    async def _pause(self, why: str) -> HubGone:
        gone = HubGone("refused", why)
        await self._lost(gone)
        await asyncio.sleep(self._ask_again_s)
        return gone

    def _let_in(self, way: Way, state: PairingState) -> None:
        membership = Membership(
            token=self._key,
            station=state.station or self.station,
            certificate=way.trust.certificate,
            secure=way.trust.context is not None,
        )
        self._key = secrets.token_urlsafe(32)
        self._let_in_at = self._monotonic()
        self._keeping.keep(membership)
        log.info("paired", extra={"station": membership.station, "counter": state.counter})

    def _show(self, shown: CodeShown) -> None:
        self.connected = False
        self._gone = None
        log.warning("not paired yet: confirm the code", extra={"code": shown.code, "fingerprint": shown.fingerprint})
        self._on_event(shown)

    # ---- the board ----

    async def _listen(self, socket: ClientConnection) -> None:
        hello: dict[str, Any] = {"kind": "hello", "station": self.station}
        if self._epoch is not None:
            hello |= {"epoch": self._epoch, "since": self._seq}
        await socket.send(json.dumps(hello))
        welcome = Welcome.model_validate_json(await _next(socket))
        if welcome.resumed:
            self._there(welcome)
        while True:
            if not self._heard(json.loads(await _next(socket)), welcome):
                return

    def _heard(self, frame: dict[str, Any], welcome: Welcome) -> bool:
        """Take one frame in; False when the board has a gap and must be asked for anew."""
        kind = frame.get("kind")
        if kind == "board":
            self._epoch, self._seq, self.board = frame["epoch"], frame["seq"], frame["board"]
            if self.connected:
                self._on_event(BoardChanged(self.board, {}))
            else:
                self._there(welcome)
        elif kind == "patch":
            return self._patched(PatchMessage.model_validate(frame))
        elif kind == "beat":
            beat = BeatMessage.model_validate(frame)
            self._beat = (beat.at, beat.speed, self._monotonic())
        elif kind in _STATION_FRAMES:
            self._on_event(_STATION_FRAMES[kind].model_validate(frame))
        else:
            log.warning("unknown frame from the hub", extra={"frame_kind": str(kind)})
        return True

    def _patched(self, message: PatchMessage) -> bool:
        if message.epoch != self._epoch or message.seq != self._seq + 1:
            self._epoch = None
            return False
        self._seq = message.seq
        self.board = merge(self.board, message.patch)
        self._on_event(BoardChanged(self.board, message.patch))
        return True

    def _there(self, welcome: Welcome) -> None:
        self.connected = True
        self._gone = self._let_in_at = None
        self._on_event(HubThere(self.board, welcome.station, welcome.counter))

    async def _lost(self, gone: HubGone) -> None:
        """Tell it once, and again when the reason changes; look for another hub unless the address is fixed."""
        if self.connected or self._gone is None or gone.reason != self._gone.reason:
            log.warning("hub away", extra={"reason": gone.reason, "detail": gone.detail})
            self._on_event(gone)
        self._gone = gone
        self.connected = False
        await self._ways.lost()


_STATION_FRAMES: dict[str, type[Invite] | type[ShowScreen] | type[Touch]] = {
    "invite": Invite,
    "show_screen": ShowScreen,
    "touch": Touch,
}


async def _next(socket: ClientConnection) -> str | bytes:
    """The next message. Not `wait_for`, which in Python 3.11 can swallow a cancellation. Raises TimeoutError."""
    async with asyncio.timeout(SILENCE_S):
        return await socket.recv()


def _socket_url(base: str) -> str:
    parts = urlsplit(base)
    return f"{'wss' if parts.scheme == 'https' else 'ws'}://{parts.netloc}/api/v1/station/ws"
