"""One program for several counters: eight keypads on one RS-485 line at one computer is what halls have."""

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from counter.agent import Agent, wires_of
from counter.outbox import Outbox
from counter.running import outbox_path, run_together
from counter.seats import seats_of
from devices.twins.bench import ff68_bench, twin_bench
from devices.twins.ff68 import Ff68Line
from hub.settings import SettingsError, settings_from
from tests.live.counter_desk import CALL, EVALUATE
from tests.unit.counter.halls import Hall, a_hall, station, until

pytestmark = [
    pytest.mark.sqlite,
    pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are needed"),
]


@dataclass
class TwoDesks:
    """Counters 1 and 2 with their keypads at the addresses 3 and 7 of one line."""

    hall: Hall
    line: Ff68Line
    agents: list[Agent]

    def connected(self) -> bool:
        return all(agent.link.connected and agent.evaluations.levels for agent in self.agents)


@pytest.fixture
async def desks(tmp_path: Path) -> AsyncIterator[TwoDesks]:
    async with a_hall(tmp_path) as hall, ff68_bench(link=tmp_path / "ports", addresses=7) as bench:
        await hall.open("1")
        await hall.open("2")
        seats = [
            {"counter": "1", "address": 3, "token": "counter-1"},
            {"counter": "2", "address": 7, "token": "counter-2"},
        ]
        settings = station(hall, bench.urls[0], tmp_path / "line.outbox", seats=seats, stars=5)
        with contextlib.ExitStack() as outboxes:
            wires, stop = wires_of(settings), asyncio.Event()
            agents = []
            for seat in seats_of(settings):
                outbox = Outbox(outbox_path(seat))
                outboxes.callback(outbox.close)
                agents.append(Agent(seat, outbox, wires=wires))
            running = asyncio.create_task(run_together(agents, wires, stop))
            desks = TwoDesks(hall, bench.lines[0], agents)
            await until(desks.connected)
            yield desks
            stop.set()
            assert await running == 0


async def test_each_address_calls_and_is_evaluated_at_its_own_counter(desks: TwoDesks) -> None:
    first, second = [await desks.hall.take_ticket() for _ in range(2)]
    pads, evaluators = desks.line.pads, desks.line.evaluators
    desks.line.press(7, CALL)
    await until(lambda: pads[7].number == first[-3:])
    desks.line.press(3, CALL)
    await until(lambda: pads[3].number == second[-3:])
    assert [(await desks.hall.counter(code))["number"] for code in ("1", "2")] == [second, first]
    for address in (3, 7):
        desks.line.press(address, EVALUATE)
        await until(lambda address=address: evaluators[address].invitations >= 2)  # type: ignore[misc]
    assert desks.line.evaluate(3, 0)
    assert desks.line.evaluate(7, 4)
    wanted = {(second, "very_satisfied"), (first, "very_dissatisfied")}
    await until(lambda: set(desks.hall.evaluations()) == wanted)
    assert not any(evaluators[address].unanswered for address in (3, 7))
    assert [evaluators[address].stars for address in (3, 7, 5)] == [5, 5, 0]


async def test_a_cut_line_is_told_for_every_counter_on_it(desks: TwoDesks) -> None:
    stations = [agent.link.station for agent in desks.agents]
    assert stations == ["counter-1", "counter-2"]
    desks.line.set_faults(on=["unplugged"])
    for name in stations:
        await until(lambda name=name: desks.hall.devices(name)["keypad"][0] == "faulty")  # type: ignore[misc]


def test_presses_of_one_counter_wait_in_a_file_of_its_own() -> None:
    document = {"counter": {"outbox": "x/line.db", "seats": [{"counter": "3"}, {"counter": "4", "address": 2}]}}
    settings = settings_from(document, origin="test")
    assert [outbox_path(seat).name for seat in seats_of(settings)] == ["line-3.db", "line-4.db"]


async def test_two_counters_with_one_address_on_one_line_are_refused_in_words(tmp_path: Path) -> None:
    document = {"counter": {"keypad": "/dev/ttyUSB0", "seats": [{"counter": "3"}, {"counter": "4"}]}}
    settings = settings_from(document, origin="test")
    wires = wires_of(settings)
    outbox = Outbox(tmp_path / "outbox")
    first, second = seats_of(settings)
    Agent(first, outbox, wires=wires)
    with pytest.raises(ValueError, match="/dev/ttyUSB0 is set twice with the same address"):
        Agent(second, outbox, wires=wires)
    outbox.close()
    with pytest.raises(SettingsError, match="3 stands twice"):
        settings_from({"counter": {"seats": [{"counter": "3"}, {"counter": "3"}]}}, origin="test")


async def test_a_key_box_calls_asks_and_its_press_is_stored(tmp_path: Path) -> None:
    async with a_hall(tmp_path) as hall, twin_bench("box") as bench:
        await hall.open()
        number = await hall.take_ticket()
        settings = station(hall, f"box:{bench.urls[0]}", tmp_path / "outbox", key_table="letters")
        outbox = Outbox(tmp_path / "outbox")
        agent, stop = Agent(settings, outbox), asyncio.Event()
        running = asyncio.create_task(agent.run(stop))
        await until(lambda: agent.link.connected and agent.evaluations.levels and agent.lines[0].open)
        box: Any = bench.twin
        box.set_faults(on=["bounce"])  # a worn contact
        box.act({"keys": "N"})
        await until(lambda: agent._pad.number == number)
        box.act({"keys": "E"})
        await until(lambda: box.asking)
        assert box.evaluate(1)
        await until(lambda: hall.evaluations() == [(number, "satisfied")])
        await until(lambda: hall.devices().get("keypad") == ("fine", ""))
        stop.set()
        assert await running == 0
        outbox.close()
