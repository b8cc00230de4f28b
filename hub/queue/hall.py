"""The hall as the database holds it: services, counters, hours. Read by verbs and drawings."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from hub.calendar.opening import OpeningState, opening
from hub.calendar.plan import Plan, services_this_week
from hub.calendar.reading import load_plan
from hub.clock import day_span, hall_day
from hub.journal import RunSql
from hub.opening_hours import CalendarSettings
from hub.queue import sql
from hub.queue.waits import Waits
from hub.settings import QueueSettings
from hub.wire import Level, Names

#: Journal kinds after which the hall is read again.
CONFIGURED = frozenset({"hall_seeded", "calendar_imported"})


@dataclass(frozen=True)
class ServiceFacts:
    code: str
    names: Names
    prefix: str
    parent: str | None
    documents: list[Names]
    estimate_minutes: float


@dataclass(frozen=True)
class CounterFacts:
    code: str
    label: str
    zone: str | None
    services: tuple[str, ...]
    second_services: tuple[str, ...]
    evaluator_levels: tuple[Level, ...]


@dataclass(frozen=True)
class PriorityFacts:
    names: Names
    head_start_minutes: float
    at_kiosk: bool


@dataclass(frozen=True)
class HallFacts:
    """What changes only by configuration; read again after an entry of `CONFIGURED`. `waits` goes with the day."""

    name: str
    names: Names
    language: str
    zone_info: ZoneInfo
    plan: Plan
    zones: dict[str, Names]
    services: dict[str, ServiceFacts]
    counters: dict[str, CounterFacts]
    priorities: dict[str, PriorityFacts]
    public_url: str
    rules: QueueSettings
    waits: Waits = field(default_factory=Waits, compare=False)

    @cached_property
    def head_starts(self) -> dict[str, float]:
        return {name: priority.head_start_minutes for name, priority in self.priorities.items()}

    @cached_property
    def headings(self) -> frozenset[str]:
        return frozenset(service.parent for service in self.services.values() if service.parent)

    @cached_property
    def estimate_minutes(self) -> dict[str, float]:
        """What the hall configured for each service that gives tickets."""
        return {code: one.estimate_minutes for code, one in self.services.items() if code not in self.headings}

    def counters_of(self, service: str, at: datetime | None = None) -> list[str]:
        """Codes of the counters that can serve it, in the hall's order; at a moment, those whose turn it is."""
        if at is not None and self.plan.rotas:
            return [code for code in self.counters if service in self.serves_this_week(code, at)]
        return [code for code, counter in self.counters.items() if service in counter.services]

    def day(self, at: datetime) -> str:
        """The business day of an instant: the hall's local day."""
        return hall_day(at, self.zone_info)

    def day_began(self, at: datetime) -> int:
        """The stored instant at which the business day of `at` began."""
        today = self.local(at).date()
        return day_span(today, today, self.zone_info)[0]

    def local(self, at: datetime) -> datetime:
        return at.astimezone(self.zone_info)

    def opening(self, at: datetime) -> OpeningState:
        """The hall's own hours; a service may have others."""
        return opening(self.plan, None, at)

    def serves_this_week(self, counter: str, at: datetime) -> tuple[str, ...]:
        """What the rota of the comprehensive window leaves a counter in this week; without one all it may serve."""
        return services_this_week(self.plan, counter, self.local(at).date())


def zone_of(run: RunSql) -> ZoneInfo:
    """The hall's time zone."""
    return ZoneInfo(run("SELECT time_zone FROM hall")[0][0])


def load_hall(
    run: RunSql, public_url: str, rules: QueueSettings, calendar: CalendarSettings = CalendarSettings()
) -> HallFacts:
    """The hall's configuration from the database; `public_url` is where citizens' phones reach the hub."""
    name, name_en, time_zone, language = run("SELECT name, name_en, time_zone, language FROM hall")[0]
    served: dict[str, list[str]] = {}
    second: dict[str, list[str]] = {}
    for counter, service, choice in run(
        "SELECT counter, service, choice FROM counter_service ORDER BY counter, position"
    ):
        served.setdefault(counter, []).append(service)
        if choice == 2:
            second.setdefault(counter, []).append(service)
    services = run("SELECT code, names, prefix, parent, documents, estimate_minutes FROM service ORDER BY position")
    counters = run("SELECT code, label, zone, evaluator_levels FROM counter ORDER BY position")
    return HallFacts(
        name=name,
        names={"zh": name, "en": name_en},
        language=language,
        zone_info=ZoneInfo(time_zone),
        plan=load_plan(run, calendar),
        zones={code: json.loads(names) for code, names in run("SELECT code, names FROM zone ORDER BY position")},
        services={
            row[0]: ServiceFacts(row[0], json.loads(row[1]), row[2], row[3], json.loads(row[4]), row[5])
            for row in services
        },
        counters={
            row[0]: CounterFacts(
                row[0],
                row[1],
                row[2],
                tuple(served.get(row[0], ())),
                tuple(second.get(row[0], ())),
                tuple(json.loads(row[3])),
            )
            for row in counters
        },
        priorities={
            row[0]: PriorityFacts(json.loads(row[1]), row[2], bool(row[3]))
            for row in run("SELECT name, names, head_start_minutes, at_kiosk FROM priority ORDER BY position")
        },
        public_url=public_url,
        rules=rules,
    )


def waiting_by_service(run: RunSql, day: str) -> dict[str, int]:
    return dict(run(sql.WAITING_BY_SERVICE, day=day))
