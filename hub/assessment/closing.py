"""定稿: a period's result is frozen with its hash, which the sealed journal keeps too; reopening leaves a trace."""

import hashlib
import json

from pydantic import ValidationError

from hub.assessment.assessing import Assessment
from hub.assessment.document import document
from hub.assessment.periods import Period
from hub.assessment.publishing import source_of
from hub.assessment.readings import KNOWN, fits
from hub.assessment.scheme import Scheme
from hub.assessment.shelf import scheme_named
from hub.assessment.tables import ClosingRow
from hub.assessment.verbs import must_be_open
from hub.clock import instant, micros
from hub.journal import RunSql
from hub.notices.verbs import withdraw_if_standing
from hub.problems import HallError, Invalid, NotAllowed, Unknown
from hub.settings import Settings, SettingsError
from hub.store import Tx
from hub.wire import ClosedPeriod, SetReading, SetUnitClass

_OPEN = """
SELECT (SELECT count(*) FROM finding WHERE scheme = :scheme AND state = 'proposed' AND day BETWEEN :first AND :last),
       (SELECT count(*) FROM finding_appeal a JOIN finding f ON f.id = a.finding
        WHERE f.scheme = :scheme AND a.outcome IS NULL AND f.day BETWEEN :first AND :last)
"""
_REOPEN = """
UPDATE period_closing SET reopened_at = :at, reopened_by = :by, reason = :reason
WHERE scheme = :scheme AND period = :period AND reopened_at IS NULL RETURNING sha256
"""
_HISTORY = """
SELECT scheme, period, sha256, closed_by, closed_at, reopened_by, reopened_at, reason FROM period_closing
WHERE scheme = :scheme AND (CAST(:period AS TEXT) IS NULL OR period = :period) ORDER BY closed_at
"""
_SINCE = "SELECT DISTINCT kind FROM journal WHERE seq > :seq"
_KEEP_READING = """
INSERT INTO scheme_reading (scheme, name, value, made_at, made_by) VALUES (:scheme, :name, :value, :at, :by)
ON CONFLICT (scheme, name) DO UPDATE SET value = :value, made_at = :at, made_by = :by
"""
_KEEP_CLASS = """
INSERT INTO unit_class (scheme, year, unit, class_code, made_at, made_by)
VALUES (:scheme, :year, :unit, :class_code, :at, :by)
ON CONFLICT (scheme, year, unit) DO UPDATE SET class_code = :class_code, made_at = :at, made_by = :by
"""

#: Entries that change no score of a period that is over: what happens on the floor now, and who comes in.
_OF_TODAY = (
    "ticket_", "visit_", "counter_", "evaluation_", "signed_", "sign_in", "session_", "journal_", "backup_", "station_",
    "pairing_", "locked_", "unlocked", "person", "password_", "clock_", "rota_", "token_", "account_",
)  # fmt: skip


