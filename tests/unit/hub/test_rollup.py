"""Finished days kept as sums: always the same figures as from the rows, and never from a stale day."""

from datetime import UTC, date, datetime
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.clock import micros
from hub.figures.groups import By, hour_in, key_of
from hub.figures.rollup import KEPT, keep, kept_days, look_through, mark, next_to_build, sums_by
from hub.figures.rows import Floor, Span, desk_times
from hub.figures.seconds import pack, seconds, unpack
from hub.figures.tables import KINDS, Kind, figures
from hub.store import SYSTEM, Reader, Tx
from tests.unit.hub.desk import Desk

ZONE = ZoneInfo("Asia/Shanghai")
SPAN = Span(date(2026, 3, 1), date(2026, 3, 31))
LIMIT_S = 600
GROUPINGS: tuple[tuple[By, ...], ...] = (
    (),
    ("counter",),
    ("service", "month"),
    ("clerk", "weekday"),
    ("department", "day"),
    ("service", "hour"),
    ("counter", "hour"),
)


def floor_of(desk: Desk) -> Floor:
    return Floor(ZONE, micros(desk.clock.at))


async def look(desk: Desk) -> None:
    while await desk.store.write(look_through, SYSTEM, None, floor_of(desk)):
        pass


async def build(desk: Desk) -> list[str]:
    """The days that were summed up."""
    days = []
    today = desk.clock.at.astimezone(ZONE).date().isoformat()
    while built := await desk.store.read(next_to_build, floor_of(desk), today):
        assert await desk.store.write(keep, SYSTEM, None, floor_of(desk), built)
        days.append(built.day)
    return days


async def kept(desk: Desk) -> set[str]:
    return (await desk.store.read(lambda reader: kept_days(reader.rows, floor_of(desk), SPAN)))[0]


def from_rows(reader: Reader, floor: Floor, name: str, by: tuple[By, ...]) -> dict[Any, Any]:
    found: dict[Any, Any] = {}
    key = key_of(by)
    for place, values in KEPT[name].facts(reader.rows, floor, SPAN):
        found.setdefault(key(place), KEPT[name].sums()).take(*values)
    return found


async def assert_same_as_rows(desk: Desk) -> None:
    """Every kind, every grouping that it has."""

    def lines(sums: dict[Any, Any]) -> Any:
        return {key: one.stored() for key, one in sums.items()}

    def check(reader: Reader) -> None:
        floor = floor_of(desk)
        for name, kind in KEPT.items():
            for by in GROUPINGS:
                if ("hour" in by and not kind.by_hour) or (not kind.by_counter and {"counter", "clerk"} & set(by)):
                    continue
                answered = sums_by(reader.rows, floor, SPAN, name, by, key_of(by))
                assert lines(answered) == lines(from_rows(reader, floor, name, by)), (name, by)

    await desk.store.read(check)


async def a_visit(desk: Desk, counter: str = "1", service: str = "A") -> str:
    """The visit's id; a wait of a minute, five minutes at the counter."""
    await desk.take(service)
    desk.clock.forward(minutes=1)
    ticket = await desk.next(counter)
    assert ticket is not None
    await desk.start(counter)
    desk.clock.forward(minutes=5)
    await desk.finish(counter)
    assert ticket.visit is not None
    return ticket.visit


async def test_a_finished_day_is_answered_from_its_sums(desk: Desk) -> None:
    await desk.open_counter("1")
    await a_visit(desk)
    desk.clock.forward(days=1)
    await look(desk)
    assert await build(desk) == ["2026-03-02"]
    assert await kept(desk) == {"2026-03-02"}
    await desk.store.write(lambda tx: tx.rows("UPDATE figure_answers SET finished = 7 WHERE hour = -1"), SYSTEM, None)
    found = await desk.store.read(
        lambda reader: figures(reader.rows, floor_of(desk), "satisfaction", SPAN.first, SPAN.last, (), limit_s=LIMIT_S)
    )
    assert found.rows[0]["finished"] == 7


async def test_today_is_never_kept(desk: Desk) -> None:
    await desk.open_counter("1")
    await a_visit(desk)
    await look(desk)
    assert await build(desk) == []
    await assert_same_as_rows(desk)


async def test_a_late_evaluation_makes_its_day_be_read_anew_at_once(desk: Desk) -> None:
    await desk.open_counter("1")
    visit = await a_visit(desk)
    desk.clock.forward(days=1)
    await look(desk)
    await build(desk)
    await desk.evaluate(visit, "dissatisfied")
    assert await kept(desk) == set()  # before anybody looked
    await assert_same_as_rows(desk)
    await look(desk)
    assert await build(desk) == ["2026-03-02"]
    await assert_same_as_rows(desk)
    assert await kept(desk) == {"2026-03-02"}


async def test_a_visit_that_outlives_midnight_counts_on_both_its_days(desk: Desk) -> None:
    await desk.open_counter("1")
    await desk.take()
    await desk.next("1")
    desk.clock.forward(days=1)
    await look(desk)
    await build(desk)
    await desk.finish("1")
    await assert_same_as_rows(desk)
    desk.clock.forward(days=1)
    await look(desk)
    assert sorted(await build(desk)) == ["2026-03-02", "2026-03-03"]
    await assert_same_as_rows(desk)


