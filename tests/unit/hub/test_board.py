"""The board: patches that always lead to the same document, and readers that never miss or stall."""

import asyncio
import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from hub.board import KEPT_PATCHES, READER_QUEUE, Board, changed
from hub.wire import merge

leaves = st.one_of(st.integers(), st.booleans(), st.text(max_size=5), st.lists(st.integers(), max_size=3))
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


async def seen(board: Board, epoch: str | None = None, since: int | None = None, messages: int = 1) -> list[Any]:
    reader = board.read(epoch, since)
    return [json.loads(await reader.next()) for _ in range(messages)]


async def test_a_new_reader_gets_the_whole_board() -> None:
    board = Board()
    board.update({"counters": {"1": {"state": "open"}}})
    [first] = await seen(board)
    assert first["kind"] == "board"
    assert first["board"] == {"counters": {"1": {"state": "open"}}}


async def test_only_what_changed_is_sent() -> None:
    board = Board()
    board.update({"counters": {"1": {"state": "open", "number": "A001"}, "2": {"state": "open"}}})
    reader = board.read(board.epoch, board.seq)
    board.update({"counters": {"1": {"state": "open"}}})
    assert json.loads(await reader.next())["patch"] == {"counters": {"1": {"number": None}}}


async def test_nothing_is_sent_when_nothing_changed() -> None:
    board = Board()
    board.update({"calls": [1]})
    board.update({"calls": [1]})
    assert board.seq == 1


async def test_a_reader_that_comes_back_gets_what_it_missed() -> None:
    board = Board()
    for number in range(5):
        board.update({"n": number})
    frames = await seen(board, board.epoch, 2, messages=3)
    assert [(frame["kind"], frame["seq"]) for frame in frames] == [("patch", 3), ("patch", 4), ("patch", 5)]


async def test_a_reader_from_another_epoch_or_too_long_ago_gets_the_whole_board() -> None:
    board = Board()
    for number in range(KEPT_PATCHES + 10):
        board.update({"n": number})
    for epoch, since in (("other", board.seq), (board.epoch, 1), (board.epoch, board.seq + 5)):
        assert (await seen(board, epoch, since))[0]["kind"] == "board"


async def test_a_slow_reader_loses_the_patches_and_gets_the_board_as_it_is_now() -> None:
    board = Board()
    reader = board.read(board.epoch, 0)
    for number in range(READER_QUEUE + 20):
        board.update({"n": number})
    frame = json.loads(await reader.next())
    assert (frame["kind"], frame["board"]["n"]) == ("board", READER_QUEUE + 19)
    board.update({"n": "after"})
    assert json.loads(await reader.next())["patch"] == {"n": "after"}


async def test_a_question_to_one_station_survives_a_flood() -> None:
    board = Board()
    reader = board.read(board.epoch, 0)
    reader.tell("asked")
    for number in range(READER_QUEUE * 2):
        board.update({"n": number})
    assert await reader.next() == "asked"


async def test_a_waiting_reader_wakes_for_the_next_patch() -> None:
    board = Board()
    reader = board.read(board.epoch, 0)
    waiting = asyncio.ensure_future(reader.next())
    await asyncio.sleep(0)
    board.update({"n": 1})
    assert json.loads(await asyncio.wait_for(waiting, 5))["seq"] == 1


async def test_who_left_is_sent_nothing_more() -> None:
    board = Board()
    reader = board.read(board.epoch, 0)
    board.leave(reader)
    board.update({"n": 1})
    assert board.readers == 0
