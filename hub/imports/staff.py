"""The registers of the staff as files: the contract's columns."""

from collections.abc import Iterator, Mapping
from typing import Any, get_args

from hub.imports.cells import (
    Column,
    Context,
    Unfit,
    boolean,
    choice,
    day,
    decimal,
    instant,
    integer,
    month,
    person,
    reference,
    several,
    text,
)
from hub.imports.register import Register, Rows, as_it_is
from hub.staff.attendance import AttendanceKind, Excuse, Session

DEPARTMENT, COUNTER, CLERK = reference("department"), reference("counter"), reference("clerk")


def _spans(line: Mapping[str, Any]) -> Iterator[Unfit]:
    if line["valid_to"] and line["valid_to"] < line["valid_from"]:
        yield Unfit("valid_to 早于 valid_from", "valid_to lies before valid_from")


def _state_spans(line: Mapping[str, Any]) -> Iterator[Unfit]:
    if line["state_to"] < line["state_from"]:
        yield Unfit("state_to 早于 state_from", "state_to lies before state_from")


def _ballot(line: dict[str, Any], context: Context) -> Rows:
    return [("ballot", {**line, "target": context.names.code(line["kind"], line["target"])})]


ATTENDANCE = Register(
    "attendance",
    ("attendance",),
    (
        Column("clerk", CLERK),
        Column("department", DEPARTMENT),
        Column("counter", COUNTER, needed=False),
        Column("date", day),
        Column("session", choice(*get_args(Session)), needed=False, default="day"),
        Column("kind", choice(*get_args(AttendanceKind))),
        Column("minutes", integer(0, 1440)),
        Column("excused", choice(*get_args(Excuse)), needed=False, default="none"),
        Column("stand_in", CLERK, needed=False),
        Column("whereabouts", text, needed=False),
    ),
    ("clerk", "date", "session", "kind"),
    as_it_is("attendance"),
    probe="date",
)

STAFF = Register(
    "staff",
    ("staff",),
    (
        Column("clerk", text),
        Column("department", DEPARTMENT),
        Column("counter", COUNTER),
        Column("rank", text, needed=False, default=""),
        Column("established", boolean, needed=False),
        Column("chief_representative", boolean, needed=False),
        Column("valid_from", day),
        Column("valid_to", day, needed=False),
    ),
    ("clerk", "valid_from"),
    as_it_is("staff"),
    _spans,
)

POSTS = Register(
    "posts",
    ("post",),
    (
        Column("post", text),
        Column("department", DEPARTMENT),
        Column("counter", COUNTER),
        Column("clerk", CLERK),
        # an empty cell is what the scheme asks about: nobody stands in
        Column("stand_ins", several(CLERK), needed=False, default=""),
        Column("valid_from", day),
        Column("valid_to", day, needed=False),
    ),
    ("post", "valid_from"),
    as_it_is("post"),
    _spans,
)

COUNTER_STATES = Register(
    "counter_states",
    ("counter_state",),
    (
        Column("counter", COUNTER),
        Column("state_from", instant),
        Column("state_to", instant),
        Column("state", choice("closed", "open", "calling", "serving", "away")),
        Column("reason", text, needed=False),
        Column("back_at", instant, needed=False),
        Column("stand_in", CLERK, needed=False),
    ),
    ("counter", "state_from"),
    as_it_is("counter_state"),
    _state_spans,
    probe="state_from",
)

LEADER_VISITS = Register(
    "leader_visits",
    ("leader_visit",),
    (
        Column("at", instant),
        Column("department", DEPARTMENT),
        Column("person", person),
        Column("rank", choice("principal", "in_charge")),
    ),
    ("at", "department", "person"),
    as_it_is("leader_visit"),
)

BALLOTS = Register(
    "ballots",
    ("ballot",),
    (
        Column("year", integer(2000, 2199)),
        Column("ballot_no", text),
        Column("kind", choice("counter", "clerk")),
        Column("target", text),
        Column("voter_group", text),
        Column("score", decimal(0, 100)),
    ),
    ("year", "ballot_no", "kind", "target"),
    _ballot,
    probe="ballot_no",
)

SELF_CHECKS = Register(
    "self_checks",
    ("self_check",),
    (
        Column("month", month),
        Column("counter", COUNTER),
        Column("score", decimal(0, 100)),
        Column("by", text),
        Column("submitted_at", instant),
    ),
    ("month", "counter"),
    as_it_is("self_check"),
)
