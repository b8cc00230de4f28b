"""The hash chain: whatever is done to a journal is found, and the entry named; nothing is found in a sound one."""

import hashlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.chain import COLUMNS, GENESIS, Finding, Walk, entry_hash

Row = tuple[Any, ...]
HOUR = 3_600_000_000


def a_journal(length: int) -> list[Row]:
    rows: list[Row] = []
    before = GENESIS
    for seq in range(1, length + 1):
        content = (
            seq,
            seq * HOUR,
            "clerk-1",
            "clerk",
            "ticket_called",
            f"t{seq}",
            None,
            "1",
            "A",
            f'{{"number":"{seq}"}}',
        )
        before = entry_hash(before, content)
        rows.append((*content, before))
    return rows


def chained_anew(rows: list[Row]) -> list[Row]:
    """What somebody would do who owns the database and knows how it works."""
    before, made = GENESIS, []
    for row in rows:
        before = entry_hash(before, row[:-1])
        made.append((*row[:-1], before))
    return made


def walked(rows: list[Row], head: tuple[int, str] | None) -> list[Finding]:
    walk = Walk()
    beyond = [row for row in rows if head and row[0] > head[0]]
    for row in sorted((row for row in rows if row not in beyond), key=lambda row: row[0]):
        walk.feed(row)
    return walk.end(head, beyond)


def head_of(rows: list[Row]) -> tuple[int, str]:
    return (rows[-1][0], rows[-1][-1]) if rows else (0, GENESIS)


def with_value(row: Row, column: str, value: Any) -> Row:
    at = (*COLUMNS, "hash").index(column)
    return (*row[:at], value, *row[at + 1 :])


def test_the_hash_can_be_computed_by_anybody() -> None:
    content = (1, 2, "王", "clerk", "ticket_issued", "t", None, None, "A", '{"number":"A001"}')
    text = f'["{GENESIS}",1,2,"\\u738b","clerk","ticket_issued","t",null,null,"A","{{\\"number\\":\\"A001\\"}}"]'
    assert json.loads(text) == [GENESIS, *content]
    assert entry_hash(GENESIS, content) == hashlib.sha256(text.encode("ascii")).hexdigest()


@pytest.mark.parametrize("length", [0, 1, 2, 50])
def test_nothing_is_found_in_a_sound_journal(length: int) -> None:
    rows = a_journal(length)
    assert walked(rows, head_of(rows)) == []


OTHERS: dict[str, Any] = {
    "at": 5,
    "who": "clerk-2",
    "role": "manager",
    "kind": "ticket_no_show",
    "ticket": None,
    "visit": "v",
    "counter": "2",
    "service": "",
    "data": "{}",
    "hash": "f" * 64,
}


@given(length=st.integers(1, 30), data=st.data(), column=st.sampled_from(sorted(OTHERS)))
def test_a_changed_value_of_any_column_is_found_in_the_right_entry(
    length: int, data: st.DataObject, column: str
) -> None:
    rows = a_journal(length)
    head = head_of(rows)
    at = data.draw(st.integers(0, length - 1))
    rows[at] = with_value(rows[at], column, OTHERS[column])
    kind = "hash_changed" if column == "hash" else "changed"
    assert [(found.kind, found.seq) for found in walked(rows, head)] == [(kind, at + 1)]


@given(length=st.integers(1, 30), data=st.data())
def test_a_renumbered_entry_is_missing_in_its_place(length: int, data: st.DataObject) -> None:
    rows = a_journal(length)
    head = head_of(rows)
    at = data.draw(st.integers(0, length - 1))
    elsewhere = data.draw(st.one_of(st.integers(length + 1, length + 9), st.integers(-9, 0)))
    rows[at] = with_value(rows[at], "seq", elsewhere)
    found = walked(rows, head)
    assert at + 1 in [one.seq for one in found if one.kind in ("missing", "tail_missing")]
    assert "inserted" in [one.kind for one in found]


@given(length=st.integers(1, 30), data=st.data())
def test_removed_entries_are_named_and_no_other(length: int, data: st.DataObject) -> None:
    rows = a_journal(length)
    head = head_of(rows)
    first = data.draw(st.integers(1, length))
    last = data.draw(st.integers(first, length))
    del rows[first - 1 : last]
    kind = "tail_missing" if last == length else "missing"
    assert [(one.kind, one.seq, one.last) for one in walked(rows, head)] == [(kind, first, last)]


