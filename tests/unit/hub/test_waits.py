"""Waits from the living queue: what is read of it, what is remembered, what people are told."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from statistics import fmean
from typing import Any

import pytest

from hub.queue import counters, views
from hub.queue.calling_order import Waiting
from hub.queue.floors import first_of_each
from hub.queue.hall import HallFacts
from hub.queue.waits import LONGEST_VISIT, Waits
from hub.store import Reader
from hub.wire import Away
from tests.unit.hub.desk import NOON, Desk, clerk


async def a_turn(desk: Desk, counter: str, *, minutes: float) -> None:
    assert await desk.next(counter) is not None
    await desk.start(counter)
    desk.clock.forward(minutes=minutes)
    await desk.finish(counter)


async def go_away(desk: Desk, counter: str, *, minutes: float) -> None:
    command = Away(reason="午休", back_at=desk.clock.at + timedelta(minutes=minutes))
    await desk.store.write(counters.go_away, clerk(counter), None, desk.hall, counter, command)


async def turns_of(desk: Desk, service: str) -> list[float]:
    def pace(reader: Reader) -> list[float]:
        return list(desk.hall.waits.look(reader.rows, desk.hall, reader.now)[1].turns[f"s:{service}"])

    return await desk.store.read(pace)


async def test_before_a_forecast_and_without_a_counter_no_wait_is_told(desk: Desk) -> None:
    assert (await desk.take()).wait_minutes is None
    await desk.foresee()
    assert (await desk.take()).wait_minutes is None
    await desk.open_counter("1")
    await desk.foresee()
    assert (await desk.take()).wait_minutes is not None


async def test_the_next_one_is_called_soon_and_those_behind_later(desk: Desk) -> None:
    await desk.open_counter("1")
    await desk.foresee()
    waits = [(await desk.take()).wait_minutes for _ in range(2)]
    await desk.foresee()
    waits += [(await desk.take()).wait_minutes for _ in range(6)]
    assert all(waits)
    assert [(waits[0].low, waits[0].high)] == [(0, 1)]  # type: ignore[union-attr]
    highs = [wait.high for wait in waits if wait]
    assert highs == sorted(highs)
    assert highs[-1] > 20


async def test_a_ticket_that_waits_is_told_its_own_place(desk: Desk) -> None:
    await desk.open_counter("1")
    taken = [await desk.take() for _ in range(6)]
    await desk.foresee()
    waits = [(await desk.ticket(ticket.id)).wait_minutes for ticket in taken]
    assert [wait.low for wait in waits if wait] == sorted(wait.low for wait in waits if wait)
    assert waits[0] is not None
    assert waits[0].high < waits[-1].low  # type: ignore[union-attr]


async def test_the_wait_goes_by_from_forecast_to_forecast(desk: Desk) -> None:
    """Between two forecasts the clock alone shortens it."""
    await desk.open_counter("1")
    taken = [await desk.take() for _ in range(4)]
    await desk.foresee()
    before = (await desk.ticket(taken[-1].id)).wait_minutes
    desk.clock.forward(minutes=5)
    after = (await desk.ticket(taken[-1].id)).wait_minutes
    assert before is not None
    assert after is not None
    assert after.high <= before.high - 4


async def test_a_forecast_learns_from_turns_as_they_end(desk: Desk) -> None:
    await desk.open_counter("1")
    assert fmean(await turns_of(desk, "A")) > 300  # six minutes are configured
    for _ in range(20):
        await desk.take()
        await a_turn(desk, "1", minutes=2)
        await turns_of(desk, "A")
    assert set(await turns_of(desk, "A")) == {120.0}


async def test_no_turn_is_counted_twice_and_none_is_missed(desk: Desk) -> None:
    await desk.open_counter("1")
    await desk.open_counter("2")
    for minutes in (2.0, 3.0, 4.0):
        await desk.take("E")
        await desk.next("2")
        await desk.take()
        await a_turn(desk, "1", minutes=minutes)
        await turns_of(desk, "A")
        desk.clock.forward(minutes=20)
        await desk.finish("2")
    known = await turns_of(desk, "A")
    assert [known.count(seconds) for seconds in (120.0, 180.0, 240.0)] == [1, 1, 1]
    assert (await turns_of(desk, "E")).count(24 * 60.0) == 1


async def test_a_new_process_begins_with_the_past_of_every_service(desk: Desk) -> None:
    await desk.open_counter("1")
    for _ in range(20):
        await desk.take()
        await a_turn(desk, "1", minutes=2)
    desk.clock.forward(days=1, minutes=-40)
    desk.hall = replace(desk.hall, waits=Waits())
    assert set(await turns_of(desk, "A")) == {120.0}


async def test_a_visit_that_nobody_ends_does_not_make_every_look_longer(desk: Desk) -> None:
    await desk.open_counter("1")
    await desk.take()
    await desk.next("1")
    await desk.foresee()
    desk.clock.forward(days=2)
    await desk.foresee()
    assert desk.hall.waits.reads_since == desk.clock.at - LONGEST_VISIT


async def test_an_absence_with_its_end_is_waited_for(desk: Desk) -> None:
    await desk.open_counter("1")
    await desk.take()
    await go_away(desk, "1", minutes=30)
    await desk.foresee()
    wait = (await desk.take()).wait_minutes
    assert wait is not None
    assert 30 <= wait.low <= wait.high <= 60


async def test_the_floor_is_seen_as_it_stands(desk: Desk) -> None:
    await desk.open_counter("1")
    await desk.open_counter("2")
    first, second = await desk.take(), await desk.take()
    await desk.next("2")
    floor = await desk.foresee()
    assert [ticket.id for ticket in floor.waiting] == [second.id]
    assert {plan.view.code: plan.busy_since is not None for plan in floor.counters} == {"1": False, "2": True}
    assert first.id not in {ticket.id for ticket in floor.waiting}


LUNCH = {"hours": [{"open": {"mon": ["09:00-12:30", "14:00-17:00"]}}]}


async def test_in_the_halls_break_those_who_still_wait_are_told_of_the_afternoon(tmp_path: Path) -> None:
    """12:00 in the hall; one of them is served before the break."""
    desk = await Desk.open(tmp_path / "lunch.db", LUNCH)
    try:
        await desk.open_counter("1")
        await desk.take()
        await a_turn(desk, "1", minutes=1)
        for _ in range(30):
            await desk.take()
        await desk.foresee()
        wait = (await desk.take()).wait_minutes
        assert wait is not None
        assert wait.low > 120
        await desk.close_counter("1")
        desk.clock.at = NOON + timedelta(minutes=50)
        await desk.foresee()
        head = (await desk.rows("SELECT id FROM ticket WHERE state = 'waiting' ORDER BY rank_at LIMIT 1"))[0][0]
        told = (await desk.ticket(head)).wait_minutes
        assert told is not None
        assert 65 <= told.low <= told.high <= 80
    finally:
        desk.store.close()


async def test_the_board_and_the_hall_tell_a_newcomers_wait(desk: Desk) -> None:
    await desk.open_counter("1")
    for _ in range(5):
        await desk.take()
    await desk.foresee()

    def services(reader: Reader, hall: HallFacts) -> dict[str, Any]:
        answer = views.hall_answer(reader.rows, hall, reader.now, 1.0)
        return {service.code: service.wait_minutes for service in answer.services}

    told = await desk.store.read(services, desk.hall)
    assert told["A"] is not None
    assert told["A"].low > 10
    assert told["F"] is None


@pytest.mark.parametrize("tickets", [10, 40])
async def test_a_look_takes_the_same_few_statements_whoever_waits(desk: Desk, tickets: int) -> None:
    await desk.open_counter("1")
    for _ in range(tickets):
        await desk.take()
    await desk.foresee()
    asked: list[str] = []

    def look(reader: Reader) -> None:
        def run(sql: str, **values: Any) -> list[Any]:
            asked.append(sql)
            return reader.rows(sql, **values)

        desk.hall.waits.look(run, desk.hall, reader.now)

    await desk.store.read(look)
    assert len(asked) == 5


def test_of_a_crowd_the_heads_of_all_lines_are_played() -> None:
    lines = {"A": 500, "B": 30, "C": 200}
    crowd = [
        (Waiting(f"{line}{n}", f"s:{line}", "ordinary", n, n, n), line)
        for line, size in lines.items()
        for n in range(size)
    ]
    assert first_of_each(crowd, 730) is crowd
    kept = Counter(line for _, line in first_of_each(crowd, 300))
    assert kept == {"A": 135, "B": 30, "C": 135}
    assert max(ticket.rank_at for ticket, line in first_of_each(crowd, 300) if line == "A") == 134


async def test_behind_the_played_part_of_a_crowd_the_wait_goes_on_growing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await desk.open_counter("1")
    for _ in range(40):
        await desk.take()
    await desk.foresee()
    whole = (await desk.take()).wait_minutes
    monkeypatch.setattr("hub.queue.floors.PLAYED_MOST", 20)
    await desk.foresee()
    extended = (await desk.take()).wait_minutes
    assert whole is not None
    assert extended is not None
    assert 0.8 * whole.low < extended.low < 1.25 * whole.low
    assert 0.8 * whole.high < extended.high < 1.25 * whole.high
