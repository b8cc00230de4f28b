"""The way to the hub: its address, how it is trusted, the HTTP connections; opened once and kept until it is lost."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import httpx
from pydantic import ValidationError

from hub.link.events import HubAway, Refused
from hub.link.keeping import Membership
from hub.link.trust import Trust, trust
from hub.settings import Settings
from hub.wire import Problem


@dataclass(frozen=True)
class Way:
    """An open way. `membership` is None for a station that is not let in yet."""

    url: str
    trust: Trust
    membership: Membership | None
    http: httpx.AsyncClient

    @property
    def token(self) -> dict[str, str]:
        """As a header."""
        return {"Authorization": f"Bearer {self.membership.token}"} if self.membership else {}


class Ways:
    """Finds and opens the way; `find` says where the hub is."""

    def __init__(self, settings: Settings, find: Callable[[Settings], Awaitable[str | None]]) -> None:
        self._settings = settings
        self._find = find
        self._open: Way | None = None
        self._opening = asyncio.Lock()

    async def open(self, membership: Membership | None) -> Way:
        """The way that is open for this membership, or a new one. Raises HubAway, Untrusted, OSError."""
        async with self._opening:
            if self._open and self._open.membership == membership:
                return self._open
            await self.close()
            self._open = await self._begin(membership)
            return self._open

    async def lost(self) -> None:
        """Look for another hub, unless the address is fixed."""
        if not self._settings.station.hub_url:
            await self.close()

    async def close(self) -> None:
        stale, self._open = self._open, None
        if stale:
            await stale.http.aclose()

    async def _begin(self, membership: Membership | None) -> Way:
        url = await self._find(self._settings)
        if url is None:
            raise HubAway("no hub was found; set [station] hub_url")
        trusted = await trust(
            url,
            certificate=membership.certificate if membership else "",
            wanted=self._settings.station.hub_fingerprint,
            secure=membership.secure if membership else False,
            first=membership is None,
        )
        headers = {"Accept-Language": self._settings.hall.language}
        http = httpx.AsyncClient(base_url=url, headers=headers, trust_env=False, verify=_verify(trusted))
        way = Way(url, trusted, membership, http)
        http.headers.update(way.token)
        return way


def _verify(trusted: Trust) -> ssl.SSLContext | bool:
    """Over plain HTTP there is nothing to verify: making a context would only cost time."""
    return trusted.context or False


async def request(
    way: Way, method: str, path: str, body: object = None, *, key: str | None = None, timeout_s: float = 5.0
) -> httpx.Response:
    """One question to the hub's API. Raises HubAway, Refused."""
    headers = {"Idempotency-Key": key} if key else {}
    try:
        answer = await way.http.request(
            method, f"/api/v1{path}", json=body, headers=headers, timeout=httpx.Timeout(timeout_s)
        )
    except (httpx.TransportError, OSError) as error:
        raise HubAway(f"{type(error).__name__}: {error}") from error
    if answer.is_success:
        return answer
    raise Refused(_problem_of(answer))


def _problem_of(answer: httpx.Response) -> Problem:
    try:
        return Problem.model_validate_json(answer.content)
    except ValidationError:
        return Problem(
            title="unexpected answer",
            status=answer.status_code,
            code="unexpected_answer",
            detail=f"HTTP {answer.status_code}: this is not a Hall hub",
        )
