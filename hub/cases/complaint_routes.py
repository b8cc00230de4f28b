"""HTTP edges of the complaints; they only translate."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from hub.cases import complaints
from hub.cases.records import PAGE_MOST
from hub.edges import HubDep, KeyDep, may, once, reply
from hub.queue.hall import HallFacts
from hub.store import Reader, Who
from hub.wire import Complaint, ComplaintFinding, Complaints, DecideComplaint, NewComplaint, ReopenComplaint

router = APIRouter(prefix="/api/v1")

Text = Annotated[str | None, Query(max_length=80)]
ComplaintReader = Annotated[Who, Depends(may("see_complaints"))]
Filer = Annotated[Who, Depends(may("file_complaint"))]
Decider = Annotated[Who, Depends(may("decide_complaint"))]


@router.get("/complaints", response_model=Complaints)
async def listed(
    hub: HubDep,
    _: ComplaintReader,
    complaint_no: Text = None,
    department: Text = None,
    counter: Text = None,
    clerk: Text = None,
    finding: ComplaintFinding | None = None,
    case_no: Text = None,
    after: Text = None,
    limit: Annotated[int, Query(ge=1, le=PAGE_MOST)] = 50,
) -> Response:
    values = (complaint_no, department, counter, clerk, finding, case_no)
    asked = {name: value for name, value in zip(complaints.FILTERS, values, strict=True) if value is not None}
    return reply(await hub.store.read(_listed, hub.hall, asked, after or "", limit))


@router.post("/complaints", status_code=201, response_model=Complaint)
async def file(command: NewComplaint, hub: HubDep, who: Filer, key: KeyDep) -> Response:
    """登记."""
    done = once(key, who, Complaint)
    return reply(await hub.store.write(complaints.file_complaint, who, done, hub.hall, command), 201)


@router.post("/complaints/{complaint_no}/decide", response_model=Complaint)
async def decide(complaint_no: str, command: DecideComplaint, hub: HubDep, who: Decider, key: KeyDep) -> Response:
    """经查属实、不属实、无法核实."""
    done = once(key, who, Complaint)
    return reply(await hub.store.write(complaints.decide, who, done, hub.hall, complaint_no, command))


@router.post("/complaints/{complaint_no}/reopen", response_model=Complaint)
async def reopen(complaint_no: str, command: ReopenComplaint, hub: HubDep, who: Decider, key: KeyDep) -> Response:
    """重新核实."""
    done = once(key, who, Complaint)
    return reply(await hub.store.write(complaints.reopen, who, done, hub.hall, complaint_no, command))


def _listed(reader: Reader, hall: HallFacts, asked: dict[str, str], after: str, most: int) -> Complaints:
    return complaints.listed(reader.rows, hall.zone_info, asked, after=after, most=most)
