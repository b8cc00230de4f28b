"""The registers of the demo's past: cases, complaints, attendance and what else the assessment reads.

They come by the import that a hall would use, from files made up here: what is wrong in them is told, not bent.
"""

import csv
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

from hub.edges import Hub
from hub.imports.loading import Import
from hub.imports.shelf import BY_COMMAND
from hub.queue.hall import HallFacts
from hub.store import SYSTEM

Row = dict[str, object]

CASES_A_DAY = 5
SHARE_LATE = 0.02
SHARE_OFF_SITE = 0.03
SHARE_RATED = 0.5
LEVELS = ("very_satisfied",) * 16 + ("satisfied",) * 3 + ("dissatisfied",)
#: Counters, each with the department that sits there (in the example hall).
WINDOWS = {"1": "市场监督管理局", "2": "自然资源和规划局", "3": "人力资源和社会保障局", "4": "公安局"}


async def plant_registers(hub: Hub, days: int) -> None:
    """The weekdays before today, `days` calendar days back. Raises BadLines when a file of ours is wrong."""
    now = hub.hall.local(hub.store.now())
    past = [now.date() - timedelta(days=back) for back in range(days, 0, -1)]
    weekdays = [day for day in past if day.weekday() < 5]
    if not weekdays:
        return
    departments = await hub.store.read(lambda reader: dict(reader.rows("SELECT code, department FROM service")))
    files = _files(_Past(hub.hall, departments, now, weekdays, Random(days)))
    taking = Import(hub.store, hub.settings, hub.keys, SYSTEM, lambda step, done, whole, rows: None)
    with tempfile.TemporaryDirectory(prefix="hall-demo-") as folder:
        for number, (command, rows) in enumerate(files):
            path = Path(folder) / f"{number}.csv"
            if _write(path, rows):
                await taking.take(path, BY_COMMAND[command])


def _write(path: Path, rows: list[Row]) -> bool:
    if not rows:
        return False
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return True


@dataclass(frozen=True)
class _Past:
    """The hall with the department of each service, now, and the weekdays to fill."""

    hall: HallFacts
    departments: dict[str, str]
    now: datetime
    days: list[date]
    chance: Random

    def at(self, day: date, hour: int, minute: int = 0) -> datetime:
        return datetime(day.year, day.month, day.day, hour, minute, tzinfo=self.hall.zone_info)


def _files(past: _Past) -> list[tuple[str, list[Row]]]:
    """Staff first: the others name them."""
    days, chance = past.days, past.chance
    since = days[0].isoformat()
    cases = [case for day in days for case in _cases(past, day)]
    services = [code for code, service in past.hall.services.items() if service.prefix]
    return [
        ("registers", [_member(counter, since) for counter in WINDOWS]),
        ("registers", [_terms(past.departments[service], service) for service in services]),
        ("cases", cases),
        ("registers", [one for day in days for one in _consultations(past, day)]),
        ("complaints", [one for day in days[::9] for one in _complaints(day, chance)]),
        ("attendance", [one for day in days for one in _absences(day, chance)]),
        ("registers", _self_checks(days, chance)),
    ]


def _member(counter: str, since: str) -> Row:
    return {
        "clerk": f"demo-clerk-{counter}",
        "department": WINDOWS[counter],
        "counter": counter,
        "rank": "科员",
        "established": "true",
        "chief_representative": "true" if counter == "1" else "false",
        "valid_from": since,
    }


def _terms(department: str, service: str) -> Row:
    return {
        "service": service,
        "department": department,
        "legal_days": 20,
        "promised_days": 5,
        "steps_complete": "true",
        "sample": "true",
        "guide": "true",
    }


def _cases(past: _Past, day: date) -> Iterator[Row]:
    chance, hall = past.chance, past.hall
    for number in range(CASES_A_DAY):
        counter = chance.choice(list(WINDOWS))
        service = chance.choice([code for code in hall.services if counter in hall.counters_of(code)])
        received = past.at(day, 9) + timedelta(minutes=chance.randrange(150))
        at_once = chance.random() < 0.6
        late = not at_once and chance.random() < SHARE_LATE * 4
        took = (
            timedelta(minutes=20)
            if at_once
            else timedelta(days=chance.choice([12, 14]) if late else chance.choice([1, 4, 5]))
        )
        closed = received + took
        open_ = closed > past.now
        rated = not open_ and chance.random() < SHARE_RATED
        yield {
            "case_no": f"DEMO{day:%y%m%d}-{number + 1:02d}",
            "service": service,
            "department": WINDOWS[counter],
            "counter": counter,
            "clerk": f"demo-clerk-{counter}",
            "kind": "immediate" if at_once else "promised",
            "online": "false",
            "on_site": "false" if chance.random() < SHARE_OFF_SITE else "true",
            "received_at": f"{received:%F %R}",
            "legal_days": 20,
            "promised_days": 1 if at_once else 5,
            "closed_at": "" if open_ else f"{closed:%F %R}",
            "outcome": "open" if open_ else "approved",
            "level": chance.choice(LEVELS) if rated else "",
        }


def _consultations(past: _Past, day: date) -> Iterator[Row]:
    chance = past.chance
    for number in range(chance.randrange(2, 6)):
        asked = past.at(day, 10, chance.randrange(60))
        yield {
            "consult_no": f"DEMO-Q{day:%y%m%d}-{number}",
            "department": chance.choice(list(WINDOWS.values())),
            "channel": "counter",
            "asked_at": f"{asked:%F %R}",
            "answered_at": f"{asked + timedelta(minutes=3):%F %R}",
        }


def _complaints(day: date, chance: Random) -> Iterator[Row]:
    counter = chance.choice(list(WINDOWS))
    finding = chance.choice(["verified", "unfounded", "open"])
    yield {
        "complaint_no": f"DEMO-T{day:%y%m%d}",
        "at": f"{day:%F} 15:20",
        "department": WINDOWS[counter],
        "counter": counter,
        "finding": finding,
        "decided_at": "" if finding == "open" else f"{day + timedelta(days=1):%F} 10:00",
    }


def _absences(day: date, chance: Random) -> Iterator[Row]:
    if chance.random() < 0.12:
        counter = chance.choice(list(WINDOWS))
        yield {
            "clerk": f"demo-clerk-{counter}",
            "department": WINDOWS[counter],
            "counter": counter,
            "date": day.isoformat(),
            "session": "am",
            "kind": "late",
            "minutes": chance.choice([8, 15, 16, 22, 40]),
        }


def _self_checks(days: list[date], chance: Random) -> list[Row]:
    """One for every counter and finished month."""
    months = sorted({f"{day:%Y-%m}" for day in days})
    return [
        {
            "month": month,
            "counter": counter,
            "score": chance.randrange(86, 100),
            "by": f"demo-clerk-{counter}",
            "submitted_at": f"{month}-28 17:00",
        }
        for month in months
        for counter in WINDOWS
    ]
