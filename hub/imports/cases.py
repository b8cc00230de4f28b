"""The registers of the cases as files: the contract's columns, and what must fit together in a line."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, get_args

from hub.cases.deadlines import Stop
from hub.cases.records import compute, deadline_columns, due_columns
from hub.cases.rules import state_of
from hub.imports.cells import (
    Column,
    Context,
    Unfit,
    boolean,
    choice,
    day,
    days_off,
    instant,
    integer,
    person,
    reference,
    several,
    text,
)
from hub.imports.register import Register, Rows, as_it_is
from hub.problems import CalendarUnknown
from hub.wire import LEVELS, CaseKind, CaseOutcome, ComplaintFinding, Stage

DEPARTMENT, COUNTER, CLERK, SERVICE = (
    reference("department"),
    reference("counter"),
    reference("clerk"),
    reference("service"),
)
DAYS = integer(0, 2000)
LEVEL = Column("level", choice(*LEVELS), needed=False)
LEVEL_SOURCE = Column("level_source", choice("citizen", "default", "typed"), needed=False)

#: In this order in time; the later one needs the earlier.
_ORDER = (
    ("received_at", "correction_notice_at"),
    ("correction_notice_at", "corrected_at"),
    ("received_at", "extension_told_at"),
    ("received_at", "closed_at"),
)


def _fits(line: Mapping[str, Any]) -> Iterator[Unfit]:
    for earlier, later in _ORDER:
        yield from _in_order(line, earlier, later)
    if (line["closed_at"] is None) != (line["outcome"] == "open"):
        yield Unfit(
            "closed_at 与 outcome 不一致：未办结（open）才没有办结时间",
            "closed_at and outcome disagree: only an open case has no closed_at",
        )
    if line["level_source"] and not line["level"]:
        yield Unfit("有 level_source 而没有 level", "level_source without level")


def _in_order(line: Mapping[str, Any], earlier: str, later: str) -> Iterator[Unfit]:
    if line[later] is None:
        return
    if line[earlier] is None:
        yield Unfit(f"有 {later} 而没有 {earlier}", f"{later} without {earlier}")
    elif line[later] < line[earlier]:
        yield Unfit(f"{later} 早于 {earlier}", f"{later} lies before {earlier}")


def _case(line: dict[str, Any], context: Context) -> Rows:
    """The case with its suspensions and its deadline, computed now by the calendar of now. Raises Unfit."""
    spans = line["suspensions"] or ()
    stops = tuple(Stop(first, last) for first, last in spans)
    case = {**line, "suspensions": ";".join(f"{first}/{last}" for first, last in spans)}
    case["level_source"] = line["level_source"] or ("citizen" if line["level"] else None)
    try:
        found = compute(case, stops, context.tools["rules"](line["service"]))
    except CalendarUnknown as unknown:
        raise Unfit(unknown.sentence("zh"), unknown.sentence("en")) from unknown
    awaiting = found.promised.at is None
    case |= due_columns(found)
    case["state"] = state_of(line["outcome"], awaiting=awaiting, suspended=False)
    case["accepted_at"] = None if awaiting else line["corrected_at"] or line["received_at"]
    return [
        ("case_file", case),
        ("case_deadline", deadline_columns(line["case_no"], 1, "import", found)),
        *(("case_suspension", _stop(line["case_no"], number, stop)) for number, stop in enumerate(stops, start=1)),
    ]


def _stop(case_no: str, number: int, stop: Stop) -> dict[str, Any]:
    last: date | None = stop.last
    return {
        "case_no": case_no,
        "number": number,
        "first": stop.first.isoformat(),
        "last": last.isoformat() if last else None,
        "reason": stop.reason,
    }


CASES = Register(
    "cases",
    ("case_file", "case_deadline", "case_suspension"),
    (
        Column("case_no", text),
        Column("service", SERVICE),
        Column("department", DEPARTMENT),
        Column("counter", COUNTER),
        Column("clerk", CLERK),
        Column("kind", choice(*get_args(CaseKind))),
        Column("online", boolean),
        Column("on_site", boolean),
        Column("received_at", instant),
        Column("legal_days", DAYS),
        Column("promised_days", DAYS),
        Column("suspended_days", DAYS, needed=False, default=0),
        Column("suspensions", days_off, needed=False),
        Column("correction_notice_at", instant, needed=False),
        Column("corrected_at", instant, needed=False),
        Column("extension_days", DAYS, needed=False, default=0),
        Column("extension_told_at", instant, needed=False),
        Column("appointed_at", instant, needed=False),
        Column("citizen_missed", boolean, needed=False, default=False),
        Column("closed_at", instant, needed=False),
        Column("outcome", choice(*get_args(CaseOutcome))),
        Column("corrections", integer(0, 1000), needed=False, default=0),
        Column("return_reason", text, needed=False),
        Column("applicant", person, needed=False),
        Column("offsite_stages", several(choice(*get_args(Stage))), needed=False, default=""),
        Column("council_approved", boolean, needed=False, default=False),
        Column("signed_by", CLERK, needed=False),
        Column("issued_counter", COUNTER, needed=False),
        LEVEL,
        LEVEL_SOURCE,
        Column("prereview_due", instant, needed=False),
        Column("prereview_at", instant, needed=False),
        Column("prereview_passed", boolean, needed=False),
    ),
    ("case_no",),
    _case,
    _fits,
)


def _decided(line: Mapping[str, Any]) -> Iterator[Unfit]:
    if line["decided_at"] is not None:
        if line["finding"] == "open":
            yield Unfit("未认定（open）的投诉没有认定时间", "an open complaint has no decided_at")
        elif line["decided_at"] < line["at"]:
            yield Unfit("decided_at 早于 at", "decided_at lies before at")


COMPLAINTS = Register(
    "complaints",
    ("complaint",),
    (
        Column("complaint_no", text),
        Column("at", instant),
        Column("department", DEPARTMENT),
        Column("counter", COUNTER, needed=False),
        Column("clerk", CLERK, needed=False),
        Column("finding", choice(*get_args(ComplaintFinding))),
        Column("decided_at", instant, needed=False),
        Column("case_no", text, needed=False),
        Column("event", text, needed=False),
    ),
    ("complaint_no",),
    as_it_is("complaint"),
    _decided,
)


SERVICES = Register(
    "services",
    ("service_terms",),
    (
        Column("service", SERVICE),
        Column("department", DEPARTMENT),
        Column("legal_days", DAYS),
        Column("promised_days", DAYS),
        Column("steps_complete", boolean, needed=False),
        Column("sample", boolean, needed=False),
        Column("guide", boolean, needed=False),
        Column("valid_from", day, needed=False, default=""),
    ),
    ("service", "valid_from"),
    as_it_is("service_terms"),
)


def _answered(line: Mapping[str, Any]) -> Iterator[Unfit]:
    yield from _in_order(line, "asked_at", "answered_at")
    if line["level_source"] and not line["level"]:
        yield Unfit("有 level_source 而没有 level", "level_source without level")


def _consultation(line: dict[str, Any], _: Context) -> Rows:
    source = line["level_source"] or ("citizen" if line["level"] else None)
    return [("consultation", {**line, "level_source": source})]


CONSULTATIONS = Register(
    "consultations",
    ("consultation",),
    (
        Column("consult_no", text),
        Column("department", DEPARTMENT),
        Column("clerk", CLERK, needed=False),
        Column("service", SERVICE, needed=False),
        Column("channel", text),
        Column("person", person, needed=False),
        Column("asked_at", instant),
        Column("answered_at", instant, needed=False),
        Column("case_no", text, needed=False),
        LEVEL,
        LEVEL_SOURCE,
    ),
    ("consult_no",),
    _consultation,
    _answered,
)


def _online_spans(line: Mapping[str, Any]) -> Iterator[Unfit]:
    return _in_order(line, "online_from", "online_to")


ONLINE_DESK = Register(
    "online_desk",
    ("online_desk",),
    (Column("department", DEPARTMENT), Column("online_from", instant), Column("online_to", instant)),
    ("department", "online_from"),
    as_it_is("online_desk"),
    _online_spans,
    probe="online_from",
)

APPOINTMENTS = Register(
    "appointments",
    ("past_appointment",),
    (
        Column("appointment_no", text),
        Column("service", SERVICE),
        Column("department", DEPARTMENT),
        Column("channel", text),
        Column("requested_at", instant),
        Column("slot_at", instant),
        Column("state", text),
        Column("reason", text, needed=False),
        Column("number", text, needed=False),
    ),
    ("appointment_no",),
    as_it_is("past_appointment"),
)

NOTICES = Register(
    "notices",
    ("case_notice",),
    (
        Column("case_no", text),
        Column("kind", text),
        Column("notice_no", text),
        Column("at", instant),
    ),
    ("case_no", "kind", "notice_no"),
    as_it_is("case_notice"),
)
