"""`GET /exports/…` and `hall export`: the same question, the same bytes."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from hub.figures.files import FORMATS, Format, write
from hub.figures.tables import KINDS, By, Kind, satisfaction, waits
from hub.journal import RunSql
from hub.problems import Invalid, Unknown
from hub.wire import Language

_TABLES = {"satisfaction": satisfaction, "waits": waits}


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


def export(run: RunSql, asked: Question, *, language: Language) -> bytes:
    """The file's bytes, read from the database through `run`."""
    hall, name_en, zone = run("SELECT name, name_en, time_zone FROM hall")[0]
    figures = _TABLES[asked.kind](run, ZoneInfo(zone), asked.first, asked.last, asked.by)
    return write(figures, asked.form, hall=hall if language == "zh" else name_en, language=language)
