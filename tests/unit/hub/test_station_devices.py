"""The history of devices, alerts and the webhook, on a real database with a clock that the test moves."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

import httpx
import pytest

from hub.clock import micros
from hub.devices import alerts, spells
from hub.devices.tally import Tally
from hub.devices.watch import AWAY_S, START_GRACE_S, DeviceWatch
from hub.devices.webhook import Webhook, signature
from hub.edges import Hub
from hub.problems import Forbidden, Unknown
from hub.settings import settings_from
from hub.stations import Station, Stations
from hub.store import SYSTEM, Who
from hub.troubles import Troubles
from hub.wire import DeviceReport, DeviceState
from tests.unit.hub.desk import Desk

LEADER, MANAGER = Who("li", "duty_leader"), Who("sun", "manager")
ALERTS = {"webhook_url": "http://127.0.0.1:9/hall", "webhook_secret": "kept apart", "webhook_tries": 2}


def state(word: str, code: str = "", detail: str = "", name: str = "printer") -> DeviceState:
    return DeviceState.model_validate(
        {"name": name, "device": "generic", "state": word, "code": code, "detail": detail}
    )


@dataclass
class Place:
    """A process of the hub as far as devices go, with stations that say what the test wants."""

    desk: Desk
    epoch: str = "p1"
    document: dict[str, Any] = field(default_factory=lambda: {"alerts": ALERTS})
    at_s: float = 0.0

    def __post_init__(self) -> None:
        self.stations = Stations(invite_seconds=1)
        self.hub = cast(
            Hub,
            SimpleNamespace(
                store=self.desk.store,
                stations=self.stations,
                settings=settings_from(self.document, origin="test"),
                hall=self.desk.hall,
                devices=Tally(),
                troubles=Troubles(),
                board=SimpleNamespace(epoch=self.epoch),
            ),
        )
        self.watch = DeviceWatch(self.hub, monotonic=lambda: self.at_s)

    def station(self, *devices: DeviceState, name: str = "kiosk-1") -> Station:
        station = Station(name, Who(name, "kiosk"), lambda frame: None)
        self.stations.join(station)
        self.report(station, *devices)
        return station

    def report(self, station: Station, *devices: DeviceState) -> None:
        self.stations.heard(station, DeviceReport(devices=list(devices)))

    async def look(self, after_s: float = 1.0) -> None:
        self.at_s += after_s
        self.desk.clock.at += timedelta(seconds=after_s)
        await self.watch()

    async def history(self) -> list[tuple[str, str]]:
        """State and code, oldest first."""
        found = await self.desk.store.read(spells.history, 0, 2**60)
        return [(one.seen.state, one.seen.code) for one in reversed(found)]

    async def told(self, role: str = "manager") -> list[tuple[str, bool]]:
        rows = await self.desk.store.read(alerts.alerts_of, role)
        return [(row.rule, row.ended_at is None) for row in rows]


@pytest.fixture
def place(desk: Desk) -> Place:
    return Place(desk)


async def test_every_change_is_a_row_and_words_that_change_are_none(place: Place) -> None:
    kiosk = place.station(state("fine"))
    await place.look()
    await place.look()
    for left in ("40", "30"):
        place.report(kiosk, state("degraded", "near_end", f"about {left} tickets left"))
        await place.look()
    place.report(kiosk, state("faulty", "paper_out"))
    await place.look()
    assert await place.history() == [("fine", ""), ("degraded", "near_end"), ("faulty", "paper_out")]
    [_, near_end, _] = reversed(await place.desk.store.read(spells.history, 0, 2**60))
    assert near_end.seen.detail == "about 30 tickets left"
    assert near_end.ended_at == near_end.begun_at + 2_000_000


async def test_the_devices_of_a_station_that_vanishes_are_silent_and_come_back(place: Place) -> None:
    kiosk = place.station(state("fine"))
    await place.look()
    place.stations.leave(kiosk)
    await place.look()
    assert await place.history() == [("fine", "")]
    await place.look(AWAY_S)
    assert await place.history() == [("fine", ""), ("silent", "station_away")]
    place.station(state("fine"))
    await place.look()
    assert (await place.history())[-1] == ("fine", "")


async def test_a_station_that_moved_to_another_process_is_not_silent(place: Place) -> None:
    kiosk = place.station(state("fine"))
    await place.look()
    place.stations.leave(kiosk)
    other = Place(place.desk, "p2")
    other.station(state("fine"))
    await other.look()
    await place.look(1)
    await place.look(AWAY_S)
    assert await place.history() == [("fine", "")]


async def test_what_only_an_ended_process_heard_is_silent_after_a_start(place: Place) -> None:
    place.station(state("fine"))
    await place.look()
    fresh = Place(place.desk, "p2")
    await fresh.look()
    assert await place.history() == [("fine", "")]
    place.desk.clock.at += spells.HUB_ENDED_AFTER
    await fresh.look(START_GRACE_S)
    assert (await place.history())[-1] == ("silent", "station_away")


async def test_a_device_that_was_taken_off_and_a_station_out_of_use_raise_nothing_more(place: Place) -> None:
    kiosk = place.station(state("faulty", "port_missing"), state("fine", name="scanner"))
    await place.look()
    await place.look(61)
    assert await place.told() == [("device_down", True)]
    place.report(kiosk, state("fine", name="scanner"))
    await place.look()
    await place.look()
    assert await place.told() == [("device_down", False)]
    await place.desk.store.write(spells.forget_station, SYSTEM, None, "kiosk-1")
    assert await place.desk.store.read(spells.now_of) == []
    with pytest.raises(Unknown):
        await place.desk.store.write(spells.forget_station, SYSTEM, None, "kiosk-1")


async def test_paper_near_its_end_is_told_to_the_duty_leader_alone_before_it_is_empty(place: Place) -> None:
    kiosk = place.station(state("degraded", "near_end", "about 40 tickets left"))
    await place.look()
    assert await place.told("duty_leader") == [("paper_near_end", True)]
    assert await place.told("manager") == []
    place.report(kiosk, state("fine"))
    await place.look()
    assert await place.told("duty_leader") == [("paper_near_end", False)]


async def test_an_alert_is_acknowledged_by_a_role_that_is_told_of_it(place: Place) -> None:
    place.station(state("degraded", "near_end"))
    await place.look()
    [row] = await place.desk.store.read(alerts.alerts_of, "duty_leader")
    zone = place.desk.hall.zone_info
    with pytest.raises(Forbidden):
        await place.desk.store.write(alerts.acknowledge, MANAGER, None, row.id, zone)
    first = await place.desk.store.write(alerts.acknowledge, LEADER, None, row.id, zone)
    again = await place.desk.store.write(alerts.acknowledge, Who("wang", "duty_leader"), None, row.id, zone)
    assert first == again
    assert first.acknowledged_by == "li"


@dataclass
class Listener:
    """Whom the webhook tells; `answers` come one after the other."""

    answers: list[int]
    heard: list[httpx.Request] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.heard.append(request)
        return httpx.Response(self.answers.pop(0), headers={"Location": "http://elsewhere/"})

    @property
    def events(self) -> list[str]:
        return [json.loads(request.content)["event"] for request in self.heard]


def webhook(place: Place, answer: Callable[[httpx.Request], httpx.Response]) -> Webhook:
    return Webhook(place.hub, transport=httpx.MockTransport(answer))


async def test_the_webhook_hears_signed_what_the_page_was_told_and_again_until_it_takes_it(place: Place) -> None:
    kiosk = place.station(state("faulty", "paper_out", "缺纸"))
    await place.look()
    await place.look(60)
    listener = Listener([302, 200, 200])
    hook = webhook(place, listener)
    await hook()
    assert [trouble.code for trouble in place.hub.troubles.all()] == ["webhook"]
    place.report(kiosk, state("fine"))
    await place.look()
    await hook()  # not yet: what ended does not overtake what began
    assert listener.events == ["raised"]
    await place.look(5)
    await webhook(place, listener)()  # as after a restart
    assert listener.events == ["raised", "raised", "ended"]
    assert place.hub.troubles.all() == []
    assert await place.desk.store.read(alerts.letters_waiting) == 0
    request = listener.heard[0]
    assert str(request.url) == ALERTS["webhook_url"]
    assert request.headers["X-Hall-Delivery"] == listener.heard[1].headers["X-Hall-Delivery"]
    told = signature("kept apart", request.headers["X-Hall-Timestamp"], request.content)
    assert request.headers["X-Hall-Signature"] == told
    body = json.loads(request.content)
    assert (body["rule"], body["station"], body["device"], body["detail"]) == (
        "device_down", "kiosk-1", "printer", "缺纸",
    )  # fmt: skip


async def test_a_letter_that_nobody_takes_is_given_up_and_said_so(place: Place) -> None:
    place.station(state("faulty", "paper_out"))
    await place.look()
    await place.look(60)

    def nobody(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    for _ in range(2):
        await webhook(place, nobody)()
        await place.look(60)
    assert "放弃" in place.hub.troubles.all()[0].zh
    assert await place.desk.store.read(alerts.letters_waiting) == 0


async def test_what_is_past_its_time_is_forgotten_and_what_stands_is_kept(place: Place) -> None:
    kiosk = place.station(state("faulty", "paper_out"))
    await place.look()
    await place.look(60)
    place.report(kiosk, state("fine"))
    await place.look()
    place.desk.clock.at += timedelta(days=10)
    await place.desk.store.write(spells.forget_devices, SYSTEM, None, 9)
    assert await place.history() == [("fine", "")]
    assert await place.told() == []


async def test_the_journal_knows_every_change_without_its_words(place: Place) -> None:
    place.station(state("faulty", "paper_out", "缺纸"))
    await place.look()
    rows = await place.desk.store.read(
        lambda reader: reader.rows(
            "SELECT data FROM journal WHERE kind = 'device_changed' AND at >= :at", at=micros(place.desk.clock.at)
        )
    )
    assert [json.loads(row[0]) for row in rows] == [
        {"station": "kiosk-1", "device": "printer", "state": "faulty", "code": "paper_out"}
    ]
