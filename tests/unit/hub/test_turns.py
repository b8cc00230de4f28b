"""How long turns last: from the configured minutes to what today's counters show."""

from statistics import fmean

import pytest

from hub.queue.calling_order import MINUTE
from hub.queue.forecast import SECOND
from hub.queue.turns import GAP_MOST_S, HOUR_MOST, TODAY_MOST, WALK_S, Turn, Turns, doubt, prior

TODAY, YESTERDAY = "2026-03-03", "2026-03-02"


def a_turn(
    seconds: float,
    *,
    day: str = TODAY,
    hour: int = 9,
    counter: str = "1",
    at: int = 0,
    issued: int = 0,
    service: str = "A",
) -> Turn:
    return Turn(service, counter, day, hour, issued, at, at + int(seconds * SECOND))


def samples(turns: Turns, *, day: str = TODAY, hour: int = 9) -> list[float]:
    return list(turns.pace(day, hour, {"A": 8.0}).turns["s:A"])


def remembering(*turns: Turn) -> Turns:
    memory = Turns()
    for turn in turns:
        memory.add(turn)
    return memory


def test_without_any_turn_the_configured_minutes_are_believed() -> None:
    assert fmean(samples(Turns())) == pytest.approx(8 * 60 + WALK_S, rel=0.1)


def test_a_few_turns_are_mixed_with_the_configured_minutes() -> None:
    few = remembering(*(a_turn(60) for _ in range(4)))
    assert 60 < fmean(samples(few)) < 8 * 60


def test_many_turns_speak_for_themselves() -> None:
    many = remembering(*(a_turn(60) for _ in range(30)))
    assert set(samples(many)) == {60.0}


def test_only_the_last_turns_of_today_are_remembered() -> None:
    memory = remembering(*(a_turn(600) for _ in range(100)), *(a_turn(60) for _ in range(TODAY_MOST)))
    assert set(samples(memory)) == {60.0}


def test_earlier_days_speak_for_the_same_hour_only() -> None:
    memory = remembering(
        *(a_turn(60, day=YESTERDAY, hour=9) for _ in range(HOUR_MOST)),
        *(a_turn(900, day=YESTERDAY, hour=14) for _ in range(HOUR_MOST)),
    )
    assert set(samples(memory, hour=9)) == {60.0}
    assert set(samples(memory, hour=14)) == {900.0}


def test_a_new_day_forgets_the_turns_of_the_last_one() -> None:
    memory = remembering(*(a_turn(900, day=YESTERDAY, hour=14) for _ in range(30)), a_turn(60))
    assert max(samples(memory)) < 900 * 2
    assert samples(memory).count(900.0) == 0
    assert memory.counters(TODAY) == {"1"}
    assert memory.counters(YESTERDAY) == set()


@pytest.mark.parametrize(
    ("issued", "gap_s", "counts"),
    [(0, 77, True), (0, GAP_MOST_S + 1, False), (60, 77, False)],
)
def test_a_gap_counts_while_the_next_citizen_was_waiting_already(issued: float, gap_s: float, counts: bool) -> None:
    """A pause of the clerk's is an absence, and a counter without anybody to call is idle."""
    first = a_turn(60)
    then = first.finished_at + int(gap_s * SECOND)
    memory = remembering(first, a_turn(60, at=then, issued=int(issued * MINUTE)))
    assert (gap_s in memory.pace(TODAY, 9, {"A": 8.0}).gaps) is counts


def test_the_fewer_the_turns_the_greater_the_doubt() -> None:
    assert doubt([60.0, 600.0] * 2) > doubt([60.0, 600.0] * 20) > 0


def test_the_prior_scatters_around_its_mean() -> None:
    known = prior(300)
    assert known == sorted(known)
    assert known[0] < 200 < 400 < known[-1]
