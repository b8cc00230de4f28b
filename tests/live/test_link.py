"""A station's link to a real hub: connects, keeps the board, notices that the hub went and came back."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from hub.announce import announced, is_loopback
from hub.link import BoardChanged, Event, HubAway, HubGone, HubThere, Link, LinkThread, Refused, find_hub
from hub.settings import Settings, settings_from
from hub.wire import DeviceReport, DeviceState, Invite, IssueTicket, ShowScreen
from tests.running import PATIENCE_S, RunningHub, free_port, hub_settings


class Heard:
    """What the link told, and a way to wait for something in it."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self._news = asyncio.Event()

    def __call__(self, event: Event) -> None:
        self.events.append(event)
        self._news.set()

    async def until(self, fits: Callable[[Event], bool]) -> Event:
        async with asyncio.timeout(PATIENCE_S):
            while True:
                for event in self.events:
                    if fits(event):
                        return event
                self._news.clear()
                await self._news.wait()


def station(url: str, token: str = "demo-kiosk") -> Settings:
    return settings_from({"station": {"hub_url": url, "token": token}}, origin="test")


@asynccontextmanager
async def linked(settings: Settings, name: str = "kiosk-1") -> AsyncIterator[tuple[Link, Heard]]:
    heard = Heard()
    link = Link(settings, station=name, on_event=heard)
    task = asyncio.create_task(link.run())
    try:
        yield link, heard
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def start(hub: RunningHub) -> RunningHub:
    return await asyncio.to_thread(hub.__enter__)


async def stop(hub: RunningHub) -> None:
    await asyncio.to_thread(hub.__exit__, None, None, None)


@pytest.fixture
async def hub(tmp_path: Path) -> AsyncIterator[RunningHub]:
    running = await start(RunningHub(hub_settings(tmp_path, free_port())))
    yield running
    await stop(running)


async def test_a_station_gets_the_board_and_then_what_changes(hub: RunningHub) -> None:
    async with linked(station(hub.url)) as (link, heard):
        there = await heard.until(lambda event: isinstance(event, HubThere))
        assert isinstance(there, HubThere)
        assert there.board["services"]["A"]["waiting"] == 0
        await link.post("/tickets", IssueTicket(service="A"))
        await heard.until(lambda e: isinstance(e, BoardChanged) and e.board["services"]["A"]["waiting"] == 1)
        assert link.board["services"]["A"]["waiting"] == 1


async def test_hall_time_comes_from_the_hub(hub: RunningHub) -> None:
    async with linked(station(hub.url)) as (link, heard):
        assert link.hall_now() is None
        await heard.until(lambda event: isinstance(event, HubThere))
        await link.post("/tickets", IssueTicket(service="A"))
        await heard.until(lambda event: isinstance(event, BoardChanged))
        assert link.hall_now() is not None
        assert link.hall_speed == 1.0


async def test_a_wrong_token_is_told_apart_from_a_missing_hub(hub: RunningHub) -> None:
    async with linked(station(hub.url, token="wrong")) as (_, heard):
        gone = await heard.until(lambda event: isinstance(event, HubGone))
        assert isinstance(gone, HubGone)
        assert gone.reason == "refused"
    async with linked(station(f"http://127.0.0.1:{free_port()}")) as (_, heard):
        gone = await heard.until(lambda event: isinstance(event, HubGone))
        assert isinstance(gone, HubGone)
        assert gone.reason == "unreachable"


async def test_a_refusal_carries_the_problem_and_silence_is_something_else(hub: RunningHub) -> None:
    async with linked(station(hub.url)) as (link, _):
        with pytest.raises(Refused) as refused:
            await link.post("/tickets", IssueTicket(service="nowhere"))
        assert refused.value.problem.code == "unknown_service"
    async with linked(station(f"http://127.0.0.1:{free_port()}")) as (link, _):
        with pytest.raises(HubAway):
            await link.post("/tickets", IssueTicket(service="A"))


