"""Stations that are let in by a code, over plain HTTP and over real TLS, and hubs that are not who they seem."""

import asyncio
import json
import stat
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from hub.certificates import fingerprint, in_groups
from hub.link import CodeShown, Event, HubGone, HubThere, Keeping, Link
from hub.settings import Settings, settings_from
from hub.store import Who
from hub.tls import own_path, served_certificate
from hub.wire import IssueTicket
from tests.live.test_link import Heard, start, stop
from tests.running import RunningHub, free_port, hub_settings

MANAGER = {"boss": Who("boss", "manager")}


@pytest.fixture(autouse=True)
def own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HALL_DATA", str(tmp_path / "station"))
    return tmp_path / "station"


class Place:
    """A hub that can go and come back, a manager in front of it."""

    def __init__(self, folder: Path, **hub: Any) -> None:
        self.settings = hub_settings(folder, free_port(), hub=hub)
        self.hub: RunningHub | None = None

    async def open(self) -> None:
        self.hub = await start(RunningHub(self.settings, tokens=MANAGER, open_board=False))

    async def close(self) -> None:
        if self.hub:
            await stop(self.hub)
            self.hub = None

    @property
    def url(self) -> str:
        assert self.hub
        return self.hub.url

    def station(self, **station: str) -> Settings:
        return settings_from({"station": {"hub_url": self.url, **station}}, origin="test")

    async def post(self, path: str, **body: Any) -> httpx.Response:
        return await asyncio.to_thread(self._post, path, body)

    def _post(self, path: str, body: dict[str, Any]) -> httpx.Response:
        assert self.hub
        headers = {"Authorization": "Bearer boss"}
        with httpx.Client(base_url=f"{self.url}/api/v1", headers=headers, trust_env=False, verify=False) as manager:
            return manager.post(path, json=body)

    async def confirm(self, shown: CodeShown, **body: Any) -> None:
        answer = await self.post(f"/pairing/{shown.code}/confirm", **body)
        assert answer.is_success, answer.text


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    place = Place(tmp_path)
    await place.open()
    yield place
    await place.close()


@pytest.fixture
async def safe_place(tmp_path: Path) -> AsyncIterator[Place]:
    """A hub with its own certificate."""
    place = Place(tmp_path, tls="own")
    await place.open()
    yield place
    await place.close()


@asynccontextmanager
async def a_kiosk(settings: Settings, **rest: Any) -> AsyncIterator[tuple[Link, Heard]]:
    heard = Heard()
    link = Link(settings, station="kiosk-1", role="kiosk", on_event=heard, **rest)
    task = asyncio.create_task(link.run())
    try:
        yield link, heard
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def code(heard: Heard, besides: str = "") -> CodeShown:
    shown = await heard.until(lambda event: isinstance(event, CodeShown) and event.code != besides)
    assert isinstance(shown, CodeShown)
    return shown


def there(event: Event) -> bool:
    return isinstance(event, HubThere)


def gone(*reasons: str) -> Any:
    return lambda event: isinstance(event, HubGone) and event.reason in reasons


async def test_a_new_station_shows_a_code_and_works_once_it_is_confirmed(place: Place, own_data: Path) -> None:
    async with a_kiosk(place.station()) as (link, heard):
        shown = await code(heard)
        assert shown.fingerprint == ""
        await place.confirm(shown, name="取号机-东门")
        await heard.until(there)
        assert link.station == "取号机-东门"
        assert (await link.post("/tickets", IssueTicket(service="A")))["number"] == "A001"
    kept = own_data / "stations" / "kiosk-kiosk-1.json"
    assert json.loads(kept.read_text(encoding="utf-8"))["station"] == "取号机-东门"
    assert sys.platform == "win32" or stat.S_IMODE(kept.stat().st_mode) == 0o600


async def test_after_a_restart_of_both_nothing_is_asked_again(place: Place) -> None:
    async with a_kiosk(place.station()) as (_, heard):
        await place.confirm(await code(heard))
        await heard.until(there)
    await place.close()
    await place.open()
    async with a_kiosk(place.station()) as (_, heard):
        await heard.until(there)
        assert not [event for event in heard.events if isinstance(event, CodeShown)]


async def test_a_code_survives_a_restart_of_the_hub(place: Place) -> None:
    async with a_kiosk(place.station()) as (_, heard):
        shown = await code(heard)
        await place.close()
        await heard.until(gone("unreachable"))
        heard.events.clear()
        await place.open()
        assert (await code(heard)).code == shown.code
        await place.confirm(shown)
        await heard.until(there)


async def test_whose_access_is_taken_away_is_cut_off_at_once_and_shows_a_new_code(place: Place) -> None:
    async with a_kiosk(place.station()) as (_, heard):
        first = await code(heard)
        await place.confirm(first)
        await heard.until(there)
        heard.events.clear()
        assert (await place.post("/stations/kiosk-1/revoke")).is_success
        again = await code(heard)
        assert again.code != first.code
        await place.confirm(again)
        await heard.until(there)


