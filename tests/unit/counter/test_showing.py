"""The board on a keypad's six digits."""

from typing import Any

from counter.keys import Pad
from counter.showing import Shown, pad_with, shown_on

BOARD: dict[str, Any] = {
    "counters": {
        "3": {"label": "3", "state": "serving", "number": "A007", "services": ["A", "B"]},
        "4": {"label": "4", "state": "open", "services": ["C"]},
    },
    "services": {"A": {"waiting": 4}, "B": {"waiting": 2}, "C": {"waiting": 9}},
}


def test_the_pad_shows_who_waits_for_this_counters_services() -> None:
    pad = pad_with(BOARD, "3", Pad(connected=True))
    assert (pad.counter, pad.number) == ("serving", "A007")
    assert shown_on(BOARD, "3", pad) == Shown(6, "A007")


def test_without_a_hub_the_waiting_count_is_blank_and_the_number_stays() -> None:
    pad = pad_with(BOARD, "3", Pad(connected=False))
    assert shown_on(BOARD, "3", pad) == Shown(None, "A007")


def test_a_free_counter_shows_no_number() -> None:
    assert shown_on(BOARD, "4", pad_with(BOARD, "4", Pad(connected=True))) == Shown(9, None)


def test_a_counter_the_board_does_not_have_is_blank() -> None:
    assert shown_on(BOARD, "7", pad_with(BOARD, "7", Pad(connected=True))) == Shown()
