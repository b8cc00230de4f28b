"""HTTP edges of the findings; they only translate."""

import asyncio
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from hub.access import MAY
from hub.assessment import evidence, listing, verbs
from hub.assessment.leading import propose
from hub.assessment.scheme import Scheme
from hub.assessment.shelf import scheme_named
from hub.edges import Hub, HubDep, KeyDep, may, once, reply
from hub.problems import Forbidden, Invalid
from hub.queue.hall import HallFacts
from hub.store import Reader, Tx, Who
from hub.wire import (
    AppealFinding,
    ConfirmFinding,
    DismissFinding,
    Finding,
    Findings,
    FindingState,
    NewFinding,
    Proposed,
    ProposeFindings,
    ReviewAppeal,
)

router = APIRouter(prefix="/api/v1")

Text = Annotated[str | None, Query(max_length=80)]
FindingReader = Annotated[Who, Depends(may("see_findings"))]
Enterer = Annotated[Who, Depends(may("enter_finding"))]
Decider = Annotated[Who, Depends(may("decide_finding"))]
Appellant = Annotated[Who, Depends(may("appeal_finding"))]

_FILE = {"requestBody": {"required": True, "content": {"application/octet-stream": {"schema": {"type": "string"}}}}}


@router.get("/findings", response_model=Findings)
async def listed(
    hub: HubDep,
    who: FindingReader,
    scheme: Text = None,
    item: Text = None,
    state: FindingState | None = None,
    department: Text = None,
    counter: Text = None,
    clerk: Text = None,
    event: Text = None,
    first: Annotated[date | None, Query(alias="from")] = None,
    last: Annotated[date | None, Query(alias="to")] = None,
    appealed: bool = False,
    after: Text = None,
    limit: Annotated[int, Query(ge=1, le=listing.PAGE_MOST)] = 50,
) -> Response:
    """A clerk sees those of the counter that they sit at; `appealed=true`: whose appeal waits for its review."""
    values = (scheme, item, state, department, counter if who.role != "clerk" else who.counter or "", clerk, event)
    asked = {name: value for name, value in zip(listing.FILTERS, values, strict=True) if value is not None}
    days = (str(first or date.min), str(last or date.max))
    return reply(await hub.store.read(_listed, hub.hall, asked, days, after or "", limit, appealed))


@router.post("/findings", status_code=201, response_model=Finding)
async def enter(command: NewFinding, hub: HubDep, who: Enterer, key: KeyDep) -> Response:
    """Proposed; with `confirm` confirmed at once, by whoever may decide. Raises Invalid, Unknown, NotAllowed."""
    if command.confirm and who.role not in MAY["decide_finding"]:
        raise Forbidden(role=who.role)
    scheme = scheme_of(hub, command.scheme)
    return reply(await hub.store.write(_enter, who, once(key, who, Finding), scheme, hub.hall, command), 201)


@router.post("/findings/propose", response_model=Proposed)
async def propose_leads(command: ProposeFindings, hub: HubDep, who: Enterer) -> Response:
    """What the registers show of a period, as proposals; each is proposed once."""
    return reply(await propose(hub, who, scheme_of(hub, command.scheme), command.period))


@router.get("/findings/{finding}", response_model=Finding)
async def one(finding: str, hub: HubDep, who: FindingReader) -> Response:
    known = await hub.store.read(_one, hub.hall, finding)
    _own_only(who, known)
    return reply(known)


@router.post("/findings/{finding}/confirm", response_model=Finding)
async def confirm(finding: str, command: ConfirmFinding, hub: HubDep, who: Decider, key: KeyDep) -> Response:
    """属实."""
    scheme = await _scheme(hub, finding)
    done = once(key, who, Finding)
    return reply(await hub.store.write(_confirm, who, done, scheme, hub.hall, finding, command))


@router.post("/findings/{finding}/dismiss", response_model=Finding)
async def dismiss(finding: str, command: DismissFinding, hub: HubDep, who: Decider, key: KeyDep) -> Response:
    """不属实."""
    scheme = await _scheme(hub, finding)
    done = once(key, who, Finding)
    return reply(await hub.store.write(_dismiss, who, done, scheme, hub.hall, finding, command))


@router.post("/findings/{finding}/appeal", response_model=Finding)
async def appeal(finding: str, command: AppealFinding, hub: HubDep, who: Appellant, key: KeyDep) -> Response:
    """申诉; a clerk of their own counter's findings only."""
    known = await hub.store.read(_one, hub.hall, finding)
    _own_only(who, known)
    done = once(key, who, Finding)
    return reply(await hub.store.write(_appeal, who, done, scheme_of(hub, known.scheme), hub.hall, finding, command))