async def test_a_refused_station_says_so_and_asks_again_later(place: Place) -> None:
    async with a_kiosk(place.station(), ask_again_s=0.2) as (_, heard):
        shown = await code(heard)
        assert (await place.post(f"/pairing/{shown.code}/refuse")).is_success
        await heard.until(gone("refused"))
        assert (await code(heard, besides=shown.code)).code != shown.code


async def test_a_token_of_the_settings_is_never_replaced_by_pairing(place: Place, own_data: Path) -> None:
    async with a_kiosk(place.station(token="wrong")) as (_, heard):
        await heard.until(gone("refused"))
        assert not [event for event in heard.events if isinstance(event, CodeShown)]
    assert not (await asyncio.to_thread(own_data.exists))


async def test_a_pairing_that_was_forgotten_is_asked_for_anew(place: Place) -> None:
    async with a_kiosk(place.station()) as (_, heard):
        await place.confirm(await code(heard))
        await heard.until(there)
    Keeping(place.station(), "kiosk", "kiosk-1").forget()
    async with a_kiosk(place.station()) as (_, heard):
        await place.confirm(await code(heard), replace=True)
        await heard.until(there)


async def test_over_tls_the_station_shows_the_fingerprint_and_pins_the_certificate(
    safe_place: Place, own_data: Path
) -> None:
    certificate = served_certificate(safe_place.settings)
    assert certificate
    async with a_kiosk(safe_place.station()) as (link, heard):
        shown = await code(heard)
        assert shown.fingerprint == in_groups(fingerprint(certificate))
        assert len(shown.fingerprint.split()) == 8
        await safe_place.confirm(shown)
        await heard.until(there)
        assert (await link.get("/hall"))["name"]
    kept = json.loads((own_data / "stations" / "kiosk-kiosk-1.json").read_text(encoding="utf-8"))
    assert (kept["certificate"], kept["secure"]) == (certificate, True)
    await safe_place.close()
    await safe_place.open()
    async with a_kiosk(safe_place.station()) as (_, heard):
        await heard.until(there)


async def test_a_hub_with_another_certificate_is_refused_and_gets_no_token(safe_place: Place) -> None:
    async with a_kiosk(safe_place.station()) as (_, heard):
        await safe_place.confirm(await code(heard))
        await heard.until(there)
    await safe_place.close()
    own_path(safe_place.settings).unlink()
    await safe_place.open()
    async with a_kiosk(safe_place.station()) as (_, heard):
        await heard.until(gone("untrusted"))
        assert not [event for event in heard.events if isinstance(event, HubThere | CodeShown)]
    Keeping(safe_place.station(), "kiosk", "kiosk-1").forget()
    async with a_kiosk(safe_place.station()) as (_, heard):
        await safe_place.confirm(await code(heard), replace=True)
        await heard.until(there)


async def test_who_was_paired_over_tls_never_speaks_plain_http_again(safe_place: Place, tmp_path: Path) -> None:
    async with a_kiosk(safe_place.station()) as (_, heard):
        await safe_place.confirm(await code(heard))
        await heard.until(there)
    (tmp_path / "other").mkdir()
    impostor = Place(tmp_path / "other")
    await impostor.open()
    async with a_kiosk(impostor.station()) as (_, heard):
        await heard.until(gone("untrusted"))
    await impostor.close()


async def test_a_token_of_the_settings_is_sent_only_to_the_named_certificate(tmp_path: Path) -> None:
    place = Place(tmp_path, tls="own")
    place.hub = await start(RunningHub(place.settings))
    certificate = served_certificate(place.settings)
    assert certificate
    async with a_kiosk(place.station(token="demo-kiosk")) as (_, heard):
        event = await heard.until(gone("untrusted"))
        assert isinstance(event, HubGone)
        assert fingerprint(certificate) in event.detail
    colons = ":".join(fingerprint(certificate)[at : at + 2].upper() for at in range(0, 64, 2))
    for wanted, happens in ((colons, there), ("0" * 64, gone("untrusted"))):
        async with a_kiosk(place.station(token="demo-kiosk", hub_fingerprint=wanted)) as (_, heard):
            await heard.until(happens)
    await place.close()


async def test_only_managers_confirm_and_everything_else_is_closed_to_strangers(place: Place) -> None:
    async with a_kiosk(place.station()) as (_, heard):
        shown = await code(heard)
        async with httpx.AsyncClient(base_url=f"{place.url}/api/v1", trust_env=False) as stranger:
            assert (await stranger.post(f"/pairing/{shown.code}/confirm", json={})).status_code == 401
            assert (await stranger.get("/pairing")).status_code == 401
            assert (await stranger.get("/pairing/requests/unknown")).status_code == 404
            assert (await stranger.get("/hall")).status_code == 401
            assert (await stranger.get("/stations/known")).status_code == 401
        assert (await place.post("/pairing/AAAA-AAAA/confirm")).json()["code"] == "unknown_pairing"


async def test_a_request_that_nobody_made_is_unknown_however_it_is_spelt(place: Place) -> None:
    async with httpx.AsyncClient(base_url=f"{place.url}/api/v1", trust_env=False) as stranger:
        for request in ("0" * 32, "%00", "é", "a" * 500):
            assert (await stranger.get(f"/pairing/requests/{request}")).json()["code"] == "unknown_pairing"
