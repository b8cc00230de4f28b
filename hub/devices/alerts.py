"""Alerts: told, acknowledged, over; each function is one verb or one query."""

import json
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from hub.alert_settings import AlertRule
from hub.clock import instant, micros
from hub.devices.rules import Seen, Standing, again_after, letter
from hub.devices.tables import AlertLetterRow, AlertRow
from hub.problems import Forbidden, Unknown
from hub.store import Reader, Tx
from hub.wire import Alert

_COLUMNS = (
    "id", "rule", "roles", "station", "device", "state", "code", "detail", "since", "raised_at", "acknowledged_by",
    "acknowledged_at", "ended_at",
)  # fmt: skip
_FACTS = ", ".join(_COLUMNS)
_STANDING = "SELECT id, rule, station, device FROM alert WHERE ended_at IS NULL"
_HAS = f"{_STANDING} AND rule = :rule AND station = :station AND device = :device"


def settle(
    tx: Tx, fresh: Sequence[tuple[AlertRule, Seen, int]], over: Sequence[str], hall: str, *, webhook: bool
) -> None:
    """Tell the fresh ones and end what is over; done once, however many processes judge."""
    tx.alone("alerts")
    for rule, told, since in fresh:
        if not tx.rows(_HAS, rule=rule.name, station=told.station, device=told.device):
            _raise(tx, rule, told, since, hall, webhook=webhook and rule.webhook)
    for alert in over:
        _end(tx, alert, hall, webhook=webhook)


def _raise(tx: Tx, rule: AlertRule, told: Seen, since: int, hall: str, *, webhook: bool) -> None:
    row = AlertRow(
        id=tx.new_id(),
        rule=rule.name,
        roles="|".join(rule.roles),
        station=told.station,
        device=told.device,
        state=told.state,
        code=told.code,
        detail=told.detail,
        since=since,
        raised_at=micros(tx.now),
    )
    tx.insert(row)
    tx.record(
        "alert_raised", rule=rule.name, station=told.station, device=told.device, state=told.state, code=told.code
    )
    if webhook:
        _write(tx, "raised", row, hall)


def _end(tx: Tx, alert: str, hall: str, *, webhook: bool) -> None:
    rows = tx.rows(
        f"UPDATE alert SET ended_at = :now WHERE id = :id AND ended_at IS NULL RETURNING {_FACTS}",
        now=micros(tx.now),
        id=alert,
    )
    if not rows:
        return
    row = _row(rows[0])
    tx.record("alert_ended", rule=row.rule, station=row.station, device=row.device)
    if webhook:
        _write(tx, "ended", row, hall)


def _write(tx: Tx, event: str, row: AlertRow, hall: str) -> None:
    """Into the outbox, in the same transaction: what was told to a page is told to the webhook too."""
    facts = {
        "alert": row.id,
        "rule": row.rule,
        "station": row.station,
        "device": row.device,
        "state": row.state,
        "code": row.code,
        "detail": row.detail,
        "since": instant(row.since).isoformat(),
        "at": tx.now.isoformat(),
    }
    body = json.dumps(letter(event, facts, hall), ensure_ascii=False, separators=(",", ":"))
    tx.insert(AlertLetterRow(id=tx.new_id(), body=body, made_at=micros(tx.now), next_at=micros(tx.now)))


def acknowledge(tx: Tx, alert: str, zone: ZoneInfo) -> Alert:
    """Somebody looks after it; the first one stays. Raises Unknown, Forbidden for a role that is not told of it."""
    rows = tx.rows(f"SELECT {_FACTS} FROM alert WHERE id = :id /* FOR UPDATE */", id=alert)
    if not rows:
        raise Unknown("alert", alert)
    row = _row(rows[0])
    if tx.who.role not in row.roles.split("|"):
        raise Forbidden(role=tx.who.role)
    if row.acknowledged_at is None:
        row.acknowledged_by, row.acknowledged_at = tx.who.name, micros(tx.now)
        tx.rows(
            "UPDATE alert SET acknowledged_by = :who, acknowledged_at = :now WHERE id = :id",
            who=tx.who.name,
            now=micros(tx.now),
            id=alert,
        )
        tx.record("alert_acknowledged", rule=row.rule, station=row.station, device=row.device)
    return shown(row, zone)


def shown(row: AlertRow, zone: ZoneInfo) -> Alert:
    """As it is read by people, in hall time."""
    facts = {name: getattr(row, name) for name in ("id", "rule", "station", "device", "state", "code", "detail")}
    moments = {name: getattr(row, name) for name in ("since", "raised_at", "acknowledged_at", "ended_at")}
    local = {name: instant(at).astimezone(zone) for name, at in moments.items() if at is not None}
    return Alert.model_validate({**facts, **local, "acknowledged_by": row.acknowledged_by})


def _row(values: Sequence[Any]) -> AlertRow:
    return AlertRow(**dict(zip(_COLUMNS, values, strict=True)))


def standing(reader: Reader) -> list[Standing]:
    """Alerts that are not over."""
    return [Standing(*row) for row in reader.rows(_STANDING)]


def alerts_of(reader: Reader, role: str, *, most: int = 200) -> list[AlertRow]:
    """What this role is told of: standing ones first, then those of the past, newest first."""
    rows = reader.rows(
        f"SELECT {_FACTS} FROM alert ORDER BY CASE WHEN ended_at IS NULL THEN 0 ELSE 1 END, raised_at DESC, id DESC"
        " LIMIT :most",
        most=most,
    )
    found = [_row(row) for row in rows]
    return [row for row in found if role in row.roles.split("|")]


# -- the outbox of the webhook

#: While a letter is under way no other process sends it.
UNDER_WAY_MICROS = 30_000_000
_OLDEST = "SELECT id, body, next_at FROM alert_letter WHERE next_at IS NOT NULL ORDER BY made_at, id LIMIT 1"


def due_letter(reader: Reader) -> bool:
    """Whether the oldest letter is due; a later one waits for it, so that nothing ends before it began."""
    rows = reader.rows(_OLDEST)
    return bool(rows) and rows[0][2] <= micros(reader.now)


def next_letter(tx: Tx) -> tuple[str, str] | None:
    """Id and body of the oldest letter if it is due, taken so that no other process sends it meanwhile."""
    rows = tx.rows(_OLDEST)
    if not rows or rows[0][2] > micros(tx.now):
        return None
    taken = tx.rows(
        "UPDATE alert_letter SET next_at = :later, tries = tries + 1 WHERE id = :id AND next_at = :seen RETURNING id",
        later=micros(tx.now) + UNDER_WAY_MICROS,
        id=rows[0][0],
        seen=rows[0][2],
    )
    return (rows[0][0], rows[0][1]) if taken else None


def delivered(tx: Tx, id_: str) -> None:
    tx.rows("DELETE FROM alert_letter WHERE id = :id", id=id_)


def not_delivered(tx: Tx, id_: str, most: int) -> bool:
    """Later again; True when it was given up."""
    tries = tx.rows("SELECT tries FROM alert_letter WHERE id = :id /* FOR UPDATE */", id=id_)[0][0]
    after: Any = None if tries >= most else micros(tx.now + again_after(tries))
    tx.rows("UPDATE alert_letter SET next_at = :after WHERE id = :id", after=after, id=id_)
    return after is None


def letters_waiting(reader: Reader) -> int:
    return int(reader.rows("SELECT COUNT(*) FROM alert_letter WHERE next_at IS NOT NULL")[0][0])
