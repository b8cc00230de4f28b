"""HTTP edges of the cases; they only translate."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Query, Response

from hub.cases import records
from hub.cases.records import PAGE_MOST
from hub.edges import HubDep, KeyDep, may, once, reply
from hub.queue.hall import HallFacts
from hub.store import Reader, Who
from hub.wire import (
    Case,
    CaseAppoint,
    CaseChangeKind,
    CaseClose,
    CaseCorrection,
    CaseExtend,
    CaseKind,
    CaseNoticeGiven,
    CaseResume,
    Cases,
    CaseState,
    CaseSuspend,
    CaseVerb,
    CaseWhole,
    CaseWithdraw,
    NewCase,
)

router = APIRouter(prefix="/api/v1")

CaseReader = Annotated[Who, Depends(may("see_cases"))]
CaseKeeper = Annotated[Who, Depends(may("keep_cases"))]
Text = Annotated[str | None, Query(max_length=80)]

#: The body of each verb; None: it takes none.
BODIES: dict[CaseVerb, Any] = {
    "accept": None,
    "correction": CaseCorrection,
    "corrected": None,
    "suspend": CaseSuspend,
    "resume": Annotated[CaseResume, Body(default_factory=CaseResume)],
    "extend": CaseExtend,
    "appoint": CaseAppoint,
    "missed": None,
    "change-kind": CaseChangeKind,
    "notice": CaseNoticeGiven,
    "close": CaseClose,
    "withdraw": CaseWithdraw,
}


@router.get("/cases", response_model=Cases)
async def cases(
    hub: HubDep,
    _: CaseReader,
    case_no: Text = None,
    department: Text = None,
    service: Text = None,
    counter: Text = None,
    clerk: Text = None,
    kind: CaseKind | None = None,
    state: CaseState | None = None,
    overdue: bool = False,
    after: Text = None,
    limit: Annotated[int, Query(ge=1, le=PAGE_MOST)] = 50,
) -> Response:
    """By number; `overdue=true` gives those that are or were closed too late."""
    values = (case_no, department, service, counter, clerk, kind, state)
    asked = {name: value for name, value in zip(records.FILTERS, values, strict=True) if value is not None}
    return reply(await hub.store.read(_listed, hub.hall, asked, overdue, after or "", limit))


@router.post("/cases", status_code=201, response_model=Case)
async def receive(command: NewCase, hub: HubDep, who: CaseKeeper, key: KeyDep) -> Response:
    """收件."""
    return reply(await hub.store.write(hub.casework.receive, who, once(key, who, Case), hub.hall, command), 201)


@router.get("/cases/{case_no}", response_model=CaseWhole)
async def case(case_no: str, hub: HubDep, _: CaseReader) -> Response:
    """With its steps, notices and suspensions, and every deadline as it was computed, line by line."""
    return reply(await hub.store.read(_whole, hub.hall, case_no))


def _verb(verb: CaseVerb, body: Any) -> Callable[..., Awaitable[Response]]:
    async def plain(case_no: str, hub: HubDep, who: CaseKeeper, key: KeyDep) -> Response:
        return reply(await hub.store.write(hub.casework.act, who, once(key, who, Case), hub.hall, case_no, verb))

    async def told(case_no: str, command: Any, hub: HubDep, who: CaseKeeper, key: KeyDep) -> Response:
        done = once(key, who, Case)
        return reply(await hub.store.write(hub.casework.act, who, done, hub.hall, case_no, verb, command))

    told.__annotations__["command"] = body
    return plain if body is None else told


for _name, _body in BODIES.items():
    router.add_api_route(
        f"/cases/{{case_no}}/{_name}", _verb(_name, _body), methods=["POST"], response_model=Case, name=f"case {_name}"
    )


def _listed(reader: Reader, hall: HallFacts, asked: dict[str, str], late: bool, after: str, most: int) -> Cases:
    return records.listed(reader.rows, hall.zone_info, reader.now, asked, late=late, after=after, most=most)


def _whole(reader: Reader, hall: HallFacts, case_no: str) -> CaseWhole:
    return records.whole(reader.rows, case_no, hall.zone_info, reader.now)
