"""The board: patches that always lead to the same document, and readers that never miss or stall."""

import json
from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from hub.board import KEPT_PATCHES, Board, changed
from hub.wire import merge
from tests.unit.hub.test_frames import payload_of

leaves = st.one_of(st.integers(), st.booleans(), st.text("ab号", max_size=3), st.lists(st.integers(), max_size=3))
documents = st.dictionaries(
    st.sampled_from("abcdef"),
    st.recursive(leaves, lambda deeper: st.dictionaries(st.sampled_from("xyz"), deeper, max_size=3), max_leaves=8),
    max_size=5,
)


@given(old=documents, new=documents)
def test_a_patch_makes_the_new_document_of_the_old(old: dict[str, Any], new: dict[str, Any]) -> None:
    assert merge(old, changed(old, new)) == new


@given(document=documents)
def test_nothing_changed_is_an_empty_patch(document: dict[str, Any]) -> None:
    assert changed(document, document) == {}


class Screen:
    """A reader that keeps what it is sent."""

    def __init__(self) -> None:
        self.frames: list[bytes] = []

    def write(self, frame: bytes) -> None:
        self.frames.append(frame)

    @property
    def messages(self) -> list[Any]:
        return [json.loads(payload_of(frame)) for frame in self.frames]


class NarrowScreen(Screen):
    """One that lags after so many frames."""

    def __init__(self, board: Board, room: int) -> None:
        super().__init__()
        self._board, self._room = board, room

    def write(self, frame: bytes) -> None:
        super().write(frame)
        if len(self.frames) == self._room:
            self._board.lag(self)


def a_screen(board: Board, epoch: str | None = None, since: int | None = None) -> Screen:
    screen = Screen()
    board.join(screen, epoch, since)
    return screen


def up_to_date(board: Board) -> Screen:
    """A screen that has the board as it is now."""
    return a_screen(board, board.epoch, board.seq)


def test_a_new_reader_gets_the_whole_board() -> None:
    board = Board()
    board.update({"counters": {"1": {"state": "open"}}})
    [first] = a_screen(board).messages
    assert first["kind"] == "board"
    assert first["board"] == {"counters": {"1": {"state": "open"}}}


def test_only_what_changed_is_sent() -> None:
    board = Board()
    board.update({"counters": {"1": {"state": "open", "number": "A001"}, "2": {"state": "open"}}})
    screen = up_to_date(board)
    board.update({"counters": {"1": {"state": "open"}}})
    assert [message["patch"] for message in screen.messages] == [{"counters": {"1": {"number": None}}}]


def test_nothing_is_sent_when_nothing_changed() -> None:
    board = Board()
    board.update({"calls": [1]})
    board.update({"calls": [1]})
    assert board.seq == 1


def test_a_reader_that_comes_back_gets_what_it_missed() -> None:
    board = Board()
    for number in range(5):
        board.update({"n": number})
    assert board.resumes(board.epoch, 2)
    messages = a_screen(board, board.epoch, 2).messages
    assert [(message["kind"], message["seq"]) for message in messages] == [("patch", 3), ("patch", 4), ("patch", 5)]


def test_a_reader_from_another_epoch_or_too_long_ago_gets_the_whole_board() -> None:
    board = Board()
    for number in range(KEPT_PATCHES + 10):
        board.update({"n": number})
    for epoch, since in (("other", board.seq), (board.epoch, 1), (board.epoch, board.seq + 5), (board.epoch, None)):
        assert not board.resumes(epoch, since)
        assert a_screen(board, epoch, since).messages[0]["kind"] == "board"


def test_a_reader_that_lags_is_passed_over_and_gets_the_board_as_it_is_when_it_has_caught_up() -> None:
    board = Board()
    slow, quick = up_to_date(board), up_to_date(board)
    board.lag(slow)
    for number in range(21):
        board.update({"n": number})
    assert slow.frames == []
    assert [message["seq"] for message in quick.messages] == list(range(1, 22))
    board.catch_up(slow)
    board.update({"n": 21})
    assert [(message["kind"], message["seq"]) for message in slow.messages] == [("board", 21), ("patch", 22)]
    assert slow.messages[0]["board"] == {"n": 20}


def test_a_reader_that_lags_over_what_it_missed_gets_the_whole_board_instead_of_the_rest() -> None:
    board = Board()
    for number in range(10):
        board.update({"n": number})
    screen = NarrowScreen(board, 3)
    board.join(screen, board.epoch, 2)
    board.update({"n": "while it lags"})
    assert [message["seq"] for message in screen.messages] == [3, 4, 5]
    board.catch_up(screen)
    assert [message["kind"] for message in screen.messages[3:]] == ["board"]
    assert board.readers == 1


def test_a_reader_that_lags_in_the_middle_of_a_change_keeps_nobody_from_it() -> None:
    board = Board()
    screens = [NarrowScreen(board, 1), Screen(), NarrowScreen(board, 1), Screen()]
    for screen in screens:
        board.join(screen, board.epoch, board.seq)
    board.update({"n": 1})
    board.update({"n": 2})
    assert [len(screen.frames) for screen in screens] == [1, 2, 1, 2]


def test_who_did_not_lag_has_nothing_to_catch_up() -> None:
    board = Board()
    screen = up_to_date(board)
    board.catch_up(screen)
    assert screen.frames == []


def test_a_change_is_encoded_once_for_a_thousand_screens() -> None:
    board = Board()
    screens = [up_to_date(board) for _ in range(1000)]
    board.update({"n": 1})
    board.update({"n": 2})
    for screen in screens:
        assert len(screen.frames) == 2
        assert all(mine is first for mine, first in zip(screen.frames, screens[0].frames, strict=True))


@given(st.lists(st.sampled_from(["change", "lag", "catch up", "come back"]), max_size=40))
def test_whatever_happens_a_reader_that_does_not_lag_shows_the_board(steps: list[str]) -> None:
    board, number, lags = Board(), 0, False
    board.update({"n": 0})
    screen, shown = a_screen(board), Shown()
    for step in steps:
        if step == "change":
            number += 1
            board.update({"n": number, "x": {str(number % 3): number}})
        elif step == "come back":
            board.leave(screen)
            shown.take(screen)
            screen, lags = a_screen(board, board.epoch, shown.seq), False
        else:
            lags = step == "lag"
            (board.lag if lags else board.catch_up)(screen)
        shown.take(screen)
        if not lags:
            assert shown.document == board.document


class Shown:
    """What a screen draws of the frames it took; a gap in the patches is an error of the board."""

    def __init__(self) -> None:
        self.document: dict[str, Any] = {}
        self.seq = 0

    def take(self, screen: Screen) -> None:
        for message in screen.messages:
            if message["kind"] == "board":
                self.document = message["board"]
            else:
                assert message["seq"] == self.seq + 1
                self.document = merge(self.document, message["patch"])
            self.seq = message["seq"]
        screen.frames.clear()


def test_every_reader_hears_the_beat() -> None:
    board = Board()
    screen = up_to_date(board)
    board.beat(datetime(2026, 3, 2, 9, tzinfo=UTC), 1.0)
    assert [(message["kind"], message["at"]) for message in screen.messages] == [("beat", "2026-03-02T09:00:00+00:00")]


def test_who_left_is_sent_nothing_more() -> None:
    board = Board()
    screen = up_to_date(board)
    board.leave(screen)
    board.update({"n": 1})
    assert (board.readers, screen.frames) == (0, [])
