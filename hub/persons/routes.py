"""HTTP edge: what is known of a ticket's holder."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from hub.edges import HubDep, may, reply
from hub.store import Who
from hub.wire import HolderKept

router = APIRouter(prefix="/api/v1")
PersonReader = Annotated[Who, Depends(may("read_person"))]


@router.get("/tickets/{ticket}/person", response_model=HolderKept)
async def person(
    ticket: str, hub: HubDep, who: PersonReader, reason: Annotated[str | None, Query(max_length=200)] = None
) -> Response:
    """Masked without a reason; with one in clear, and recorded with who and why. Raises Unknown, Invalid."""
    return reply(await hub.store.write(hub.persons.read, who, None, ticket, reason))
