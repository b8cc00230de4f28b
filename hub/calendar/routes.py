"""HTTP edges of the calendar; they only translate."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import ValidationError

from hub.calendar.dates import NamedDay
from hub.calendar.reading import load_calendar, load_origin
from hub.calendar.sheet import Sheet, read_sheet, sheet_of
from hub.calendar.standing import warnings
from hub.calendar.verbs import import_sheet
from hub.calendar.wall_clock import hall_day
from hub.calendar.working_days import working_days_of
from hub.clock import instant
from hub.edges import HubDep, KeyDep, may, once, reply
from hub.journal import RunSql
from hub.problems import Invalid, MalformedJson
from hub.queue.hall import HallFacts
from hub.store import Reader, Tx, Who
from hub.wire import CalendarAnswer, CalendarDay, NewCalendar

router = APIRouter(prefix="/api/v1")

CalendarReader = Annotated[Who, Depends(may("see_calendar"))]
CalendarKeeper = Annotated[Who, Depends(may("change_calendar"))]
Year = Annotated[int | None, Query(ge=2000, le=2199)]
Source = Annotated[str, Query(max_length=200)]

#: More than this is no calendar.
BODY_MOST_BYTES = 1_000_000
_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "text/csv": {"schema": {"type": "string", "description": "columns date, kind, name"}},
            "application/json": {"schema": NewCalendar.model_json_schema(ref_template="#/components/schemas/{model}")},
        },
    }
}


@router.get("/calendar", response_model=CalendarAnswer)
async def calendar(hub: HubDep, _: CalendarReader, year: Year = None) -> Response:
    """One year of the active version; without `year` the hall's own."""
    return reply(await hub.store.read(_calendar, hub.hall, year))


@router.post("/calendar", status_code=201, response_model=CalendarAnswer, openapi_extra=_BODY)
async def import_calendar(
    request: Request, hub: HubDep, who: CalendarKeeper, key: KeyDep, year: Year = None, source: Source = ""
) -> Response:
    """A new version from CSV or JSON, taken whole or not at all. Raises BadLines."""
    given = _given(request.headers.get("content-type", ""), await request.body())
    only = year or given.year
    whole = hub.settings.calendar.seed == "china"
    done = once(key, who, CalendarAnswer)
    return reply(
        await hub.store.write(_import, who, done, hub.hall, given.sheet, source or given.source, only, whole), 201
    )


@dataclass(frozen=True)
class _Given:
    sheet: Sheet
    source: str = "upload"
    year: int | None = None


def _given(content_type: str, body: bytes) -> _Given:
    """Raises Invalid for another type, too long or not UTF-8; MalformedJson."""
    if len(body) > BODY_MOST_BYTES:
        raise Invalid("body", f"> {BODY_MOST_BYTES} bytes")
    reader = _READERS.get(content_type.partition(";")[0].strip().lower())
    if reader is None:
        raise Invalid("content-type", " / ".join(_READERS))
    try:
        return reader(body.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise Invalid("body", f"UTF-8: {error.reason}") from error


def _from_csv(text: str) -> _Given:
    return _Given(read_sheet(text))


def _from_json(text: str) -> _Given:
    try:
        new = NewCalendar.model_validate_json(text)
    except ValidationError as error:
        problem = error.errors()[0]
        if problem["type"] == "json_invalid":
            raise MalformedJson from error
        raise Invalid(".".join(str(part) for part in problem["loc"]) or "body", problem["msg"]) from error
    days = [NamedDay(day.date, day.kind, day.name) for day in new.dates]
    return _Given(sheet_of(days), new.source or "upload", new.year)


_READERS = {"text/csv": _from_csv, "application/json": _from_json}


def _import(tx: Tx, hall: HallFacts, sheet: Sheet, source: str, year: int | None, whole_years: bool) -> CalendarAnswer:
    import_sheet(tx, sheet, source=source, year=year, whole_years=whole_years)
    return _told(tx.rows, hall, tx.now, year or min(day.date.year for _, day in sheet.rows))


def _calendar(reader: Reader, hall: HallFacts, year: int | None) -> CalendarAnswer:
    return _told(reader.rows, hall, reader.now, year)


def _told(run: RunSql, hall: HallFacts, now: datetime, year: int | None) -> CalendarAnswer:
    active, (made_at, made_by, source) = load_calendar(run), load_origin(run)
    today = hall_day(hall.plan.zone, now)
    asked = year or today.year
    known = asked in active.years
    return CalendarAnswer(
        version=active.version,
        made_at=hall.local(instant(made_at)),
        made_by=made_by,
        source=source,
        years=sorted(active.years),
        year=asked,
        known=known,
        working_days=working_days_of(active, asked) if known else None,
        dates=[CalendarDay(date=day.date, kind=day.kind, name=day.name) for day in active.of_year(asked)],
        warnings=warnings(active, today),
    )
