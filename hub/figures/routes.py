"""HTTP edge of the exports."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import StreamingResponse

from hub.edges import HubDep, language_of, may
from hub.figures.exports import Question, export, question
from hub.figures.files import MEDIA_TYPES
from hub.figures.groups import parse_by
from hub.figures.list_exports import list_question, stream
from hub.figures.lists import LISTS
from hub.store import Reader, Who
from hub.wire import Language

router = APIRouter(prefix="/api/v1")


@router.get("/exports/{kind}.{form}")
async def exported(
    kind: str,
    form: str,
    hub: HubDep,
    request: Request,
    _: Annotated[Who, Depends(may("export"))],
    first: Annotated[date, Query(alias="from")],
    last: Annotated[date, Query(alias="to")],
    by: str = "",
    codes: str | None = None,
) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{kind}_{first}_{last}.{form}"'}
    if kind in LISTS:
        rows = list_question(kind, form, first, last, hub.hall.zone_info, codes)
        return StreamingResponse(stream(hub.store.read, rows), media_type=MEDIA_TYPES[rows.form], headers=headers)
    asked = question(kind, form, first, last, parse_by(by))
    body = await hub.store.read(_export, asked, hub.settings.figures.wait_limit_minutes, language_of(request))
    return Response(body, media_type=MEDIA_TYPES[asked.form], headers=headers)


def _export(reader: Reader, asked: Question, limit_minutes: float, language: Language) -> bytes:
    return export(reader.rows, asked, now=reader.now, limit_s=round(limit_minutes * 60), language=language)