@given(length=st.integers(2, 30), data=st.data())
def test_two_swapped_entries_are_both_named_with_their_places(length: int, data: st.DataObject) -> None:
    rows = a_journal(length)
    head = head_of(rows)
    one, other = sorted(data.draw(st.lists(st.integers(0, length - 1), min_size=2, max_size=2, unique=True)))
    rows[one], rows[other] = (
        with_value(rows[other], "seq", one + 1),
        with_value(rows[one], "seq", other + 1),
    )
    found = {(finding.kind, finding.seq, finding.belongs) for finding in walked(rows, head)}
    assert found == {("moved", one + 1, other + 1), ("moved", other + 1, one + 1)}


@given(length=st.integers(1, 30), data=st.data(), knows_how=st.booleans())
def test_an_entry_squeezed_in_is_named(length: int, data: st.DataObject, knows_how: bool) -> None:
    """All later ones get the next number; somebody who knows how also gives the new one a hash that fits."""
    rows = a_journal(length)
    head = head_of(rows)
    at = data.draw(st.integers(0, length))
    before = rows[at - 1][-1] if at else GENESIS
    content = (at + 1, at * HOUR, "clerk-9", "clerk", "ticket_issued", None, None, None, None, "{}")
    foreign = (*content, entry_hash(before, content) if knows_how else "0" * 64)
    moved = [with_value(row, "seq", row[0] + 1) for row in rows[at:]]
    found = walked([*rows[:at], foreign, *moved], head)
    # with a fitting hash it is its follower that does not follow
    assert min(one.seq for one in found) in ((at + 1, at + 2) if knows_how else (at + 1,))


def test_an_entry_replaced_with_its_hash_is_found_where_the_next_one_no_longer_follows() -> None:
    rows = a_journal(9)
    head = head_of(rows)
    content = with_value(rows[4], "counter", "7")[:-1]
    rows[4] = (*content, entry_hash(rows[3][-1], content))
    assert [(one.kind, one.seq) for one in walked(rows, head)] == [("changed", 6)]


def test_the_newest_entry_replaced_with_its_hash_does_not_fit_the_head() -> None:
    rows = a_journal(9)
    head = head_of(rows)
    content = with_value(rows[8], "counter", "7")[:-1]
    rows[8] = (*content, entry_hash(rows[7][-1], content))
    assert [(one.kind, one.seq) for one in walked(rows, head)] == [("head_changed", 9)]


@pytest.mark.parametrize(
    ("head", "kinds"),
    [
        (None, ["head_missing"]),
        ((12, "f" * 64), ["tail_missing"]),
        ((9, "f" * 64), ["head_changed"]),
    ],
)
def test_a_head_row_that_was_touched_is_found(head: tuple[int, str] | None, kinds: list[str]) -> None:
    assert [one.kind for one in walked(a_journal(9), head)] == kinds


def test_a_head_set_back_leaves_entries_behind_it() -> None:
    rows = a_journal(9)
    found = walked(rows, (7, rows[6][-1]))
    assert [(one.kind, one.seq) for one in found] == [("inserted", 8), ("inserted", 9)]


def test_a_chain_made_anew_is_sound_by_itself() -> None:
    """Which is why seals are told outside the database."""
    rows = a_journal(9)
    rows[3] = with_value(rows[3], "counter", "7")
    anew = chained_anew(rows)
    assert walked(anew, head_of(anew)) == []


@given(length=st.integers(2, 12), data=st.data())
def test_two_changes_at_once_are_found(length: int, data: st.DataObject) -> None:
    rows = a_journal(length)
    head = head_of(rows)
    changed, gone = data.draw(st.lists(st.integers(0, length - 1), min_size=2, max_size=2, unique=True))
    rows[changed] = with_value(rows[changed], "who", "x")
    del rows[gone]
    found = {one.kind for one in walked(rows, head)}
    assert found & {"missing", "tail_missing"}
    # what follows a gap cannot be checked
    assert changed == gone + 1 or "changed" in found


def test_what_no_column_should_hold_is_told_and_stops_nothing() -> None:
    rows = a_journal(3)
    head = head_of(rows)
    rows[1] = with_value(rows[1], "who", b"\xff")
    rows.append((2.5, None, "", "", "", None, None, None, None, "", ""))
    assert {(one.kind, one.seq) for one in walked(rows, head)} == {("changed", 2), ("inserted", 2)}


def test_a_journal_that_is_broken_everywhere_is_counted_and_not_listed() -> None:
    rows = [with_value(row, "who", "x") for row in a_journal(500)]
    walk = Walk()
    for row in rows:
        walk.feed(row)
    found = walk.end(head_of(rows))
    assert len(found) <= 20
    assert len(found) + walk.unnamed == 500
