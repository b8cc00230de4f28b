"""Seeding the calendar room from the settings: once into an empty database, the package's years at every start."""

import json

from hub.calendar.tables import RotaRow, ServiceOpeningRow, SpecialDayRow
from hub.calendar.verbs import learn_from_package
from hub.opening_hours import SpecialDaySeed
from hub.settings import ServiceSeed, Settings
from hub.store import Tx


def keep_calendar(tx: Tx, settings: Settings, *, first: bool = False) -> None:
    """Take in the years that the installed package knows and the table does not."""
    if settings.calendar.seed == "china":
        learn_from_package(tx, first=first)


def seed_opening(tx: Tx, plan: Settings) -> None:
    """Special days, services' own rules, rotas. Services and counters must be there already."""
    for place, special in enumerate(plan.special_days):
        tx.insert(_special_day(place, special))
    for service in plan.services:
        if service.hours or service.cut_off_minutes or service.quota:
            tx.insert(_service_opening(service))
    for rota in plan.rotas:
        overrides = {week: list(turn) for week, turn in rota.overrides.items()}
        weeks = [list(turn) for turn in rota.weeks]
        tx.insert(RotaRow(counter=rota.counter, first_week=rota.from_, weeks=_json(weeks), overrides=_json(overrides)))


def _special_day(place: int, special: SpecialDaySeed) -> SpecialDayRow:
    return SpecialDayRow(
        position=place,
        first=special.from_.isoformat(),
        last=(special.to or special.from_).isoformat(),
        names=_json(special.names),
        hours=_json(list(special.hours)),
        services=_json(list(special.services)),
    )


def _service_opening(service: ServiceSeed) -> ServiceOpeningRow:
    if isinstance(service.quota, int):
        bands = [{"from": "00:00", "to": "24:00", "most": service.quota}]
    else:
        bands = [{"from": band.from_, "to": band.to, "most": band.most} for band in service.quota]
    return ServiceOpeningRow(
        service=service.code,
        hours=_json({day: list(clocks) for day, clocks in service.hours.items()}),
        cut_off_minutes=service.cut_off_minutes,
        quota=_json(bands),
    )


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
