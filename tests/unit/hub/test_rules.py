"""Pure rules: states, places, numbers, estimates, opening hours, time."""

from datetime import UTC, date, datetime, timedelta
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.clock import day_span, hall_day, instant, micros
from hub.problems import NotAllowed
from hub.queue.rules import NEXT, Verb, after, counter_state, number_label, rank
from hub.wire import TicketState

CHINA = ZoneInfo("Asia/Shanghai")
FINAL: set[TicketState] = {"finished", "cancelled", "expired"}


@pytest.mark.parametrize("state", get_args(TicketState))
@pytest.mark.parametrize("verb", get_args(Verb))
def test_a_verb_follows_the_table_or_is_refused_by_name(state: TicketState, verb: Verb) -> None:
    if (state, verb) in NEXT:
        assert after(state, "A001", verb) == NEXT[state, verb]
    else:
        with pytest.raises(NotAllowed, match="A001") as refused:
            after(state, "A001", verb)
        assert refused.value.words["state"] == state


def test_nothing_leads_out_of_a_final_state() -> None:
    assert not [pair for pair in NEXT if pair[0] in FINAL]


def test_a_head_start_moves_a_place_forward_by_that_much() -> None:
    noon = datetime(2026, 3, 2, 4, tzinfo=UTC)
    assert rank(noon, 15) == noon - timedelta(minutes=15)


@pytest.mark.parametrize(("serial", "label"), [(1, "A001"), (999, "A999"), (1000, "A1000")])
def test_numbers_have_three_digits_and_grow(serial: int, label: str) -> None:
    assert number_label("A", serial) == label


@pytest.mark.parametrize(
    ("status", "visit", "state"),
    [
        ("open", "called", "calling"),
        ("open", "serving", "serving"),
        ("open", None, "open"),
        ("away", None, "away"),
        ("closed", None, "closed"),
    ],
)
def test_a_counters_state_follows_from_its_visit(status: str, visit: str | None, state: str) -> None:
    assert counter_state(status, visit) == state


@given(st.datetimes(timezones=st.just(UTC)))
def test_stored_times_come_back_as_they_were(at: datetime) -> None:
    assert instant(micros(at)) == at


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="offset"):
        micros(datetime(2026, 1, 1))  # noqa: DTZ001 - the point of the test


def test_the_day_is_the_halls() -> None:
    assert hall_day(datetime(2026, 3, 1, 16, 0, tzinfo=UTC), CHINA) == "2026-03-02"


@given(day=st.dates(date(2000, 1, 1), date(2100, 1, 1)), zone=st.sampled_from(["Asia/Shanghai", "Europe/Berlin"]))
def test_days_follow_each_other_without_gap_or_overlap(day: date, zone: str) -> None:
    here = ZoneInfo(zone)
    assert day_span(day, day, here)[1] == day_span(day + timedelta(days=1), day + timedelta(days=1), here)[0]
