"""HTTP edges of the queue; they only translate."""

from typing import Annotated

from fastapi import APIRouter, Body, Depends, Request, Response

from hub.edges import CITIZEN, CounterCloser, CounterStaff, HubDep, KeyDep, asker, may, once, reply
from hub.queue import counters, lists, moves, places, tickets, views, visits
from hub.queue.hall import HallFacts
from hub.store import Reader, Who
from hub.wire import (
    Away,
    CallAnswer,
    CallChosen,
    CallNext,
    Counter,
    CounterQueue,
    Finish,
    HallAnswer,
    Hold,
    IssueTicket,
    OpenCounter,
    Place,
    PrintFailed,
    PublicTicket,
    Resume,
    Ticket,
    Transfer,
)

router = APIRouter(prefix="/api/v1")

BoardReader = Annotated[Who, Depends(may("see_board"))]
TicketTaker = Annotated[Who, Depends(may("take_ticket"))]
TicketReader = Annotated[Who, Depends(may("see_ticket"))]
TicketCanceller = Annotated[Who, Depends(may("cancel_ticket"))]
Requeuer = Annotated[Who, Depends(may("requeue_ticket"))]
PlaceReader = Annotated[Who, Depends(may("explain_place"))]
PaperKeeper = Annotated[Who, Depends(may("paper"))]


@router.get("/hall", response_model=HallAnswer)
async def hall(hub: HubDep, _: BoardReader) -> Response:
    return reply(await hub.store.read(_hall, hub.hall, hub.speed))


@router.post("/tickets", status_code=201, response_model=Ticket)
async def take_ticket(command: IssueTicket, hub: HubDep, who: TicketTaker, key: KeyDep) -> Response:
    return reply(await hub.store.write(hub.persons.issue, who, once(key, who, Ticket), hub.hall, command), 201)


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


@router.post("/public/tickets/{token}/cancel", response_model=PublicTicket)
async def cancel_by_token(token: str, hub: HubDep, key: KeyDep) -> Response:
    """The citizen gives the place up on the phone; whoever holds the slip's token may."""
    return reply(
        await hub.store.write(tickets.cancel_by_token, CITIZEN, once(key, CITIZEN, PublicTicket), hub.hall, token)
    )


@router.post("/public/tickets/{token}/requeue", response_model=PublicTicket)
async def requeue_by_token(token: str, hub: HubDep, key: KeyDep) -> Response:
    """The citizen who was missed is back, and joins the queue again on the phone by the hall's rule."""
    return reply(
        await hub.store.write(moves.requeue_by_token, CITIZEN, once(key, CITIZEN, PublicTicket), hub.hall, token)
    )


@router.post("/tickets/{ticket}/requeue", response_model=Ticket)
async def requeue(ticket: str, hub: HubDep, who: Requeuer, key: KeyDep) -> Response:
    """Back into the queue after a no-show or a hold."""
    return reply(await hub.store.write(moves.requeue, who, once(key, who, Ticket), hub.hall, ticket))


@router.get("/tickets/{ticket}/place", response_model=Place)
async def place(ticket: str, hub: HubDep, _: PlaceReader) -> Response:
    """Why the ticket is where it is."""
    return reply(await hub.store.read(_place, hub.hall, ticket))


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
    return reply(await hub.store.write(counters.open_counter, who, once(key, who, Counter), hub.hall, counter, command))


@router.post("/counters/{counter}/close", response_model=Counter)
async def close_counter(counter: str, hub: HubDep, who: CounterCloser, key: KeyDep) -> Response:
    """A duty leader or manager may close it for a clerk who left it open."""
    return reply(await hub.store.write(counters.close_counter, who, once(key, who, Counter), hub.hall, counter))


@router.post("/counters/{counter}/away", response_model=Counter)
async def go_away(counter: str, hub: HubDep, who: CounterStaff, key: KeyDep, command: Away) -> Response:
    return reply(await hub.store.write(counters.go_away, who, once(key, who, Counter), hub.hall, counter, command))


@router.post("/counters/{counter}/back", response_model=Counter)
async def come_back(counter: str, hub: HubDep, who: CounterStaff, key: KeyDep) -> Response:
    return reply(await hub.store.write(counters.come_back, who, once(key, who, Counter), hub.hall, counter))


@router.get("/counters/{counter}/queue", response_model=CounterQueue)
async def counter_queue(counter: str, hub: HubDep, who: PlaceReader) -> Response:
    """Who is there, and whom a clerk may choose from: waiting, held, missed today."""
    return reply(await hub.store.read(_queue, hub.hall, who, counter))


@router.post("/counters/{counter}/next", response_model=CallAnswer)
async def call_next(
    counter: str, hub: HubDep, who: CounterStaff, key: KeyDep, command: Annotated[CallNext, Body()] = CallNext()
) -> Response:
    return reply(await hub.store.write(visits.call_next, who, once(key, who, CallAnswer), hub.hall, counter, command))


@router.post("/counters/{counter}/call", response_model=CallAnswer)
async def call_chosen(counter: str, hub: HubDep, who: CounterStaff, key: KeyDep, command: CallChosen) -> Response:
    return reply(await hub.store.write(visits.call_chosen, who, once(key, who, CallAnswer), hub.hall, counter, command))


@router.post("/counters/{counter}/hold", response_model=CallAnswer)
async def hold(
    counter: str, hub: HubDep, who: CounterStaff, key: KeyDep, command: Annotated[Hold, Body()] = Hold()
) -> Response:
    return reply(await hub.store.write(moves.hold, who, once(key, who, CallAnswer), hub.hall, counter, command))


@router.post("/counters/{counter}/resume", response_model=CallAnswer)
async def resume(counter: str, hub: HubDep, who: CounterStaff, key: KeyDep, command: Resume) -> Response:
    return reply(await hub.store.write(visits.resume, who, once(key, who, CallAnswer), hub.hall, counter, command))


@router.post("/counters/{counter}/transfer", response_model=CallAnswer)
async def transfer(counter: str, hub: HubDep, who: CounterStaff, key: KeyDep, command: Transfer) -> Response:
    return reply(await hub.store.write(moves.transfer, who, once(key, who, CallAnswer), hub.hall, counter, command))


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


def _place(reader: Reader, hall: HallFacts, ticket: str) -> Place:
    return places.place(reader.rows, hall, ticket, reader.now)


def _queue(reader: Reader, hall: HallFacts, who: Who, counter: str) -> CounterQueue:
    return lists.counter_queue(reader.rows, hall, who, counter, reader.now)


def _public(reader: Reader, hall: HallFacts, token: str) -> PublicTicket:
    return views.public_ticket(reader.rows, hall, token, reader.now)


def _counter(reader: Reader, hall: HallFacts, code: str) -> Counter:
    return views.counter_by_code(reader.rows, hall, code, reader.now)
