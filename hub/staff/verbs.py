"""The attendance record 考勤: entries made and listed."""

from collections.abc import Mapping
from typing import Any

from hub.clock import micros
from hub.journal import RunSql
from hub.problems import NotAllowed, Unknown
from hub.staff.attendance import judged
from hub.staff.tables import SEEN, AttendanceRow
from hub.store import Tx
from hub.wire import Attendance, AttendanceList, NewAttendance

FILTERS = ("clerk", "department", "counter", "kind")
_NAMES = tuple(NewAttendance.model_fields)
_COLUMNS = ", ".join((*_NAMES, "imported"))
_KEY = "clerk = :clerk AND date = :date AND session = :session AND kind = :kind"


def record_attendance(tx: Tx, new: NewAttendance) -> Attendance:
    """One entry for a clerk, day, session and kind. Raises NotAllowed when there is one, Unknown (department)."""
    key = {"clerk": new.clerk, "date": new.date.isoformat(), "session": new.session, "kind": new.kind}
    if tx.rows(f"SELECT 1 FROM attendance WHERE {_KEY}", **key):
        raise NotAllowed(state="known", zh="这一条考勤已登记。", en="this entry has been made.")
    if not tx.rows("SELECT 1 FROM department WHERE code = :code", code=new.department):
        raise Unknown("department", new.department, field="department")
    row = AttendanceRow(**{**new.model_dump(), **key}, made_at=micros(tx.now), made_by=tx.who.name)
    tx.insert(row)
    tx.record(
        "attendance_recorded",
        counter=new.counter,
        clerk=new.clerk,
        day=key["date"],
        session=new.session,
        seen=new.kind,
        minutes=new.minutes,
        excused=new.excused,
    )
    return _told(row.model_dump())


def listed(
    run: RunSql, asked: Mapping[str, str], *, first: str, last: str, after: tuple[str, ...], most: int
) -> AttendanceList:
    """The entries of the inclusive days for which every filter of `FILTERS` fits, oldest first."""
    place = dict(zip(("d", "c", "s", "k"), after, strict=True)) if after else {}
    where = [SEEN, "date >= :first", "date <= :last", *(f"{name} = :{name}" for name in asked)]
    where += ["(date, clerk, session, kind) > (:d, :c, :s, :k)"] if place else []
    statement = (
        f"SELECT {_COLUMNS} FROM attendance WHERE {' AND '.join(where)} ORDER BY date, clerk, session, kind LIMIT :most"
    )
    found = run(statement, **asked, **place, first=first, last=last, most=most + 1)
    rows = [dict(zip((*_NAMES, "imported"), row, strict=True)) for row in found]
    following = None
    if len(rows) > most:
        following = "|".join(rows[most - 1][name] for name in ("date", "clerk", "session", "kind"))
    return AttendanceList(entries=[_told(row) for row in rows[:most]], next=following)


def _told(row: Mapping[str, Any]) -> Attendance:
    known = {name: row[name] for name in _NAMES if row[name] is not None}
    found = judged(row["kind"], row["minutes"], row["excused"])
    return Attendance.model_validate(
        {
            **known,
            "verdict": found.verdict,
            "counts": found.counts,
            "to_decide": found.to_decide,
            "imported": row["imported"] is not None,
        }
    )
