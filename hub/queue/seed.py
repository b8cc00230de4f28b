"""Seeding an empty database from the settings, once. Afterwards the database holds the hall."""

import json
import tomllib
from importlib.resources import files

from hub.calendar.seed import keep_calendar, seed_opening
from hub.queue.tables import CounterRow, CounterServiceRow, HallRow, PriorityRow, ServiceRow, ZoneRow
from hub.settings import PrioritySeed, Settings, settings_from
from hub.staff.departments import know_departments
from hub.store import Tx

ORDINARY = "ordinary"


def example_hall() -> Settings:
    """The packaged example hall's settings."""
    text = files("hub").joinpath("example.toml").read_text(encoding="utf-8")
    return settings_from(tomllib.loads(text), origin="example.toml")


def seed(tx: Tx, settings: Settings) -> bool:
    """Fill an empty database; False when it already holds a hall. Without services the example hall is taken."""
    if tx.rows("SELECT 1 FROM hall"):
        keep_calendar(tx, settings)
        return False
    tx.alone("seed")
    if tx.rows("SELECT 1 FROM hall"):  # by a process that started together with this one
        return False
    plan = settings if settings.services else example_hall()
    hours = [season.model_dump(mode="json", by_alias=True) for season in settings.hours]
    tx.insert(
        HallRow(
            id=1,
            name=settings.hall.name,
            name_en=settings.hall.name_en,
            time_zone=settings.hall.time_zone,
            language=settings.hall.language,
            hours=_json(hours),
        )
    )
    _seed_services(tx, plan)
    _seed_counters(tx, plan)
    _seed_priorities(tx, plan)
    know_departments(tx)
    seed_opening(tx, plan)
    keep_calendar(tx, settings, first=True)
    tx.record("hall_seeded", services=len(plan.services), counters=len(plan.counters))
    return True


def _seed_services(tx: Tx, plan: Settings) -> None:
    headings = {service.parent for service in plan.services if service.parent}
    ordered = sorted(plan.services, key=lambda service: service.parent != "")
    places = {service.code: place for place, service in enumerate(plan.services)}
    for service in ordered:
        tx.insert(
            ServiceRow(
                code=service.code,
                names=_json(service.names),
                prefix="" if service.code in headings else service.prefix,
                parent=service.parent or None,
                department=service.department,
                documents=_json(list(service.documents)),
                estimate_minutes=service.estimate_minutes,
                position=places[service.code],
            )
        )


def _seed_counters(tx: Tx, plan: Settings) -> None:
    """A counter without a list of services serves all of them."""
    for place, zone in enumerate(plan.zones):
        tx.insert(ZoneRow(code=zone.code, names=_json(zone.names), position=place))
    leaves = tuple(service.code for service in plan.services if service.prefix)
    children: dict[str, tuple[str, ...]] = {
        heading.code: tuple(s.code for s in plan.services if s.parent == heading.code) for heading in plan.services
    }
    for place, counter in enumerate(plan.counters):
        tx.insert(
            CounterRow(
                code=counter.code,
                label=counter.label or f"{counter.code} 号窗口",
                zone=counter.zone or None,
                department=counter.department,
                evaluator_levels=_json(list(counter.evaluator_levels)),
                position=place,
                second_after_minutes=counter.second_after_minutes,
            )
        )
        wanted = [leaf for code in counter.services or leaves for leaf in children[code] or (code,)]
        second = [leaf for code in counter.second_services for leaf in children[code] or (code,)]
        for position, code in enumerate(dict.fromkeys([*wanted, *second])):
            choice = 1 if code in wanted else 2
            tx.insert(CounterServiceRow(counter=counter.code, service=code, position=position, choice=choice))


def _seed_priorities(tx: Tx, plan: Settings) -> None:
    named = list(plan.priorities)
    if not any(priority.name == ORDINARY for priority in named):
        named.insert(0, PrioritySeed(name=ORDINARY, names={"zh": "普通", "en": "Ordinary"}))
    for place, priority in enumerate(named):
        tx.insert(
            PriorityRow(
                name=priority.name,
                names=_json(priority.names or {"zh": priority.name}),
                head_start_minutes=priority.head_start_minutes,
                at_kiosk=priority.at_kiosk,
                position=place,
            )
        )


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
