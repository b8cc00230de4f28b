"""What can be done with findings: each function is one verb, one transaction.

Only confirmed findings count. A period that is closed is not changed any more until it is reopened.
"""

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

from hub.assessment.periods import Period
from hub.assessment.rounding import rounded
from hub.assessment.rules import checked_effect, checked_points, checked_unit, may_review
from hub.assessment.scheme import Scheme
from hub.assessment.tables import AppealRow, EvidenceRow, FindingRow
from hub.clock import hall_day, micros
from hub.journal import EntryKind
from hub.problems import Invalid, NotAllowed, Unknown
from hub.store import Tx
from hub.wire import (
    AppealFinding,
    ConfirmFinding,
    DismissFinding,
    FindingEffect,
    FindingState,
    NewFinding,
    ReviewAppeal,
)

#: A finding of another year is a slip of the pen.
_YEARS = range(2000, 2200)

_KNOWN = {
    "counter": "SELECT code FROM counter WHERE code = :code UNION SELECT code FROM historic"
    " WHERE kind = 'counter' AND code = :code",
    "department": "SELECT code FROM department WHERE code = :code OR name = :code ORDER BY code",
}
_ONE = """
SELECT scheme, item, day, state, made_by, decided_by, compare_to, effect, points FROM finding
WHERE id = :id /* FOR UPDATE */
"""
_DECIDE = """
UPDATE finding SET state = :state, decided_at = :at, decided_by = :by, reason = :reason, points = :points
WHERE id = :id
"""
_LEADS = "SELECT lead FROM finding WHERE scheme = :scheme AND lead IS NOT NULL"
_CLOSED = """
SELECT period FROM period_closing
WHERE scheme = :scheme AND reopened_at IS NULL AND first <= :last AND last >= :first
"""
_APPEAL = "SELECT id, made_by FROM finding_appeal WHERE finding = :finding AND outcome IS NULL /* FOR UPDATE */"
_REVIEW = """
UPDATE finding_appeal SET outcome = :outcome, reason = :reason, reviewed_at = :at, reviewed_by = :by WHERE id = :id
"""


def enter(tx: Tx, scheme: Scheme, zone: ZoneInfo, command: NewFinding) -> str:
    """A finding, proposed, or confirmed at once; its id. Raises Invalid, Unknown, NotAllowed (period closed)."""
    item = scheme.item(command.item)
    checked_unit(scheme, command.department, command.counter, command.clerk)
    effect = checked_effect(scheme, item, command.effect, command.compare_to)
    points = checked_points(scheme, item, effect, command.points, command.compare_to)
    at = command.at or tx.now
    if at.year not in _YEARS:
        raise Invalid("at", f"{_YEARS.start}–{_YEARS.stop - 1}")
    day = _open_day(tx, scheme.code, zone, at)
    row = FindingRow(
        id=tx.new_id(),
        scheme=scheme.code,
        item=item.code,
        at=micros(at),
        day=day,
        department=_known(tx, "department", command.department) or "",
        counter=_known(tx, "counter", command.counter),
        clerk=command.clerk,
        effect=effect,
        points=_stored(points),
        quantity=command.quantity,
        event=command.event,
        compare_to=command.compare_to,
        note=command.note,
        state="confirmed" if command.confirm else "proposed",
        made_at=micros(tx.now),
        made_by=tx.who.name,
        decided_at=micros(tx.now) if command.confirm else None,
        decided_by=tx.who.name if command.confirm else None,
    )
    tx.insert(row)
    kind: EntryKind = "finding_confirmed" if command.confirm else "finding_proposed"
    tx.record(kind, counter=row.counter, finding=row.id, scheme=row.scheme, item=row.item, day=day)
    return row.id


def confirm(tx: Tx, scheme: Scheme, finding: str, command: ConfirmFinding) -> None:
    """属实: it counts. Raises Unknown, Invalid (points), NotAllowed."""
    row = _locked(tx, scheme.code, finding)
    _must_be(row.state, "proposed")
    points = row.points if command.points is None else command.points
    checked = checked_points(scheme, scheme.item(row.item), row.effect, points, row.compare_to)
    _decide(tx, finding, "confirmed", command.reason, _stored(checked))
    tx.record("finding_confirmed", finding=finding, scheme=row.scheme, item=row.item, day=row.day)


def dismiss(tx: Tx, scheme: Scheme, finding: str, command: DismissFinding) -> None:
    """不属实: it does not count. Raises Unknown, NotAllowed."""
    row = _locked(tx, scheme.code, finding)
    _must_be(row.state, "proposed")
    _decide(tx, finding, "dismissed", command.reason, None)
    tx.record("finding_dismissed", finding=finding, scheme=row.scheme, item=row.item, day=row.day)


def appeal(tx: Tx, scheme: Scheme, finding: str, command: AppealFinding) -> str:
    """申诉 against a confirmed finding; the appeal's id. Raises Unknown, NotAllowed (not confirmed, one is open)."""
    row = _locked(tx, scheme.code, finding)
    _must_be(row.state, "confirmed")
    if tx.rows(_APPEAL, finding=finding):
        raise NotAllowed(
            state="appealed",
            zh="已有一项申诉待复核，请等复核结果。",
            en="an appeal is open already; wait for its review.",
        )
    known = AppealRow(
        id=tx.new_id(), finding=finding, grounds=command.grounds, made_at=micros(tx.now), made_by=tx.who.name
    )
    tx.insert(known)
    tx.record("finding_appealed", finding=finding, appeal=known.id, scheme=row.scheme, item=row.item)
    return known.id