def frozen_text(assessment: Assessment) -> str:
    """What is kept, in both languages; the same result gives the same text."""
    both = {
        "zh": document(assessment, unit=None, language="zh"),
        "en": document(assessment, unit=None, language="en"),
    }
    return json.dumps(both, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def close_period(tx: Tx, scheme: Scheme, period: Period, text: str, today: str, seq: int) -> bool:
    """Keep the result that was computed at journal entry `seq`; False when what it rests on has changed since.

    Raises NotAllowed: not over yet, closed already, findings or appeals still to be decided.
    """
    tx.alone(f"assessment {scheme.code}")
    if any(not kind.startswith(_OF_TODAY) for (kind,) in tx.rows(_SINCE, seq=seq)):
        return False
    _may_close(tx, scheme, period, today)
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    tx.insert(
        ClosingRow(
            id=tx.new_id(),
            scheme=scheme.code,
            period=period.key,
            first=period.first.isoformat(),
            last=period.last.isoformat(),
            document=text,
            sha256=sha256,
            closed_at=micros(tx.now),
            closed_by=tx.who.name,
        )
    )
    tx.record("period_closed", scheme=scheme.code, period=period.key, sha256=sha256)
    return True


def waiting(run: RunSql, scheme: str, period: Period) -> tuple[int, int]:
    """Leads that nobody has decided, and appeals that nobody has reviewed."""
    proposed, appeals = run(_OPEN, scheme=scheme, first=period.first.isoformat(), last=period.last.isoformat())[0]
    return int(proposed), int(appeals)


def reopen_period(tx: Tx, scheme: Scheme, period: Period, reason: str) -> None:
    """What was published of it is withdrawn. Raises Unknown when it is not closed."""
    tx.alone(f"assessment {scheme.code}")
    rows = tx.rows(_REOPEN, scheme=scheme.code, period=period.key, at=micros(tx.now), by=tx.who.name, reason=reason)
    if not rows:
        raise Unknown("closed_period", period.key)
    tx.record("period_reopened", scheme=scheme.code, period=period.key, sha256=rows[0][0])
    withdraw_if_standing(tx, source_of(scheme.code, period.key))


def closings(run: RunSql, scheme: str, period: str | None = None) -> list[ClosedPeriod]:
    """Every closing and reopening, oldest first."""
    return [
        ClosedPeriod(
            scheme=row[0],
            period=row[1],
            sha256=row[2],
            closed_by=row[3],
            closed_at=instant(row[4]),
            reopened_by=row[5],
            reopened_at=None if row[6] is None else instant(row[6]),
            reason=row[7],
        )
        for row in run(_HISTORY, scheme=scheme, period=period)
    ]


def set_reading(tx: Tx, scheme: Scheme, command: SetReading) -> None:
    """How the hall reads the scheme from now on; closed periods stay as they are. Raises Invalid."""
    known = {one.name: one for one in scheme.readings}
    reading = known.get(command.name)
    if reading is None:
        raise Invalid("name", " | ".join(known) or "—")
    allowed = reading.choices or dict.fromkeys(KNOWN[command.name])
    if not fits(command.name, command.value) or (reading.choices and command.value not in reading.choices):
        raise Invalid("value", f"{command.name}: {' | '.join(allowed)}")
    place = {"scheme": scheme.code, "name": command.name}
    before = tx.rows("SELECT value FROM scheme_reading WHERE scheme = :scheme AND name = :name", **place)
    tx.rows(_KEEP_READING, **place, value=command.value, at=micros(tx.now), by=tx.who.name)
    was = before[0][0] if before else reading.default
    told = {"reading": command.name, "value": command.value, "before": was, "reason": command.reason}
    tx.record("reading_changed", scheme=scheme.code, **told)


def seed_readings(tx: Tx, settings: Settings) -> None:
    """What hall.toml says of schemes that the hall has not touched yet; afterwards the database holds it.

    Raises SettingsError for a scheme or switch that does not exist.
    """
    for seed in settings.schemes:
        if tx.rows("SELECT 1 FROM scheme_reading WHERE scheme = :scheme", scheme=seed.code):
            continue
        try:
            scheme = scheme_named(settings.assessment.schemes, seed.code)
            for name, value in sorted(seed.readings.items()):
                set_reading(tx, scheme, SetReading(name=name, value=value))
        except (HallError, ValidationError) as error:
            raise SettingsError(f"[[scheme]] {seed.code}: {error}") from error


def set_class(tx: Tx, scheme: Scheme, command: SetUnitClass) -> None:
    """“双目标”责任制 class of a unit, shown beside its score. Raises Invalid, NotAllowed (year closed)."""
    if command.class_code not in scheme.classes:
        raise Invalid("class", " | ".join(scheme.classes) or "—")
    tx.alone(f"assessment {scheme.code}")
    must_be_open(tx, scheme.code, f"{command.year}-12-31", f"{command.year}-12-31")
    unit, year, class_code = command.unit, command.year, command.class_code
    values = {"unit": unit, "year": year, "class_code": class_code}
    tx.rows(_KEEP_CLASS, scheme=scheme.code, **values, at=micros(tx.now), by=tx.who.name)
    tx.record("unit_classed", scheme=scheme.code, unit=unit, year=year, class_code=class_code)


def _may_close(tx: Tx, scheme: Scheme, period: Period, today: str) -> None:
    if today <= period.last.isoformat():
        raise NotAllowed(state="not_over", zh=f"{period.key} 尚未结束。", en=f"{period.key} is not over yet.")
    if tx.rows(
        "SELECT 1 FROM period_closing WHERE scheme = :scheme AND period = :period AND reopened_at IS NULL",
        scheme=scheme.code,
        period=period.key,
    ):
        raise NotAllowed(state="period_closed", zh=f"{period.key} 已定稿。", en=f"{period.key} is closed already.")
    proposed, appeals = waiting(tx.rows, scheme.code, period)
    if proposed or appeals:
        raise NotAllowed(
            state="undecided",
            zh=f"还有 {proposed} 条线索待认定、{appeals} 项申诉待复核，请先处理。",
            en=f"{proposed} findings and {appeals} appeals wait for a decision; decide them first.",
        )
