"""What can be done with a case; each call is one transaction.

Every verb names its step, moves the state by `rules.NEXT`, computes the deadline anew where it moves, and is journaled.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from hub.calendar.wall_clock import hall_day
from hub.cases.changes import CHANGES, Change, Situation
from hub.cases.daily import day_rules
from hub.cases.deadlines import accepted_by_silence
from hub.cases.explaining import STOPS
from hub.cases.records import Found, Row, compute, deadline_columns, due_columns, load_case, load_stops, told
from hub.cases.rules import MOVES_DEADLINE, STATES, next_state
from hub.cases.tables import CaseRow, DeadlineRow, NoticeRow, StepRow, SuspensionRow
from hub.clock import instant, micros
from hub.persons.rules import good_reason
from hub.persons.safe import Safe
from hub.problems import Invalid, NotAllowed, Unknown
from hub.queue.hall import HallFacts
from hub.settings import CasesSettings
from hub.staff.tables import SEEN
from hub.store import Tx, Who
from hub.wire import Case, CaseState, CaseVerb, NewCase

_TERMS = f"""
SELECT legal_days, promised_days, department FROM service_terms
WHERE service = :service AND valid_from <= :day AND {SEEN} ORDER BY valid_from DESC LIMIT 1
"""
_HOME = "SELECT department FROM service WHERE code = :service"
_FORGET = (
    "UPDATE case_file SET applicant = NULL WHERE received_at <= :oldest AND applicant IS NOT NULL RETURNING 1",
    "UPDATE consultation SET person = NULL WHERE asked_at <= :oldest AND person IS NOT NULL RETURNING 1",
)
_END_STOP = "UPDATE case_suspension SET last = :last WHERE case_no = :case_no AND last IS NULL"


@dataclass(frozen=True)
class Casework:
    """The room's tools: the hall's rule, and the safe that hashes applicants."""

    safe: Safe
    rule: CasesSettings

    def receive(self, tx: Tx, hall: HallFacts, new: NewCase) -> Case:
        """收件. Raises Unknown (service, counter), Invalid (days, counter, time), NotAllowed (number in use)."""
        if tx.rows("SELECT 1 FROM case_file WHERE case_no = :case_no", case_no=new.case_no):
            raise NotAllowed(state="known", zh=f"编号 {new.case_no} 已登记。", en=f"case {new.case_no} is registered.")
        row = self._new_row(tx, hall, new)
        found = compute(row.model_dump(), (), day_rules(hall.plan, row.service, self.rule))
        for name, value in due_columns(found).items():
            setattr(row, name, value)
        tx.insert(row)
        _keep_step(tx, row.case_no, "receive", row.kind, row.state, None)
        _keep_deadline(tx, row.case_no, "receive", found)
        tx.record("case_received", counter=row.counter, service=row.service, case_no=row.case_no, case_kind=row.kind)
        return told(row.model_dump(), hall.zone_info, tx.now)

    def act(self, tx: Tx, hall: HallFacts, case_no: str, verb: CaseVerb, command: Any = None) -> Case:
        """Any verb of `VERBS`. Raises Unknown, NotAllowed (names the state), Invalid, CalendarUnknown."""
        case = load_case(tx.rows, case_no, to_change=True)
        silent = self._accepted_by_silence(tx, hall, case)
        case |= silent
        state = next_state(case["state"], verb)
        if state is None:
            raise _not_from(case["state"])
        change = CHANGES[verb](Situation(tx, hall, case), command)
        _must_be_sayable(change.reason)
        columns = {**silent, **change.columns, "state": change.state or state}
        case |= columns
        self._store(tx, hall, case, verb, change, columns)
        data = {"case_no": case_no, "verb": verb, "state": case["state"], **change.told}
        if change.reason:
            data["reason"] = change.reason
        tx.record("case_changed", counter=case["counter"], service=case["service"], **data)
        return told(case, hall.zone_info, tx.now)

    def forget(self, tx: Tx) -> int:
        """Let go of who applied and who asked, once the retention ends; how many rows that were."""
        oldest = micros(tx.now - timedelta(days=self.rule.keep_persons_days))
        gone = sum(len(tx.rows(statement, oldest=oldest)) for statement in _FORGET)
        if gone:
            tx.record("persons_deleted", count=gone)
        return gone

    def _new_row(self, tx: Tx, hall: HallFacts, new: NewCase) -> CaseRow:
        _must_be_known(hall, tx.who, new)
        received = new.received_at or tx.now
        if received > tx.now:
            raise Invalid("received_at", "不能晚于现在 / it cannot be later than now")
        legal, promised, department = _terms(tx, new, hall_day(hall.zone_info, received))
        return CaseRow(
            case_no=new.case_no,
            service=new.service,
            department=department,
            counter=new.counter or tx.who.counter or "",
            clerk=new.clerk or tx.who.name,
            kind=new.kind,
            online=new.online,
            on_site=new.on_site,
            state="received",
            received_at=micros(received),
            legal_days=legal,
            promised_days=promised,
            applicant=self.safe.hash(new.applicant.strip()) if new.applicant else None,
            calendar_version=hall.plan.calendar.version,
            made_at=micros(tx.now),
            made_by=tx.who.name,
        )

    def _accepted_by_silence(self, tx: Tx, hall: HallFacts, case: Row) -> Row:
        """What changes of a case about whose material nobody said anything in time: it counts as accepted."""
        received, rules = instant(case["received_at"]), day_rules(hall.plan, case["service"], self.rule)
        if case["state"] != "received" or not accepted_by_silence(received, rules, tx.now):
            return {}
        return {"state": "accepted", "accepted_at": case["received_at"]}

    def _store(
        self, tx: Tx, hall: HallFacts, case: Row, verb: CaseVerb, change: Change, columns: dict[str, Any]
    ) -> None:
        case_no = case["case_no"]
        _keep_stop(tx, case_no, change)
        if verb in MOVES_DEADLINE:
            rules = day_rules(hall.plan, case["service"], self.rule)
            found = compute(case, load_stops(tx.rows, case_no), rules)
            case |= due_columns(found)
            columns |= due_columns(found)
            _keep_deadline(tx, case_no, verb, found)
        sets = ", ".join(f"{name} = :{name}" for name in columns)
        tx.rows(f"UPDATE case_file SET {sets} WHERE case_no = :case_no", case_no=case_no, **columns)
        _keep_step(tx, case_no, verb, case["kind"], case["state"], change.reason)
        if change.notice:
            _keep_notice(tx, case_no, *change.notice)


def _must_be_known(hall: HallFacts, who: Who, new: NewCase) -> None:
    if new.service not in hall.services:
        raise Unknown("service", new.service, field="service")
    if new.counter is not None and new.counter not in hall.counters:
        raise Unknown("counter", new.counter, field="counter")
    if new.counter is None and who.counter is None:
        raise Invalid("counter", "请填写窗口 / say the counter")


def _terms(tx: Tx, new: NewCase, day: date) -> tuple[int, int, str]:
    """Legal and promised days and the department: as said, else as the service promises on the day.

    Raises Invalid where nobody says them; what is done at once needs no days.
    """
    known = tx.rows(_TERMS, service=new.service, day=day.isoformat())
    at_once = 0 if new.kind == "immediate" else None
    legal_now, promised_now, owner = known[0] if known else (at_once, at_once, "")
    promised = promised_now if new.promised_days is None else new.promised_days
    if promised is None:
        raise Invalid("promised_days", "请填写承诺时限（工作日）/ say the promised working days")
    legal = legal_now if new.legal_days is None else new.legal_days
    department = new.department or owner or tx.rows(_HOME, service=new.service)[0][0]
    if not tx.rows("SELECT 1 FROM department WHERE code = :code", code=department):
        raise Unknown("department", department, field="department")
    return promised if legal is None else legal, promised, department


# --- what is kept beside the case ------------------------------------------------------------------------------------


def _number(tx: Tx, table: str, case_no: str) -> int:
    """The next one; the case itself is locked by the verb."""
    last = tx.rows(f"SELECT coalesce(max(number), 0) FROM {table} WHERE case_no = :case_no", case_no=case_no)
    return int(last[0][0]) + 1


def _keep_step(tx: Tx, case_no: str, verb: str, kind: str, state: str, reason: str | None) -> None:
    tx.insert(
        StepRow(
            case_no=case_no,
            number=_number(tx, "case_step", case_no),
            verb=verb,
            kind=kind,
            state=state,
            reason=reason,
            made_at=micros(tx.now),
            made_by=tx.who.name,
        )
    )


def _keep_deadline(tx: Tx, case_no: str, cause: str, found: Found) -> None:
    number = _number(tx, "case_deadline", case_no)
    kept = deadline_columns(case_no, number, cause, found)
    tx.insert(DeadlineRow(**kept, made_at=micros(tx.now), made_by=tx.who.name))


def _keep_stop(tx: Tx, case_no: str, change: Change) -> None:
    if change.end_stop:
        tx.rows(_END_STOP, case_no=case_no, last=change.end_stop.isoformat())
    if change.stop:
        first, last, reason = change.stop
        tx.insert(
            SuspensionRow(
                case_no=case_no,
                number=_number(tx, "case_suspension", case_no),
                first=first.isoformat(),
                last=last.isoformat() if last else None,
                reason=reason,
                made_at=micros(tx.now),
                made_by=tx.who.name,
            )
        )


def _keep_notice(tx: Tx, case_no: str, kind: str, notice_no: str) -> None:
    known = tx.rows(
        "SELECT 1 FROM case_notice WHERE case_no = :case_no AND kind = :kind AND notice_no = :notice_no",
        case_no=case_no,
        kind=kind,
        notice_no=notice_no,
    )
    if known:
        raise NotAllowed(state="known", zh=f"文书 {notice_no} 已登记。", en=f"notice {notice_no} is registered.")
    at = micros(tx.now)
    tx.insert(NoticeRow(case_no=case_no, kind=kind, notice_no=notice_no, at=at, made_at=at, made_by=tx.who.name))


def _not_from(state: CaseState) -> NotAllowed:
    names = STATES[state]
    return NotAllowed(state=state, zh=f"办件{names['zh']}。", en=f"the case is {names['en']}.")


def _must_be_sayable(reason: str | None) -> None:
    """The journal keeps it for ever. Raises Invalid."""
    if reason is not None and reason not in STOPS and not good_reason(reason):
        raise Invalid("reason", "请写明原因（至少四个字），不要写号码 / say why, without anybody's number")
