"""What each verb changes of a case, and when it must not; read-only, the storing is hub.cases.verbs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from hub.calendar.wall_clock import hall_day
from hub.cases.records import Row, load_stops
from hub.cases.rules import OUTCOMES, STATES
from hub.clock import instant, micros
from hub.problems import Invalid, NotAllowed
from hub.queue.hall import HallFacts
from hub.store import Tx
from hub.wire import (
    CaseAppoint,
    CaseChangeKind,
    CaseClose,
    CaseCorrection,
    CaseExtend,
    CaseNoticeGiven,
    CaseResume,
    CaseState,
    CaseSuspend,
    CaseVerb,
    CaseWithdraw,
)


@dataclass(frozen=True)
class Situation:
    """What a verb looks at before it changes a case."""

    tx: Tx
    hall: HallFacts
    case: Row

    @property
    def today(self) -> date:
        return hall_day(self.hall.zone_info, self.tx.now)

    @property
    def received(self) -> date:
        return hall_day(self.hall.zone_info, instant(self.case["received_at"]))


@dataclass(frozen=True)
class Change:
    """`told` goes into the journal; `state` overrides what the table says; `stop` is a new span, `end_stop` its end."""

    columns: Mapping[str, Any] = field(default_factory=dict)
    reason: str | None = None
    notice: tuple[str, str] | None = None
    state: CaseState | None = None
    stop: tuple[date, date | None, str] | None = None
    end_stop: date | None = None
    told: Mapping[str, Any] = field(default_factory=dict)


def _accept(now: Situation, _: None) -> Change:
    return Change({"accepted_at": micros(now.tx.now)})


def _correction(now: Situation, command: CaseCorrection) -> Change:
    """The first notice stops the clock; a further one is counted only."""
    columns: dict[str, Any] = {"corrections": now.case["corrections"] + 1}
    if now.case["state"] == "received":
        columns["correction_notice_at"] = micros(now.tx.now)
    return Change(columns, command.reason, _notice("correction", command.notice_no))


def _corrected(now: Situation, _: None) -> Change:
    at = micros(now.tx.now)
    return Change({"corrected_at": at, "accepted_at": at})


def _suspend(now: Situation, command: CaseSuspend) -> Change:
    """With both dates the span is known whole, and the case stays as it is."""
    first = command.first or now.today
    if first < now.received:
        raise Invalid("first", f"{now.received} 之前没有收件 / the case was received on {now.received}")
    if command.last is not None and command.last < first:
        raise Invalid("last", "不能早于开始日期 / it ends before it begins")
    return Change(
        reason=command.reason,
        notice=_notice("suspension", command.notice_no),
        state="accepted" if command.last else None,
        stop=(first, command.last, command.reason),
        told={"first": first.isoformat(), **({"last": command.last.isoformat()} if command.last else {})},
    )


def _resume(now: Situation, command: CaseResume) -> Change:
    last = command.last or now.today
    if last > now.today:
        raise Invalid("last", "不能晚于今天 / it cannot be later than today")
    begun = next(stop.first for stop in load_stops(now.tx.rows, now.case["case_no"]) if stop.last is None)
    if last < begun - timedelta(days=1):
        raise Invalid("last", f"{begun} 才中止 / it was suspended on {begun}")
    return Change(end_stop=last, told={"last": last.isoformat()})


def _extend(now: Situation, command: CaseExtend) -> Change:
    """Only before the end; a further extension adds to the first."""
    told_at = micros(command.told_at or now.tx.now)
    if not now.case["received_at"] <= told_at <= micros(now.tx.now):
        raise Invalid("told_at", "应在收件之后、现在之前 / it lies after the receipt and before now")
    if now.case["due_at"] is not None and told_at > now.case["due_at"]:
        raise NotAllowed(
            state="overdue", zh="期限已过，不能再延期。", en="the deadline is over; it can only be extended before."
        )
    first = now.case["extension_told_at"]
    return Change(
        {
            "extension_days": now.case["extension_days"] + command.days,
            "extension_told_at": told_at if first is None else first,
        },
        command.reason,
        _notice("extension", command.notice_no),
        told={"days": command.days},
    )


def _appoint(now: Situation, command: CaseAppoint) -> Change:
    if command.at <= now.tx.now:
        raise Invalid("at", "应在现在之后 / it must be in the future")
    return Change({"appointed_at": micros(command.at), "citizen_missed": False})


def _missed(now: Situation, _: None) -> Change:
    appointed = now.case["appointed_at"]
    if appointed is None or appointed > micros(now.tx.now):
        raise NotAllowed(
            state=now.case["state"],
            zh="没有已到的约定时间。",
            en="no appointed time has come yet.",
        )
    return Change({"citizen_missed": True})


def _change_kind(now: Situation, command: CaseChangeKind) -> Change:
    return Change(
        {"kind": command.kind, "promised_days": command.promised_days},
        command.reason,
        told={"from": now.case["kind"], "to": command.kind},
    )


def _give_notice(now: Situation, command: CaseNoticeGiven) -> Change:
    return Change(notice=(command.kind, command.notice_no), told={"notice": command.kind})


def _close(now: Situation, command: CaseClose) -> Change:
    allowed = OUTCOMES[now.case["state"]]
    if command.outcome not in allowed:
        raise NotAllowed(
            state=now.case["state"],
            zh=f"{STATES[now.case['state']]['zh']}的办件不能以此结果办结。",
            en=f"a case that is {STATES[now.case['state']]['en']} cannot end like this.",
        )
    if command.outcome == "returned" and not command.return_reason:
        raise Invalid("return_reason", "退件须写明原因 / a return needs its reason")
    columns: dict[str, Any] = {
        "outcome": command.outcome,
        "closed_at": micros(now.tx.now),
        "return_reason": command.return_reason,
        "signed_by": command.signed_by,
        "issued_counter": command.issued_counter,
        "offsite_stages": "|".join(command.offsite_stages),
    }
    if command.on_site is not None:
        columns["on_site"] = command.on_site
    if now.case["accepted_at"] is None and command.outcome in ("approved", "refused"):
        columns["accepted_at"] = micros(now.tx.now)
    return _ended(now, columns, command.return_reason, _notice("result", command.notice_no), command.outcome)


def _withdraw(now: Situation, command: CaseWithdraw) -> Change:
    columns = {"outcome": "withdrawn", "closed_at": micros(now.tx.now)}
    return _ended(now, columns, command.reason, None, "withdrawn")


def _ended(
    now: Situation, columns: dict[str, Any], reason: str | None, notice: tuple[str, str] | None, outcome: str
) -> Change:
    end_stop = now.today if now.case["state"] == "suspended" else None
    return Change(columns, reason, notice, end_stop=end_stop, told={"outcome": outcome})


def _notice(kind: str, notice_no: str | None) -> tuple[str, str] | None:
    return (kind, notice_no) if notice_no else None


CHANGES: dict[CaseVerb, Callable[[Situation, Any], Change]] = {
    "accept": _accept,
    "correction": _correction,
    "corrected": _corrected,
    "suspend": _suspend,
    "resume": _resume,
    "extend": _extend,
    "appoint": _appoint,
    "missed": _missed,
    "change-kind": _change_kind,
    "notice": _give_notice,
    "close": _close,
    "withdraw": _withdraw,
}