def review(tx: Tx, scheme: Scheme, finding: str, command: ReviewAppeal) -> None:
    """复核: granted dismisses the finding. Raises Unknown (finding, appeal), Forbidden, NotAllowed."""
    row = _locked(tx, scheme.code, finding)
    open_appeals = tx.rows(_APPEAL, finding=finding)
    if not open_appeals:
        raise Unknown("appeal", finding)
    known, appealed_by = open_appeals[0]
    if not may_review(tx.who.name, {row.made_by, row.decided_by, appealed_by}):
        raise NotAllowed(
            state="own_finding",
            zh="复核须由未参与登记、确认和申诉的另一人进行。",
            en="a review is done by somebody who neither entered nor confirmed nor appealed.",
        )
    at = micros(tx.now)
    tx.rows(_REVIEW, id=known, outcome=command.outcome, reason=command.reason, at=at, by=tx.who.name)
    if command.outcome == "granted":
        tx.rows("UPDATE finding SET state = 'dismissed' WHERE id = :id", id=finding)
    tx.record("appeal_reviewed", finding=finding, appeal=known, outcome=command.outcome, scheme=row.scheme)


def add_evidence(tx: Tx, finding: str, sha256: str, name: str, media_type: str, size: int) -> None:
    """佐证材料; the file is there already. The same file twice is one. Raises Unknown, NotAllowed (period closed)."""
    rows = tx.rows("SELECT scheme, day FROM finding WHERE id = :id", id=finding)
    if not rows:
        raise Unknown("finding", finding)
    scheme, day = rows[0]
    must_be_open(tx, scheme, day, day)
    if tx.rows(
        "SELECT 1 FROM finding_evidence WHERE finding = :finding AND sha256 = :sha256", finding=finding, sha256=sha256
    ):
        return
    tx.insert(
        EvidenceRow(
            finding=finding,
            sha256=sha256,
            name=name,
            media_type=media_type,
            bytes=size,
            made_at=micros(tx.now),
            made_by=tx.who.name,
        )
    )
    tx.record("evidence_added", finding=finding, sha256=sha256, bytes=size)


def propose_leads(tx: Tx, scheme: str, leads: list[FindingRow], period: Period) -> int:
    """线索: what the system saw, once each; how many of them are new. Raises NotAllowed (period closed)."""
    tx.alone(f"assessment {scheme}")
    must_be_open(tx, scheme, period.first.isoformat(), period.last.isoformat())
    known = {
        row[0] for row in tx.rows("SELECT lead FROM finding WHERE scheme = :scheme AND lead IS NOT NULL", scheme=scheme)
    }
    fresh = [lead for lead in leads if lead.lead not in known]
    for lead in fresh:
        lead.id, lead.made_at, lead.made_by = tx.new_id(), micros(tx.now), tx.who.name
        tx.insert(lead)
        tx.record(
            "finding_proposed", counter=lead.counter, finding=lead.id, scheme=scheme, item=lead.item, day=lead.day
        )
    return len(fresh)


def must_be_open(tx: Tx, scheme: str, first: str, last: str) -> None:
    """Raises NotAllowed when a closed period holds one of these days."""
    for (period,) in tx.rows(_CLOSED, scheme=scheme, first=first, last=last):
        raise NotAllowed(
            state="period_closed",
            zh=f"{period} 已定稿；确需更改，请先重新打开。",
            en=f"{period} is closed; reopen it first if this must change.",
        )


@dataclass(frozen=True)
class _Locked:
    """The columns of `_ONE`."""

    scheme: str
    item: str
    day: str
    state: FindingState
    made_by: str
    decided_by: str | None
    compare_to: str | None
    effect: FindingEffect
    points: str | None


def _locked(tx: Tx, scheme: str, finding: str) -> _Locked:
    tx.alone(f"assessment {scheme}")
    rows = tx.rows(_ONE, id=finding)
    if not rows or rows[0][0] != scheme:
        raise Unknown("finding", finding)
    row = _Locked(*rows[0])
    must_be_open(tx, scheme, row.day, row.day)
    return row


def _must_be(state: str, needed: str) -> None:
    if state != needed:
        raise NotAllowed(state=state, zh=f"此记录的状态是 {state}。", en=f"this finding is {state}.")


def _decide(tx: Tx, finding: str, state: str, reason: str | None, points: str | None) -> None:
    tx.rows(_DECIDE, id=finding, state=state, reason=reason, points=points, at=micros(tx.now), by=tx.who.name)


def _open_day(tx: Tx, scheme: str, zone: ZoneInfo, at: datetime) -> str:
    tx.alone(f"assessment {scheme}")
    day = hall_day(at, zone)
    must_be_open(tx, scheme, day, day)
    return day


def _known(tx: Tx, what: str, code: str | None) -> str | None:
    """The code of what a code or name stands for. Raises Unknown."""
    if code is None:
        return None
    rows = tx.rows(_KNOWN[what], code=code)
    if not rows:
        raise Unknown(what, code, field=what)
    return str(rows[0][0])


def _stored(points: Fraction | None) -> str | None:
    return None if points is None else f"{rounded(points)}"
