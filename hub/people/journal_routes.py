"""The journal as an auditor reads it: one hall day, newest first, a page at a time. Nothing here changes anything."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from hub.clock import day_span
from hub.edges import HubDep, may, reply
from hub.people.journal_pages import Asked, page_of
from hub.queue.hall import HallFacts
from hub.store import Reader, Who
from hub.wire import JournalPage

router = APIRouter(prefix="/api/v1")

JournalReader = Annotated[Who, Depends(may("see_journal"))]
PAGE = 100
PAGE_MOST = 500


@router.get("/journal", response_model=JournalPage)
async def journal(
    hub: HubDep,
    _: JournalReader,
    day: date | None = None,
    kind: Annotated[str | None, Query(max_length=60)] = None,
    who: Annotated[str | None, Query(max_length=200)] = None,
    before: int | None = None,
    most: Annotated[int, Query(ge=1, le=PAGE_MOST)] = PAGE,
) -> Response:
    """The entries of a hall day (today's without one), of a kind, of somebody, before a number."""
    wanted = day or date.fromisoformat(hub.hall.day(hub.store.now()))
    span = day_span(wanted, wanted, hub.hall.zone_info)
    answer = reply(await hub.store.read(_page, hub.hall, Asked(*span, kind, who, before, most)))
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _page(reader: Reader, hall: HallFacts, asked: Asked) -> JournalPage:
    return page_of(reader.rows, asked, hall.zone_info)
