"""HTTP edges of the attendance record and of the lists of staff; they only translate."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from hub.edges import HubDep, KeyDep, may, once, reply
from hub.problems import Invalid
from hub.staff import verbs
from hub.staff.listing import register_rows
from hub.store import Reader, Who
from hub.wire import Attendance, AttendanceList, NewAttendance, RegisterRows

router = APIRouter(prefix="/api/v1")

PAGE_MOST = 200
Text = Annotated[str | None, Query(max_length=200)]
AttendanceReader = Annotated[Who, Depends(may("see_attendance"))]
AttendanceKeeper = Annotated[Who, Depends(may("keep_attendance"))]


@router.get("/attendance", response_model=AttendanceList)
async def listed(
    hub: HubDep,
    _: AttendanceReader,
    first: Annotated[date, Query(alias="from")] = date.min,
    last: Annotated[date, Query(alias="to")] = date.max,
    clerk: Text = None,
    department: Text = None,
    counter: Text = None,
    kind: Text = None,
    after: Text = None,
    limit: Annotated[int, Query(ge=1, le=PAGE_MOST)] = 50,
) -> Response:
    """Oldest first, each entry with what it amounts to."""
    values = (clerk, department, counter, kind)
    asked = {name: value for name, value in zip(verbs.FILTERS, values, strict=True) if value is not None}
    place = tuple(after.split("|")) if after else ()
    if len(place) not in (0, 4):
        raise Invalid("after", "应取自上一页的 next / take it from the page before (next)")
    return reply(await hub.store.read(_listed, asked, first.isoformat(), last.isoformat(), place, limit))


@router.post("/attendance", status_code=201, response_model=Attendance)
async def record(command: NewAttendance, hub: HubDep, who: AttendanceKeeper, key: KeyDep) -> Response:
    """考勤登记."""
    return reply(await hub.store.write(verbs.record_attendance, who, once(key, who, Attendance), command), 201)


@router.get("/registers/{kind}", response_model=RegisterRows)
async def register(kind: str, hub: HubDep, _: AttendanceReader) -> Response:
    """Departments, counters, staff, posts: to look at."""
    return reply(await hub.store.read(_register, kind))


def _register(reader: Reader, kind: str) -> RegisterRows:
    return register_rows(reader.rows, kind)


def _listed(
    reader: Reader, asked: dict[str, str], first: str, last: str, after: tuple[str, ...], most: int
) -> AttendanceList:
    return verbs.listed(reader.rows, asked, first=first, last=last, after=after, most=most)
