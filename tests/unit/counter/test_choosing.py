"""Which ticket a keypad means."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from counter.choosing import found
from counter.keys import Command, Lookup, Refusal
from hub.wire import CallChosen, CounterQueue, Queued, Resume

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


def ticket(number: str, **facts: Any) -> Queued:
    known = {"id": f"id-{number}", "number": number, "service": "A", "state": "waiting", "priority": "ordinary"}
    return Queued.model_validate({**known, "issued_at": NOON, **facts})


def lists(*waiting: Queued, held: tuple[Queued, ...] = (), missed: tuple[Queued, ...] = ()) -> CounterQueue:
    return CounterQueue(
        waiting=list(waiting), held=list(held), missed=list(missed), clerks=[], may_choose=True, hold_minutes=15
    )


@pytest.mark.parametrize(
    ("typed", "number"), [("7", "A007"), ("07", "A007"), ("17", "A017"), ("42", "B142"), ("3", "C003"), ("9", "D009")]
)
def test_typed_digits_are_the_end_of_a_number(typed: str, number: str) -> None:
    known = lists(
        ticket("A007"),
        ticket("A017"),
        ticket("B142"),
        held=(ticket("C003"),),
        missed=(ticket("D009", state="no_show"),),
    )
    assert found(Lookup("call", typed), known, "1") == Command(
        "call", CallChosen(ticket=f"id-{number}", reason="叫号器")
    )


def test_digits_that_fit_several_numbers_or_none_call_nobody() -> None:
    known = lists(ticket("A017"), ticket("B017"))
    assert found(Lookup("call", "17"), known, "1") == Refusal("several_numbers")
    assert found(Lookup("call", "18"), known, "1") == Refusal("no_such_number")


def test_who_was_held_last_at_this_counter_is_resumed() -> None:
    first = ticket("A001", state="held", counter="1", held_at=NOON, held_until=NOON + timedelta(hours=1))
    last = ticket("A002", state="held", counter="1", held_at=NOON + timedelta(minutes=1), held_until=NOON)
    elsewhere = ticket("A003", state="held", counter="2", held_at=NOON + timedelta(minutes=2))
    known = lists(held=(elsewhere, first, last))
    assert found(Lookup("resume"), known, "1") == Command("resume", Resume(ticket="id-A002"))
    assert found(Lookup("resume"), known, "3") == Refusal("nobody_held")
