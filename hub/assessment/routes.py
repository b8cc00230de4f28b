"""HTTP edges of the assessments; they only translate."""

import json
from datetime import datetime
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Query, Request, Response

from hub.assessment import closing, publishing
from hub.assessment.document import items_document, shortened
from hub.assessment.finding_routes import scheme_of
from hub.assessment.offer import offer
from hub.assessment.reports.files import MEDIA_TYPES, report
from hub.assessment.results import Question, computed, question, readings_of, result
from hub.assessment.scheme import Scheme
from hub.assessment.shelf import schemes
from hub.clock import hall_day
from hub.edges import Hub, HubDep, KeyDep, language_of, may, once, reply
from hub.journal import last_seq
from hub.opening_hours import CalendarSettings
from hub.problems import NotAllowed
from hub.store import Reader, Tx, Who
from hub.wire import (
    ClosedPeriod,
    ClosePeriod,
    Language,
    PeriodStanding,
    PublishedLines,
    PublishResult,
    ReopenPeriod,
    SchemeReadings,
    SetReading,
    SetUnitClass,
)

router = APIRouter(prefix="/api/v1")

AssessmentReader = Annotated[Who, Depends(may("export"))]
Keeper = Annotated[Who, Depends(may("keep_assessment"))]
Publisher = Annotated[Who, Depends(may("publish"))]
Unit = Annotated[str | None, Query(max_length=80)]

#: How often a closing is computed anew because something was entered meanwhile.
_TRIES = 3


@router.get("/assessments")
async def listed(hub: HubDep, request: Request, _: AssessmentReader) -> Response:
    """The schemes of the hall, with the readings in force."""
    language = language_of(request)
    found = [
        {
            "scheme": scheme.code,
            "title": scheme.names[language],
            "source": scheme.source[language],
            "unit": scheme.unit,
            "periods": [rule.kind for rule in scheme.periods],
            "readings": await hub.store.read(_readings, scheme),
        }
        for scheme in schemes(hub.settings.assessment.schemes).values()
    ]
    return _json({"schemes": found})


@router.get("/assessments/{scheme}")
async def items(scheme: str, hub: HubDep, request: Request, _: AssessmentReader) -> Response:
    """Its items and readings, every closing of a period, and what a page offers: periods, units, entries, words."""
    known = scheme_of(hub, scheme)
    language = language_of(request)
    closed = await hub.store.read(_closings, known)
    offered = await hub.store.read(_offer, known, language)
    told = {"closings": [one.wire() for one in closed], **offered}
    return _json(items_document(known, language) | told)


@router.get("/assessments/{scheme}/{period}")
async def scores(
    scheme: str,
    period: str,
    hub: HubDep,
    request: Request,
    _: AssessmentReader,
    unit: Unit = None,
    form: Annotated[Literal["json", "xlsx", "pdf", "csv"], Query(alias="format")] = "json",
    brief: bool = False,
) -> Response:
    """The contract's Assessment JSON, or the report that a hall signs; without `unit` all units.

    `brief`: the JSON with totals, awards and state only, for a ranking.
    """
    asked, language = question(scheme_of(hub, scheme), period, unit), language_of(request)
    if form == "json":
        document = await hub.store.read(_result, asked, hub.settings.calendar, language)
        return _json(shortened(document) if brief else document)
    body = await hub.store.read(_report, asked, hub.settings.calendar, form, language)
    name = f"{asked.scheme.code}_{asked.period.key}.{form}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(body, media_type=MEDIA_TYPES[form], headers=headers)


@router.get("/assessments/{scheme}/{period}/standing", response_model=PeriodStanding)
async def standing(scheme: str, period: str, hub: HubDep, _: AssessmentReader) -> Response:
    """Whether it can be closed, and what still waits."""
    asked = question(scheme_of(hub, scheme), period)
    return reply(await hub.store.read(_standing, asked, hub.hall.zone_info))


@router.post("/assessments/{scheme}/{period}/close", response_model=ClosedPeriod)
async def close(scheme: str, period: str, command: ClosePeriod, hub: HubDep, who: Keeper) -> Response:
    """定稿. Raises NotAllowed while the period lasts, or anything waits for a decision."""
    asked = question(scheme_of(hub, scheme), period)
    for _ in range(_TRIES):
        text, today, seq = await hub.store.read(_to_freeze, asked, hub.settings.calendar, hub)
        if await hub.store.write(closing.close_period, who, None, asked.scheme, asked.period, text, today, seq):
            return reply((await hub.store.read(_closings, asked.scheme, asked.period.key))[-1])
    raise NotAllowed(
        state="changing",
        zh="登记册正在变动，请稍后再定稿。",
        en="the registers are being changed; try again in a moment.",
    )


