"""The visits of years before this system as a file: the contract's columns, and what must fit together in a line."""

import json
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any, get_args

from hub.clock import hall_day
from hub.clock import instant as moment
from hub.imports.cells import Column, Context, Unfit, choice, instant, person, reference, several, text
from hub.imports.register import Register, Rows
from hub.wire import LEVELS, TicketChannel

#: In this order in time.
_ORDER = ("issued_at", "called_at", "started_at", "finished_at")


def _fits(line: Mapping[str, Any]) -> Iterator[Unfit]:
    known = [(name, line[name]) for name in _ORDER if line[name] is not None]
    for (earlier, first), (later, second) in pairwise(known):
        if second < first:
            yield Unfit(f"{later} 早于 {earlier}", f"{later} lies before {earlier}")
    yield from _outcome(line)
    if line["level"] and line["outcome"] != "served":
        yield Unfit("只有办结（served）的才有评价", "only a served visit can be rated")
    if line["level_source"] and not line["level"]:
        yield Unfit("有 level_source 而没有 level", "level_source without level")


def _outcome(line: Mapping[str, Any]) -> Iterator[Unfit]:
    needed = {"served": ("counter", "clerk", "called_at", "finished_at"), "no_show": ("counter", "clerk", "called_at")}
    for name in needed.get(line["outcome"], ()):
        if not line[name]:
            yield Unfit(f"{line['outcome']} 必须有 {name}", f"{line['outcome']} needs {name}")


def _visit(line: dict[str, Any], context: Context) -> Rows:
    """Its hall days, and an id by which the same visit is never taken twice."""
    finished = line["finished_at"]
    row = {
        **line,
        # begins with the time: a file in the order of time is then stored where the last row went
        "id": f"{line['issued_at']}@{line['called_at'] or ''}@{line['number']}",
        "counter": line["counter"] or "",
        "clerk": line["clerk"] or "",
        # who was finished without a start began at the call, as everywhere
        "started_at": line["started_at"] or (line["called_at"] if line["outcome"] == "served" else None),
        "day": hall_day(moment(line["issued_at"]), context.zone),
        "finished_day": None if finished is None else hall_day(moment(finished), context.zone),
        "level_source": line["level_source"] or ("citizen" if line["level"] else None),
        "reasons": json.dumps([one for one in line["reasons"].split("|") if one], ensure_ascii=False),
    }
    return [("past_visit", row)]


VISITS = Register(
    "visits",
    ("past_visit",),
    (
        Column("number", text),
        Column("service", reference("service")),
        Column("department", reference("department")),
        Column("counter", reference("counter"), needed=False),
        Column("clerk", reference("clerk"), needed=False),
        Column("priority", text, needed=False, default=""),
        Column("channel", choice(*get_args(TicketChannel))),
        Column("issued_at", instant),
        Column("called_at", instant, needed=False),
        Column("started_at", instant, needed=False),
        Column("finished_at", instant, needed=False),
        Column("outcome", choice("served", "no_show", "cancelled", "expired")),
        Column("purpose", choice("apply", "consult", "collect"), needed=False, default=""),
        Column("person", person, needed=False),
        Column("appointment_at", instant, needed=False),
        Column("case_no", text, needed=False),
        Column("level", choice(*LEVELS), needed=False),
        Column("level_source", choice("citizen", "default", "typed"), needed=False),
        Column("reasons", several(text), needed=False, default=""),
    ),
    ("id",),
    _visit,
    _fits,
    days=("day", "finished_day"),
)
