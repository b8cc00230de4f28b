"""What the ticket machine asks the hub, and how an answer becomes an event. Runs on the link's event loop."""

import logging
from collections.abc import Callable
from typing import Any

from pydantic import ValidationError

from hub.link import HubAway, Link, Refused
from hub.wire import BoardHall, BoardService, HallAnswer, Holder, IssueTicket, PublicTicket, Ticket
from kiosk.presented import LookUp, PlaceTold, PlaceUntold
from kiosk.state import BoardSeen, Event, HallRead, HallUnread, Issue, IssueRefused, IssueUnanswered, TicketIssued

log = logging.getLogger("kiosk.asking")

ISSUE_TIMEOUT_S = 4.0


async def issue(link: Link, effect: Issue, tell: Callable[[Event], None]) -> None:
    """Take a number; an answer that is no ticket says as little as none, so the same key is asked again."""
    command = IssueTicket(
        service=effect.service,
        services=list(effect.further),
        priority=effect.priority,
        channel="kiosk",
        language=effect.language,
        person=Holder(id_number=effect.id_number) if effect.id_number else None,
    )
    try:
        answer = await link.post("/tickets", command, key=effect.key, timeout_s=ISSUE_TIMEOUT_S)
        tell(TicketIssued(effect.key, Ticket.model_validate(answer)))
    except Refused as error:
        tell(IssueRefused(effect.key, error.problem))
    except (HubAway, ValueError) as error:
        log.warning("no clear answer about a ticket", extra={"error": str(error)})
        tell(IssueUnanswered(effect.key))


async def look_up(link: Link, effect: LookUp, tell: Callable[[Event], None]) -> None:
    """Where a ticket stands, by the token on its slip; or join the queue again, as its phone page does."""
    path = f"/public/tickets/{effect.token}"
    try:
        if effect.rejoin_key is None:
            answer = await link.get(path, timeout_s=ISSUE_TIMEOUT_S)
        else:
            answer = await link.post(f"{path}/requeue", key=effect.rejoin_key, timeout_s=ISSUE_TIMEOUT_S)
        tell(PlaceTold(effect.token, PublicTicket.model_validate(answer)))
    except Refused as error:
        log.info("a scanned ticket was refused", extra={"code": error.problem.code})
        tell(PlaceUntold(effect.token, "gone" if error.problem.status < 500 else "no_answer"))
    except (HubAway, ValueError):  # their texts may hold the token
        log.warning("no clear answer about a scanned ticket")
        tell(PlaceUntold(effect.token, "no_answer"))


async def load_hall(link: Link, tell: Callable[[Event], None]) -> None:
    try:
        tell(HallRead(HallAnswer.model_validate(await link.get("/hall"))))
    except Refused as error:
        log.warning("the hall was refused", extra={"code": error.problem.code})
        tell(HallUnread())
    except (HubAway, ValueError) as error:
        log.warning("the hall could not be read", extra={"error": str(error)})
        tell(HallUnread())


def board_seen(board: dict[str, Any]) -> BoardSeen | None:
    """The part of the board a kiosk shows; None when it is not there or cannot be read."""
    try:
        opening = BoardHall.model_validate(board["hall"]).opening
        services = {code: BoardService.model_validate(one) for code, one in board["services"].items()}
    except (KeyError, ValidationError) as error:
        log.warning("the board cannot be read", extra={"error": type(error).__name__})
        return None
    return BoardSeen(services, opening)