@router.post("/assessments/{scheme}/{period}/reopen", response_model=ClosedPeriod)
async def reopen(scheme: str, period: str, command: ReopenPeriod, hub: HubDep, who: Keeper) -> Response:
    """Raises Unknown when it is not closed."""
    asked = question(scheme_of(hub, scheme), period)
    await hub.store.write(closing.reopen_period, who, None, asked.scheme, asked.period, command.reason)
    return reply((await hub.store.read(_closings, asked.scheme, asked.period.key))[-1])


@router.post("/assessments/{scheme}/{period}/publish", response_model=PublishedLines)
async def publish(
    scheme: str, period: str, command: PublishResult, hub: HubDep, who: Publisher, dry: bool = False
) -> Response:
    """发布到大屏; with `dry=true` only what would stand there. Raises NotAllowed, Invalid."""
    asked = question(scheme_of(hub, scheme), period)
    if dry:
        return reply(await hub.store.read(_preview, asked, command))
    return reply(await hub.store.write(publishing.publish, who, None, asked.scheme, asked.period, command))


@router.post("/assessments/{scheme}/readings", response_model=SchemeReadings)
async def set_reading(scheme: str, command: SetReading, hub: HubDep, who: Keeper, key: KeyDep) -> Response:
    """理解: how the hall reads the scheme from now on."""
    known = scheme_of(hub, scheme)
    return reply(await hub.store.write(_set_reading, who, once(key, who, SchemeReadings), known, command))


@router.post("/assessments/{scheme}/classes", status_code=204)
async def set_class(scheme: str, command: SetUnitClass, hub: HubDep, who: Keeper) -> Response:
    """“双目标” class of a unit: shown beside its score, never part of it."""
    await hub.store.write(closing.set_class, who, None, scheme_of(hub, scheme), command)
    return Response(status_code=204)


def _json(document: dict[str, Any]) -> Response:
    """Nulls stay: a score without data is null, not absent."""
    return Response(json.dumps(document, ensure_ascii=False), media_type="application/json")


def _result(reader: Reader, asked: Question, rules: CalendarSettings, language: Language) -> dict[str, Any]:
    return result(reader.rows, asked, rules, now=reader.now, language=language)


def _report(reader: Reader, asked: Question, rules: CalendarSettings, form: str, language: Language) -> bytes:
    return report(reader, asked.scheme, _result(reader, asked, rules, language), form, language)


def _to_freeze(reader: Reader, asked: Question, rules: CalendarSettings, hub: Hub) -> tuple[str, str, int]:
    """The result as text, today, and the newest journal entry before it was computed."""
    seq = last_seq(reader.rows)
    now: datetime = reader.now
    found = computed(reader.rows, asked, rules, now=now)
    return closing.frozen_text(found), hall_day(now, hub.hall.zone_info), seq


def _offer(reader: Reader, scheme: Scheme, language: Language) -> dict[str, Any]:
    zone = ZoneInfo(reader.rows("SELECT time_zone FROM hall")[0][0])
    return offer(reader.rows, scheme, reader.now.astimezone(zone).date(), language)


def _standing(reader: Reader, asked: Question, zone: ZoneInfo) -> PeriodStanding:
    proposed, appeals = closing.waiting(reader.rows, asked.scheme.code, asked.period)
    return PeriodStanding(
        scheme=asked.scheme.code,
        period=asked.period.key,
        first=asked.period.first.isoformat(),
        last=asked.period.last.isoformat(),
        over=hall_day(reader.now, zone) > asked.period.last.isoformat(),
        proposed=proposed,
        appeals=appeals,
        closings=_closings(reader, asked.scheme, asked.period.key),
    )


def _preview(reader: Reader, asked: Question, command: PublishResult) -> PublishedLines:
    return publishing.preview(reader.rows, asked.scheme, asked.period, command)


def _readings(reader: Reader, scheme: Scheme) -> dict[str, str]:
    return scheme.read_as(readings_of(reader.rows, scheme))


def _closings(reader: Reader, scheme: Scheme, period: str | None = None) -> list[ClosedPeriod]:
    return closing.closings(reader.rows, scheme.code, period)


def _set_reading(tx: Tx, scheme: Scheme, command: SetReading) -> SchemeReadings:
    closing.set_reading(tx, scheme, command)
    return SchemeReadings(scheme=scheme.code, readings=scheme.read_as(readings_of(tx.rows, scheme)))