@router.post("/findings/{finding}/review", response_model=Finding)
async def review(finding: str, command: ReviewAppeal, hub: HubDep, who: Decider, key: KeyDep) -> Response:
    """复核, by another person."""
    scheme = await _scheme(hub, finding)
    done = once(key, who, Finding)
    return reply(await hub.store.write(_review, who, done, scheme, hub.hall, finding, command))


@router.post("/findings/{finding}/evidence", status_code=201, response_model=Finding, openapi_extra=_FILE)
async def add_evidence(
    finding: str, request: Request, hub: HubDep, who: Enterer, name: Annotated[str, Query(max_length=120)] = ""
) -> Response:
    """佐证材料: the file as the body. Raises Invalid for too long or another kind of file."""
    await hub.store.read(_one, hub.hall, finding)
    file = evidence.attachment(await _body(request))
    await asyncio.to_thread(evidence.keep, evidence.evidence_folder(hub.settings), file)
    kept_as = (file.sha256, name or file.sha256[:12], file.media_type, len(file.body))
    return reply(await hub.store.write(_attach, who, None, hub.hall, finding, kept_as), 201)


@router.get("/findings/{finding}/evidence/{sha256}")
async def file_of(finding: str, sha256: str, hub: HubDep, who: FindingReader) -> Response:
    _own_only(who, await hub.store.read(_one, hub.hall, finding))
    _, media_type = await hub.store.read(_evidence, finding, sha256)
    body = await asyncio.to_thread(evidence.kept, evidence.evidence_folder(hub.settings), sha256)
    headers = {"X-Content-Type-Options": "nosniff", "Content-Disposition": f'attachment; filename="{sha256[:12]}"'}
    return Response(body, media_type=media_type, headers=headers)


def scheme_of(hub: Hub, code: str) -> Scheme:
    """Raises Unknown, BadLines."""
    return scheme_named(hub.settings.assessment.schemes, code)


async def _scheme(hub: Hub, finding: str) -> Scheme:
    return scheme_of(hub, (await hub.store.read(_one, hub.hall, finding)).scheme)


async def _body(request: Request) -> bytes:
    """Not more than may be kept, whatever its length says."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > evidence.MOST_BYTES:
            raise Invalid("body", f"> {evidence.MOST_BYTES} bytes")
    return bytes(body)


def _own_only(who: Who, known: Finding) -> None:
    if who.role == "clerk" and (who.counter is None or known.counter != who.counter):
        raise Forbidden(role=who.role)


def _listed(
    reader: Reader,
    hall: HallFacts,
    asked: dict[str, str],
    days: tuple[str, str],
    after: str,
    most: int,
    appealed: bool,
) -> Findings:
    run, zone = reader.rows, hall.zone_info
    return listing.listed(run, zone, asked, first=days[0], last=days[1], after=after, most=most, appealed=appealed)


def _one(reader: Reader, hall: HallFacts, finding: str) -> Finding:
    return listing.finding_of(reader.rows, hall.zone_info, finding)


def _evidence(reader: Reader, finding: str, sha256: str) -> tuple[str, str]:
    return listing.evidence_of(reader.rows, finding, sha256)


def _enter(tx: Tx, scheme: Scheme, hall: HallFacts, command: NewFinding) -> Finding:
    return listing.finding_of(tx.rows, hall.zone_info, verbs.enter(tx, scheme, hall.zone_info, command))


def _confirm(tx: Tx, scheme: Scheme, hall: HallFacts, finding: str, command: ConfirmFinding) -> Finding:
    verbs.confirm(tx, scheme, finding, command)
    return listing.finding_of(tx.rows, hall.zone_info, finding)


def _dismiss(tx: Tx, scheme: Scheme, hall: HallFacts, finding: str, command: DismissFinding) -> Finding:
    verbs.dismiss(tx, scheme, finding, command)
    return listing.finding_of(tx.rows, hall.zone_info, finding)


def _appeal(tx: Tx, scheme: Scheme, hall: HallFacts, finding: str, command: AppealFinding) -> Finding:
    verbs.appeal(tx, scheme, finding, command)
    return listing.finding_of(tx.rows, hall.zone_info, finding)


def _review(tx: Tx, scheme: Scheme, hall: HallFacts, finding: str, command: ReviewAppeal) -> Finding:
    verbs.review(tx, scheme, finding, command)
    return listing.finding_of(tx.rows, hall.zone_info, finding)


def _attach(tx: Tx, hall: HallFacts, finding: str, kept_as: tuple[str, str, str, int]) -> Finding:
    verbs.add_evidence(tx, finding, *kept_as)
    return listing.finding_of(tx.rows, hall.zone_info, finding)
