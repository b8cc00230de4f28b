"""The report of a document as a file, with the name and the time of the hall."""

from typing import Any
from zoneinfo import ZoneInfo

from hub.assessment.reports.book import book
from hub.assessment.reports.lines import as_csv
from hub.assessment.reports.paper import paper
from hub.assessment.scheme import Scheme
from hub.store import Reader
from hub.wire import Language

MEDIA_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "csv": "text/csv; charset=utf-8",
}


def report(reader: Reader, scheme: Scheme, document: dict[str, Any], form: str, language: Language) -> bytes:
    """The bytes; `form` is a key of MEDIA_TYPES."""
    if form == "csv":
        return as_csv(document)
    name, name_en, zone = reader.rows("SELECT name, name_en, time_zone FROM hall")[0]
    hall = name if language == "zh" else name_en
    if form == "xlsx":
        return book(document, scheme, hall=hall, language=language)
    return paper(document, hall=hall, language=language, made_at=reader.now.astimezone(ZoneInfo(zone)))
