"""`GET /exports/…` and `hall export`: the same question, the same bytes."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from hub.clock import micros
from hub.figures.files import FORMATS, HEADINGS, Format, document, write
from hub.figures.groups import By
from hub.figures.rows import Floor
from hub.figures.tables import KINDS, Figures, Kind, figures
from hub.journal import RunSql
from hub.problems import Invalid, Unknown
from hub.wire import Language


@dataclass(frozen=True)
class Question:
    """What to export: inclusive hall days, grouped."""

    kind: Kind
    first: date
    last: date
    by: tuple[By, ...]
    form: Format


def question(kind: str, form: str, first: date, last: date, by: tuple[By, ...]) -> Question:
    """Raises Unknown (export, format), Invalid for days in the wrong order."""
    known = next((name for name in KINDS if name == kind), None)
    if known is None:
        raise Unknown("export", kind)
    chosen = next((name for name in FORMATS if name == form), None)
    if chosen is None:
        raise Unknown("format", form)
    if last < first:
        raise Invalid("to", f"{last} < {first}")
    return Question(known, first, last, by, chosen)


def export(run: RunSql, asked: Question, *, now: datetime, limit_s: int, language: Language) -> bytes:
    """The file's bytes, read from the database through `run`. `limit_s`: longer waits are over the hall's limit."""
    hall, name_en, zone = run("SELECT name, name_en, time_zone FROM hall")[0]
    floor = Floor(ZoneInfo(zone), micros(now))
    table = _figures(run, floor, asked, limit_s)
    name = hall if language == "zh" else name_en
    return write(table, asked.form, hall=name, language=language, made_at=now.astimezone(floor.zone))


def answer(
    run: RunSql, floor: Floor, asked: Question, compared: Question | None, *, limit_s: int, language: Language
) -> dict[str, Any]:
    """The figures as a document with their columns' headings; those of another period beside them as `compare`."""
    table = _figures(run, floor, asked, limit_s)
    told = document(table, language)
    told["columns"] = [{"name": name, "title": HEADINGS[name][language]} for name in table.columns]
    if compared is None:
        return told
    return told | {"compare": document(_figures(run, floor, compared, limit_s), language)}


def _figures(run: RunSql, floor: Floor, asked: Question, limit_s: int) -> Figures:
    return figures(run, floor, asked.kind, asked.first, asked.last, asked.by, limit_s=limit_s)