async def test_a_hub_that_looked_too_long_ago_reads_every_row(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    await desk.open_counter("1")
    await a_visit(desk)
    desk.clock.forward(days=1)
    await look(desk)
    await build(desk)
    monkeypatch.setattr("hub.figures.rollup.ENTRIES_AT_ONCE", 1)
    await a_visit(desk)
    assert await kept(desk) == set()
    await assert_same_as_rows(desk)


async def test_a_day_that_was_marked_is_built_again(desk: Desk) -> None:
    await desk.open_counter("1")
    await a_visit(desk)
    desk.clock.forward(days=1)
    await look(desk)
    await build(desk)

    def change(tx: Tx) -> None:
        mark(tx, ["2026-03-02"])

    await desk.store.write(change, SYSTEM, None)
    assert await kept(desk) == set()
    assert await build(desk) == ["2026-03-02"]


async def test_sums_of_a_day_that_changed_meanwhile_are_not_kept(desk: Desk) -> None:
    await desk.open_counter("1")
    visit = await a_visit(desk)
    desk.clock.forward(days=1)
    await look(desk)
    built = await desk.store.read(next_to_build, floor_of(desk), "2026-03-03")
    await desk.evaluate(visit, "dissatisfied")
    assert built is not None
    assert not await desk.store.write(keep, SYSTEM, None, floor_of(desk), built)
    assert await kept(desk) == set()
    assert await build(desk) == ["2026-03-02"]


@pytest.mark.parametrize("seed", range(3))
async def test_whatever_happens_in_a_week_the_kept_days_say_the_same_as_the_rows(desk: Desk, seed: int) -> None:
    chance = Random(seed)
    visits: list[str] = []
    for _ in range(5):
        for counter in "13":
            await desk.open_counter(counter)
        for _ in range(12):
            await _something(desk, chance, visits)
        await assert_same_as_rows(desk)
        for counter in "13":
            await desk.close_counter(counter)
        desk.clock.forward(hours=20 + chance.randrange(8))
        await desk.end_day()
    await look(desk)
    await build(desk)
    await assert_same_as_rows(desk)


async def _something(desk: Desk, chance: Random, visits: list[str]) -> None:
    counter, service = chance.choice([("1", "A"), ("3", "B")])
    match chance.randrange(7):
        case 0 | 1 | 2:
            visits.append(await a_visit(desk, counter, service))
        case 3:
            await desk.take(service)
            await desk.next(counter)
            await desk.no_show(counter)
        case 4:
            await desk.cancel((await desk.take(service)).id)
        case 5 if visits:
            visit = visits.pop(chance.randrange(len(visits)))
            [[at]] = await desk.rows("SELECT counter FROM visit WHERE id = :id", id=visit)
            await desk.evaluate(
                visit, chance.choice(["very_satisfied", "dissatisfied"]), counter=at, request_id=f"r-{visit}"
            )
        case _:
            await look(desk)
            await build(desk)
    desk.clock.forward(minutes=chance.randrange(40))


@given(values=st.lists(st.integers(-5, 2**33)))
def test_packed_seconds_come_back_in_order(values: list[int]) -> None:
    assert list(unpack(pack(seconds(values)))) == sorted(min(max(value, 0), 2**32 - 1) for value in values)


@given(at=st.integers(0, 2**51))
def test_the_hour_is_the_halls_hour(at: int) -> None:
    for name in ("Asia/Shanghai", "Asia/Kathmandu", "Europe/Berlin"):
        zone = ZoneInfo(name)
        moment = datetime.fromtimestamp(at // 1_000_000, UTC)
        assert hour_in(zone)(at) == moment.astimezone(zone).hour


def test_a_counter_still_open_counts_until_now_and_changes_of_clerk_are_told_apart() -> None:
    minute = 60_000_000
    events = [
        (0, "counter_opened", "1", '{"clerk":"a"}'),
        (10 * minute, "counter_away", "1", '{"clerk":"a"}'),
        (15 * minute, "counter_back", "1", '{"clerk":"a"}'),
        (20 * minute, "counter_closed", "1", '{"clerk":"a"}'),
        (30 * minute, "counter_opened", "1", '{"clerk":null}'),
    ]
    times = desk_times(events, 31 * minute)
    assert (times["1", "a"].open_s, times["1", "a"].away_s, times["1", "a"].pauses) == (1200, 300, 1)
    assert times["1", ""].open_s == 60


@pytest.mark.parametrize("kind", KINDS)
async def test_an_empty_hall_answers(desk: Desk, kind: Kind) -> None:
    found = await desk.store.read(
        lambda reader: figures(reader.rows, floor_of(desk), kind, SPAN.first, SPAN.last, (), limit_s=LIMIT_S)
    )
    assert len(found.rows) == (0 if kind == "reasons" else 1)
