"""The backtest: what is compared, by which measure, and from a queue that is seen as it truly stood."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from hub.clock import day_span, instant, micros
from hub.queue.backtest import Foretold, Naive, naive, score, table
from hub.queue.calling_order import MINUTE
from hub.queue.estimate import Expected, wait_range
from hub.queue.floors import floor_now, floor_of
from hub.queue.forecast import Floor
from hub.queue.recorded import Recorded
from hub.queue.replay import entries_of, replay
from hub.store import Reader
from tests.unit.hub.desk import NOON, Desk

AT = 1000 * MINUTE


def foretold(waited: float, low: float, middle: float, high: float, plain: float | None = 10.0) -> Foretold:
    expected = Expected(*(AT + int(minutes * MINUTE) for minutes in (low, middle, high)))
    rough = None if plain is None else Naive(plain, int(plain) - 1, int(plain) + 1)
    return Foretold(AT, waited, expected, wait_range(expected, AT), rough)


def test_a_score_tells_how_often_the_truth_fell_inside_and_how_wrong_the_middle_was() -> None:
    found = score(
        [
            foretold(5.0, 3, 4, 6),
            foretold(6.5, 3, 5, 6.2),
            foretold(1.0, 3, 5, 6),
            foretold(12.0, 5, 8, 10),
            replace(foretold(1.0, 1, 1, 1), expected=None),
            foretold(1.0, 1, 1, 1, plain=None),
        ]
    )
    assert found is not None
    assert (found.tickets, found.without) == (6, 2)
    assert (found.inside, found.too_long, found.too_short) == (0.25, 0.25, 0.5)
    assert found.inside_told == 0.5  # the second one's range reads 3 to 7
    assert (found.error, found.error_median) == ((1 + 1.5 + 4 + 4) / 4, 2.75)
    assert (found.naive_inside, found.naive_error) == (0.0, (5 + 3.5 + 9 + 2) / 4)


def test_without_a_comparable_ticket_there_is_no_score() -> None:
    assert score([foretold(1.0, 1, 1, 1, plain=None)]) is None


@pytest.mark.parametrize(
    ("ahead", "counters", "last", "middle"),
    [(4, 2, [], 16.0), (4, 2, [3.0] * 4, 16.0), (4, 2, [3.0] * 5, 6.0), (0, 1, [3.0] * 5, 0.0)],
)
def test_the_naive_estimate_is_people_ahead_times_the_mean(
    ahead: int, counters: int, last: list[float], middle: float
) -> None:
    found = naive(ahead, counters, last, 8.0)
    assert found is not None
    assert found.middle == middle
    assert found.low <= middle <= found.high
    assert naive(ahead, 0, last, 8.0) is None


def test_the_table_stands_in_columns_in_either_language() -> None:
    known = score([foretold(5.0, 3, 4, 6)])
    assert known is not None
    for chinese in (True, False):
        lines = table([("2026-03-02", known), ("合计", known)], chinese=chinese, first="日期")
        widths = {sum(1 if character.isascii() else 2 for character in line) for line in lines}
        assert len(widths) == 1


async def seen_by_both(desk: Desk) -> tuple[Floor, Floor]:
    """The floor as the database holds it, and as the journal alone tells it."""

    def look(reader: Reader) -> tuple[Floor, Floor]:
        second_after = dict(reader.rows("SELECT code, second_after_minutes FROM counter"))
        recorded = Recorded(desk.hall, second_after, lambda _turn, _minutes: None)
        for entry in entries_of(reader.rows, 0, micros(reader.now) + 1):
            recorded.take(entry)
        told = floor_of(desk.hall, reader.now, recorded.seen(reader.now))
        return floor_now(reader.rows, desk.hall, reader.now), told

    return await desk.store.read(look)


def comparable(floor: Floor) -> dict[str, Any]:
    """A journal number stands for the serial; who was sent on came for the first service, the ticket tells the last."""
    by_id = sorted(floor.waiting, key=lambda ticket: ticket.id)
    return {
        "waiting": [replace(ticket, serial=0) for ticket in by_id],
        "counters": [replace(plan, view=replace(plan.view, ordinary_run=0)) for plan in floor.counters],
        "services": floor.services,
    }


async def test_the_journal_tells_the_queue_as_it_stood(desk: Desk) -> None:
    """A morning with every verb that moves a ticket."""
    for counter in "1234":
        await desk.open_counter(counter)
        desk.clock.forward(minutes=1)
    taken = []
    for number, service in enumerate("AAEGABCDAEAG"):
        taken.append(await desk.take(service, priority="elderly" if number % 5 == 4 else None))
        desk.clock.forward(seconds=40)
    first = await desk.next("1")
    assert first is not None
    await desk.start("1")
    desk.clock.forward(minutes=3)
    await desk.hold("1")
    missed = await desk.next("1")
    assert missed is not None
    await desk.no_show("1")
    await desk.next("2")
    desk.clock.forward(minutes=2)
    await desk.transfer("2", service="A", counter="1")
    await desk.next("2")
    await desk.finish("2")
    await desk.take_in_turn("E", "A")
    await desk.requeue(missed.id)
    await desk.resume("2", first.id)
    await desk.cancel(taken[-1].id)
    await desk.choose("1", taken[8].id)
    await desk.away("4")
    await desk.close_counter("3")
    stored, told = await seen_by_both(desk)
    assert comparable(told) == comparable(stored)
    assert len(stored.waiting) > 5
    await desk.back("4")
    await desk.finish("1")
    stored, told = await seen_by_both(desk)
    assert comparable(told) == comparable(stored)


async def test_a_recorded_day_is_compared_ticket_by_ticket(desk: Desk) -> None:
    await desk.open_counter("1")
    for _ in range(4):
        await desk.take()
        desk.clock.forward(seconds=30)
    for _ in range(4):
        await desk.next("1")
        await desk.start("1")
        desk.clock.forward(minutes=5)
        await desk.finish("1")
    await desk.take()  # still waits: nothing came yet that could be compared

    def replayed(reader: Reader) -> dict[str, list[Foretold]]:
        day = NOON.date()
        return dict(replay(reader.rows, desk.hall, day - timedelta(days=1), day + timedelta(days=1)))

    days = await desk.store.read(replayed)
    assert list(days) == ["2026-03-02"]
    waits = [one.waited for one in days["2026-03-02"]]
    assert waits == [2.0, 6.5, 11.0, 15.5]
    assert all(one.expected and one.naive for one in days["2026-03-02"])
    assert [instant(one.issued_at).minute for one in days["2026-03-02"]] == [0, 0, 1, 1]


async def test_the_journal_is_read_from_a_moment_on(tmp_path: Path) -> None:
    desk = await Desk.open(tmp_path / "hall.db")
    try:
        for _ in range(3):
            await desk.take()
            desk.clock.forward(days=1)
        since, until = date(2026, 3, 3), date(2026, 3, 4)

        def days(reader: Reader) -> list[str]:
            span = day_span(since, until, desk.hall.zone_info)
            return [desk.hall.day(entry.at) for entry in entries_of(reader.rows, *span)]

        assert await desk.store.read(days) == ["2026-03-03", "2026-03-04"]
    finally:
        desk.store.close()
