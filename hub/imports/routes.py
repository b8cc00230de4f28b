"""HTTP edges of the imports: a CSV as the body, its progress, its bad lines, and what was taken before."""

import csv
import io
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from hub.clock import instant
from hub.edges import HubDep, language_of, may, reply
from hub.imports.uploads import Uploads, keep, must_be_known
from hub.store import Reader, Who
from hub.wire import Imports, ImportTold, Language, PastImport

router = APIRouter(prefix="/api/v1")

Importer = Annotated[Who, Depends(may("import_registers"))]
PAST_MOST = 50
_FILE = {"requestBody": {"required": True, "content": {"text/csv": {"schema": {"type": "string"}}}}}
_PAST = """
SELECT id, kind, file, rows, sha256, begun_by, begun_at FROM import_run WHERE published
ORDER BY begun_at DESC LIMIT :most
"""


async def _uploads(request: Request) -> Uploads:
    uploads: Uploads = request.app.state.uploads
    return uploads


UploadsDep = Annotated[Uploads, Depends(_uploads)]


@router.get("/imports", response_model=Imports)
async def listed(hub: HubDep, request: Request, uploads: UploadsDep, _: Importer) -> Response:
    """Uploads of this process and everything that was taken."""
    language = language_of(request)
    past = await hub.store.read(_past)
    return reply(Imports(now=[one.told(language) for one in uploads.newest_first()], past=past))


@router.post("/imports/{kind}", status_code=202, response_model=ImportTold, openapi_extra=_FILE)
async def begin(
    kind: str,
    request: Request,
    hub: HubDep,
    uploads: UploadsDep,
    who: Importer,
    name: Annotated[str, Query(max_length=120)] = "",
    create_missing: bool = False,
) -> Response:
    """Told to be at work; how it goes is asked for by its id. Raises Unknown (kind), Invalid (too long)."""
    must_be_known(kind)
    path = await keep(hub.settings, request.stream())
    upload = uploads.begin(kind, name or f"{kind}.csv", who, path, create=create_missing)
    return reply(upload.told(language_of(request)), 202)


@router.get("/imports/{upload}", response_model=ImportTold)
async def one(upload: str, request: Request, uploads: UploadsDep, _: Importer) -> Response:
    return reply(uploads.one(upload).told(language_of(request)))


@router.get("/imports/{upload}/bad-lines")
async def bad_lines(upload: str, request: Request, uploads: UploadsDep, _: Importer) -> Response:
    """All of them as CSV, in the asker's language."""
    found = uploads.one(upload)
    language: Language = language_of(request)
    text = io.StringIO(newline="")
    lines = csv.writer(text)
    lines.writerow(("line", "reason"))
    lines.writerows((bad.line, bad.zh if language == "zh" else bad.en) for bad in found.bad)
    headers = {"Content-Disposition": f'attachment; filename="bad_lines_{found.id}.csv"'}
    return Response(b"\xef\xbb\xbf" + text.getvalue().encode(), media_type="text/csv; charset=utf-8", headers=headers)


def _past(reader: Reader) -> list[PastImport]:
    return [_told(*row) for row in reader.rows(_PAST, most=PAST_MOST)]


def _told(run: str, kind: str, file: str, rows: int, sha256: str, by: str, at: int) -> PastImport:
    return PastImport(id=run, register_name=kind, file=file, rows=rows, sha256=sha256, by=by, at=instant(at))
