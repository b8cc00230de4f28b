"""HTTP edges of the queue; they only translate."""

from typing import Annotated

from fastapi import APIRouter, Body, Depends, Request, Response

from hub.edges import CounterStaff, HubDep, KeyDep, asker, may, once, reply
from hub.queue import tickets, views, visits
from hub.queue.hall import HallFacts
from hub.store import Reader, Who
from hub.wire import (
    CallAnswer,
    CallNext,
    Counter,
    Finish,
    HallAnswer,
    IssueTicket,
    OpenCounter,
    PrintFailed,
    PublicTicket,
    Ticket,
)

router = APIRouter(prefix="/api/v1")

BoardReader = Annotated[Who, Depends(may("see_board"))]
TicketTaker = Annotated[Who, Depends(may("take_ticket"))]
TicketReader = Annotated[Who, Depends(may("see_ticket"))]
TicketCanceller = Annotated[Who, Depends(may("cancel_ticket"))]
PaperKeeper = Annotated[Who, Depends(may("paper"))]


@router.get("/hall", response_model=HallAnswer)
async def hall(hub: HubDep, _: BoardReader) -> Response:
    return reply(await hub.store.read(_hall, hub.hall, hub.speed))


@router.post("/tickets", status_code=201, response_model=Ticket)
async def take_ticket(command: IssueTicket, hub: HubDep, who: TicketTaker, key: KeyDep) -> Response:
    return reply(await hub.store.write(tickets.issue, who, once(key, who, Ticket), hub.hall, command), 201)


@router.get("/tickets/{ticket}", response_model=Ticket)
async def ticket(ticket: str, hub: HubDep, _: TicketReader) -> Response:
    return reply(await hub.store.read(_ticket, hub.hall, ticket))


@router.get("/public/tickets/{token}", response_model=PublicTicket)
async def public_ticket(token: str, hub: HubDep) -> Response:
    """What a citizen's phone may know of a ticket: whoever holds the slip's token, and nobody else."""
    return reply(await hub.store.read(_public, hub.hall, token))


@router.post("/tickets/{ticket}/cancel", response_model=Ticket)
async def cancel(ticket: str, hub: HubDep, who: TicketCanceller, key: KeyDep) -> Response:
    return reply(await hub.store.write(tickets.cancel, who, once(key, who, Ticket), hub.hall, ticket))


@router.post("/tickets/{ticket}/printed", response_model=Ticket)
async def printed(ticket: str, hub: HubDep, who: PaperKeeper, key: KeyDep) -> Response:
    return reply(await hub.store.write(tickets.printed, who, once(key, who, Ticket), hub.hall, ticket))


@router.post("/tickets/{ticket}/print-failed", response_model=Ticket)
async def print_failed(
    ticket: str, hub: HubDep, who: PaperKeeper, key: KeyDep, command: Annotated[PrintFailed, Body()] = PrintFailed()
) -> Response:
    return reply(await hub.store.write(tickets.print_failed, who, once(key, who, Ticket), hub.hall, ticket, command))


@router.post("/tickets/{ticket}/reprint", response_model=Ticket)
async def reprint(ticket: str, hub: HubDep, who: PaperKeeper, key: KeyDep) -> Response:
    return reply(await hub.store.write(tickets.reprint, who, once(key, who, Ticket), hub.hall, ticket))


@router.get("/counters/{counter}", response_model=Counter)
async def counter(counter: str, hub: HubDep, request: Request) -> Response:
    hub.access.check(asker(request), "see_board")
    return reply(await hub.store.read(_counter, hub.hall, counter))


@router.post("/counters/{counter}/open", response_model=Counter)
async def open_counter(
    counter: str, hub: HubDep, who: CounterStaff, key: KeyDep, command: Annotated[OpenCounter, Body()] = OpenCounter()
) -> Response:
    return reply(await hub.store.write(visits.open_counter, who, once(key, who, Counter), hub.hall, counter, command))


@router.post("/counters/{counter}/close", response_model=Counter)
async def close_counter(counter: str, hub: HubDep, who: CounterStaff, key: KeyDep) -> Response:
    return reply(await hub.store.write(visits.close_counter, who, once(key, who, Counter), hub.hall, counter))


@router.post("/counters/{counter}/next", response_model=CallAnswer)
async def call_next(
    counter: str, hub: HubDep, who: CounterStaff, key: KeyDep, command: Annotated[CallNext, Body()] = CallNext()
) -> Response:
    return reply(await hub.store.write(visits.call_next, who, once(key, who, CallAnswer), hub.hall, counter, command))


@router.post("/counters/{counter}/recall", response_model=CallAnswer)
async def recall(counter: str, hub: HubDep, who: CounterStaff, key: KeyDep) -> Response:
    return reply(await hub.store.write(visits.recall, who, once(key, who, CallAnswer), hub.hall, counter))


@router.post("/counters/{counter}/start", response_model=CallAnswer)
async def start(counter: str, hub: HubDep, who: CounterStaff, key: KeyDep) -> Response:
    return reply(await hub.store.write(visits.start, who, once(key, who, CallAnswer), hub.hall, counter))


@router.post("/counters/{counter}/no-show", response_model=CallAnswer)
async def no_show(counter: str, hub: HubDep, who: CounterStaff, key: KeyDep) -> Response:
    return reply(await hub.store.write(visits.no_show, who, once(key, who, CallAnswer), hub.hall, counter))


@router.post("/counters/{counter}/finish", response_model=CallAnswer)
async def finish(
    counter: str, hub: HubDep, who: CounterStaff, key: KeyDep, command: Annotated[Finish, Body()] = Finish()
) -> Response:
    return reply(await hub.store.write(visits.finish, who, once(key, who, CallAnswer), hub.hall, counter, command))


def _hall(reader: Reader, hall: HallFacts, speed: float) -> HallAnswer:
    return views.hall_answer(reader.rows, hall, reader.now, speed)


def _ticket(reader: Reader, hall: HallFacts, ticket: str) -> Ticket:
    return views.ticket_by_id(reader.rows, hall, ticket, reader.now)


def _public(reader: Reader, hall: HallFacts, token: str) -> PublicTicket:
    return views.public_ticket(reader.rows, hall, token, reader.now)


def _counter(reader: Reader, hall: HallFacts, code: str) -> Counter:
    return views.counter_by_code(reader.rows, hall, code, reader.now)