async def test_a_hub_that_restarts_is_found_again_with_its_board(tmp_path: Path) -> None:
    settings = hub_settings(tmp_path, free_port())
    hub = await start(RunningHub(settings))
    async with linked(station(hub.url)) as (link, heard):
        await heard.until(lambda event: isinstance(event, HubThere))
        await link.post("/tickets", IssueTicket(service="A"))
        await stop(hub)
        await heard.until(lambda event: isinstance(event, HubGone))
        assert not link.connected
        heard.events.clear()
        hub = await start(RunningHub(settings))
        try:
            there = await heard.until(lambda event: isinstance(event, HubThere))
        finally:
            await stop(hub)
        assert isinstance(there, HubThere)
        assert there.board["services"]["A"]["waiting"] == 1


async def test_a_gap_in_the_patches_fetches_the_whole_board_without_crying_away(hub: RunningHub) -> None:
    async with linked(station(hub.url)) as (link, heard):
        await heard.until(lambda event: isinstance(event, HubThere))
        link._seq -= 1
        await link.post("/tickets", IssueTicket(service="A"))
        await heard.until(lambda e: isinstance(e, BoardChanged) and not e.patch)
        assert link.board["services"]["A"]["waiting"] == 1
        assert not [event for event in heard.events if isinstance(event, HubGone)]


async def test_a_counter_that_returns_in_time_is_asked_with_the_seconds_that_are_left(hub: RunningHub) -> None:
    def one_visit() -> None:
        with hub.client("demo-kiosk") as kiosk, hub.client("demo-clerk-1") as clerk:
            kiosk.post("/tickets", json={"service": "A"})
            for verb in ("open", "next", "finish"):
                assert clerk.post(f"/counters/1/{verb}").is_success

    await asyncio.to_thread(one_visit)
    async with linked(station(hub.url, token="demo-counter-1"), "counter-1") as (_, heard):
        invite = await heard.until(lambda event: isinstance(event, Invite))
        assert isinstance(invite, Invite)
        assert 0 < invite.seconds < 10


async def test_the_hub_hears_of_devices_and_asks_for_the_screen(hub: RunningHub) -> None:
    def ask() -> int:
        with hub.client("demo-admin") as admin:
            return admin.get("/stations/kiosk-1/screen").status_code

    async with linked(station(hub.url)) as (link, heard):
        await heard.until(lambda event: isinstance(event, HubThere))
        assert await link.send(DeviceReport(devices=[DeviceState(name="p", device="x", state="fine")]))
        answer = asyncio.create_task(asyncio.to_thread(ask))
        assert isinstance(await heard.until(lambda event: isinstance(event, ShowScreen)), ShowScreen)
        assert await answer == 504


def test_a_link_in_a_thread_hands_its_events_over_and_stops(tmp_path: Path) -> None:
    with RunningHub(hub_settings(tmp_path, free_port())) as hub:
        thread = LinkThread(station(hub.url), station="kiosk-1")
        thread.start()
        assert isinstance(thread.events.get(timeout=PATIENCE_S), HubThere)
        ticket = thread.submit(thread.link.post("/tickets", IssueTicket(service="A"))).result(PATIENCE_S)
        assert ticket["number"] == "A001"
        thread.stop()


async def test_a_hub_on_the_network_is_found_by_its_announcement(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    async with announced("测试大厅", 8765, scheme="http"):
        found = await find_hub(Settings(), timeout_s=PATIENCE_S)
    assert found is not None
    assert found.startswith("http://")
    assert found.endswith(":8765")
    assert (tmp_path / "servicehall" / "last-hub").read_text(encoding="utf-8") == found


@pytest.mark.parametrize(("host", "loopback"), [("127.0.0.1", True), ("localhost", True), ("0.0.0.0", False)])
def test_a_hub_that_only_this_machine_can_reach_is_not_announced(host: str, loopback: bool) -> None:
    assert is_loopback(host) is loopback


async def test_a_fixed_address_wins_over_everything_announced() -> None:
    assert await find_hub(station("http://10.0.0.1:8000/")) == "http://10.0.0.1:8000"
