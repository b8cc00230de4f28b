"""HTTP edges of the notices; they only translate."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from hub.edges import HubDep, may, reply
from hub.notices import verbs
from hub.store import Reader, Who
from hub.wire import HallNotices, WithdrawNotices

router = APIRouter(prefix="/api/v1")

NoticeReader = Annotated[Who, Depends(may("export"))]
Publisher = Annotated[Who, Depends(may("publish"))]


@router.get("/notices", response_model=HallNotices)
async def listed(hub: HubDep, _: NoticeReader) -> Response:
    """What is on the screens now."""
    return reply(await hub.store.read(_standing))


@router.post("/notices/withdraw", response_model=HallNotices)
async def withdraw(command: WithdrawNotices, hub: HubDep, who: Publisher) -> Response:
    """撤下. Raises Unknown when nothing of the source stands."""
    await hub.store.write(verbs.withdraw, who, None, command.source)
    return reply(await hub.store.read(_standing))


def _standing(reader: Reader) -> HallNotices:
    return HallNotices(notices=verbs.standing(reader.rows))
