"""What can be done with a complaint 投诉; each function is one verb, run in one transaction.

Only what was found verified 经查属实 counts in an assessment, on the day the complaint was made.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from hub.cases.tables import ComplaintRow
from hub.clock import instant, micros
from hub.journal import RunSql
from hub.persons.rules import good_reason
from hub.problems import Invalid, NotAllowed, Unknown
from hub.queue.hall import HallFacts
from hub.staff.tables import SEEN
from hub.store import Tx
from hub.wire import Complaint, Complaints, DecideComplaint, NewComplaint, ReopenComplaint

COLUMNS: tuple[str, ...] = tuple(ComplaintRow.model_fields)
FILTERS = ("complaint_no", "department", "counter", "clerk", "finding", "case_no")
_NAMES = ", ".join(COLUMNS)
_ONE = f"SELECT {_NAMES} FROM complaint WHERE complaint_no = :complaint_no AND {SEEN} /* FOR UPDATE */"
_DECIDE = """
UPDATE complaint SET finding = :finding, decided_at = :decided_at, decided_by = :decided_by, reason = :reason
WHERE complaint_no = :complaint_no
"""

FINDINGS = {
    "open": {"zh": "调查中", "en": "being looked into"},
    "verified": {"zh": "已查实", "en": "verified"},
    "unfounded": {"zh": "已查明不属实", "en": "unfounded"},
    "unproven": {"zh": "无法核实", "en": "unproven"},
}


def file_complaint(tx: Tx, hall: HallFacts, new: NewComplaint) -> Complaint:
    """登记. Raises NotAllowed (number in use), Unknown (counter, case), Invalid (time)."""
    if tx.rows("SELECT 1 FROM complaint WHERE complaint_no = :no", no=new.complaint_no):
        raise NotAllowed(
            state="known", zh=f"投诉 {new.complaint_no} 已登记。", en=f"complaint {new.complaint_no} is registered."
        )
    if new.counter is not None and new.counter not in hall.counters:
        raise Unknown("counter", new.counter, field="counter")
    if new.case_no and not tx.rows(f"SELECT 1 FROM case_file WHERE case_no = :no AND {SEEN}", no=new.case_no):
        raise Unknown("case", new.case_no, field="case_no")
    at = new.at or tx.now
    if at > tx.now:
        raise Invalid("at", "不能晚于现在 / it cannot be later than now")
    said = new.model_dump(exclude={"at"})
    tx.insert(ComplaintRow(**said, at=micros(at), made_at=micros(tx.now), made_by=tx.who.name))
    tx.record("complaint_filed", counter=new.counter, complaint_no=new.complaint_no, department=new.department)
    return _told(_load(tx, new.complaint_no), hall.zone_info)


def decide(tx: Tx, hall: HallFacts, complaint_no: str, command: DecideComplaint) -> Complaint:
    """属实、不属实、无法核实. Raises Unknown, NotAllowed when it is decided already, Invalid (reason)."""
    return _find(tx, hall, complaint_no, ("open",), command.finding, command.reason)


def reopen(tx: Tx, hall: HallFacts, complaint_no: str, command: ReopenComplaint) -> Complaint:
    """重新核实. Raises Unknown, NotAllowed while it is open, Invalid (reason)."""
    return _find(tx, hall, complaint_no, ("verified", "unfounded", "unproven"), "open", command.reason)


def _find(tx: Tx, hall: HallFacts, complaint_no: str, allowed: tuple[str, ...], finding: str, reason: str) -> Complaint:
    row = _load(tx, complaint_no)
    if row["finding"] not in allowed:
        names = FINDINGS[row["finding"]]
        raise NotAllowed(state=row["finding"], zh=f"该投诉{names['zh']}。", en=f"the complaint is {names['en']}.")
    if not good_reason(reason):
        raise Invalid("reason", "请写明理由，不要写号码 / say why, without anybody's number")
    closed = finding != "open"
    tx.rows(
        _DECIDE,
        complaint_no=complaint_no,
        finding=finding,
        reason=reason,
        decided_at=micros(tx.now) if closed else None,
        decided_by=tx.who.name if closed else None,
    )
    tx.record(
        "complaint_decided" if closed else "complaint_reopened",
        counter=row["counter"],
        complaint_no=complaint_no,
        finding=finding,
        reason=reason,
    )
    return _told(_load(tx, complaint_no), hall.zone_info)


def listed(run: RunSql, zone: ZoneInfo, asked: Mapping[str, str], *, after: str, most: int) -> Complaints:
    """The complaints for which every filter of `FILTERS` fits, by number."""
    where = " AND ".join([SEEN, "complaint_no > :after", *(f"{name} = :{name}" for name in asked)])
    statement = f"SELECT {_NAMES} FROM complaint WHERE {where} ORDER BY complaint_no LIMIT :most"
    rows = [dict(zip(COLUMNS, row, strict=True)) for row in run(statement, **asked, after=after, most=most + 1)]
    following = rows[most - 1]["complaint_no"] if len(rows) > most else None
    return Complaints(complaints=[_told(row, zone) for row in rows[:most]], next=following)


def _load(tx: Tx, complaint_no: str) -> dict[str, Any]:
    rows = tx.rows(_ONE, complaint_no=complaint_no)
    if not rows:
        raise Unknown("complaint", complaint_no)
    return dict(zip(COLUMNS, rows[0], strict=True))


def _told(row: Mapping[str, Any], zone: ZoneInfo) -> Complaint:
    known = {name: value for name, value in row.items() if name in Complaint.model_fields and value is not None}
    times = {name: _local(known[name], zone) for name in ("at", "decided_at") if name in known}
    return Complaint.model_validate({**known, **times, "imported": row["imported"] is not None})


def _local(value: int, zone: ZoneInfo) -> datetime:
    return instant(value).astimezone(zone)
