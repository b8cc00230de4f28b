"""The demo's people: the same seed, the same people; a past that the figures can read."""

from random import Random

from hub.demo.behaviour import CROWD_AT_DOORS, call, citizens, per_minute
from hub.demo.clock import START, DemoClock
from hub.demo.history import plant
from hub.store import SYSTEM
from tests.unit.hub.desk import Desk


def test_the_same_seed_brings_the_same_people() -> None:
    assert citizens(Random(7), 60) == citizens(Random(7), 60)
    assert citizens(Random(7), 60) != citizens(Random(8), 60)
    assert call(Random(7)) == call(Random(7))


def test_a_crowd_stands_at_the_doors_and_the_morning_has_its_peak() -> None:
    people = citizens(Random(1), 180)
    assert sum(citizen.arrives_s <= 45 for citizen in people) >= CROWD_AT_DOORS
    assert per_minute(105) > per_minute(10) > 0
    assert [citizen.arrives_s for citizen in people] == sorted(citizen.arrives_s for citizen in people)


def test_hall_time_stands_still_until_everybody_is_there_and_then_runs_faster() -> None:
    seconds = 100.0
    clock = DemoClock(60, monotonic=lambda: seconds)
    seconds = 500.0
    assert clock() == START
    clock.run()
    seconds = 501.0
    assert (clock() - START).total_seconds() == 60


async def test_a_planted_past_holds_whole_visits_on_weekdays_only(desk: Desk) -> None:
    await desk.store.write(plant, SYSTEM, None, desk.hall, 7)
    days = [row[0] for row in await desk.rows("SELECT DISTINCT day FROM ticket ORDER BY day")]
    assert days == ["2026-02-23", "2026-02-24", "2026-02-25", "2026-02-26", "2026-02-27"]
    assert await desk.rows("SELECT count(*) FROM ticket WHERE state NOT IN ('finished', 'no_show')") == [(0,)]
    assert await desk.rows("SELECT count(*) FROM visit WHERE outcome IS NULL OR finished_at < called_at") == [(0,)]
    overlaps = """
        SELECT count(*) FROM visit a JOIN visit b ON a.counter = b.counter AND a.id <> b.id
        WHERE a.called_at < b.called_at AND b.called_at < a.finished_at
    """
    assert await desk.rows(overlaps) == [(0,)]
    assert (await desk.take()).number == "A001"
