"""Cases, complaints and attendance on a real database: every verb, what it refuses, what it keeps."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Any

import pytest

from hub.cases import complaints, records
from hub.cases.verbs import Casework
from hub.keys import new_keys
from hub.persons.safe import Safe
from hub.problems import CalendarUnknown, HallError, Invalid, NotAllowed, Unknown
from hub.settings import CasesSettings
from hub.staff.verbs import record_attendance
from hub.store import Who
from hub.wire import (
    Case,
    CaseAppoint,
    CaseChangeKind,
    CaseClose,
    CaseCorrection,
    CaseExtend,
    CaseNoticeGiven,
    CaseResume,
    CaseSuspend,
    CaseVerb,
    CaseWhole,
    CaseWithdraw,
    DecideComplaint,
    NewAttendance,
    NewCase,
    NewComplaint,
    ReopenComplaint,
)
from tests.unit.hub.desk import Desk
from tests.unit.hub.halls import a_hall
from tests.unit.hub.plans import local, told

LEADER = Who("leader", "duty_leader")
CLERK = Who("clerk-1", "clerk", "1")
WORK = Casework(Safe(new_keys()), CasesSettings())
COMMANDS: dict[str, Any] = {
    "correction": CaseCorrection(reason="缺少身份证明"),
    "suspend": CaseSuspend(reason="hearing"),
    "resume": CaseResume(),
    "extend": CaseExtend(days=3, reason="需要现场核实"),
    "change-kind": CaseChangeKind(kind="joint", promised_days=7, reason="需两个部门办理"),
    "close": CaseClose(outcome="approved"),
    "withdraw": CaseWithdraw(reason="申请人自行撤回"),
}


@pytest.fixture
async def desk(database: str) -> AsyncIterator[Desk]:
    """A hall that closes at five."""
    opened = await Desk.open(database, a_hall())
    yield opened
    opened.store.close()


def at(desk: Desk, text: str) -> None:
    desk.clock.at = local(text)


async def receive(desk: Desk, when: str = "2026-03-02 09:00", **said: Any) -> Case:
    at(desk, when)
    new = NewCase.model_validate({"case_no": "K1", "service": "A", "kind": "promised", "promised_days": 5, **said})
    return await desk.store.write(WORK.receive, CLERK, None, desk.hall, new)


async def act(desk: Desk, when: str, verb: CaseVerb, command: Any = None, case_no: str = "K1") -> Case:
    at(desk, when)
    return await desk.store.write(WORK.act, CLERK, None, desk.hall, case_no, verb, command or COMMANDS.get(verb))


async def the_whole(desk: Desk, case_no: str = "K1") -> CaseWhole:
    return await desk.store.read(lambda reader: records.whole(reader.rows, case_no, desk.hall.zone_info, reader.now))


async def test_a_case_knows_its_deadline_from_the_moment_it_is_received(desk: Desk) -> None:
    case = await receive(desk, applicant="张三 4401")
    assert (case.state, told(case.due_at), case.counter, case.clerk) == ("received", "2026-03-09 17:00", "1", "clerk-1")
    whole = await the_whole(desk)
    assert whole.deadlines[0].lines[0]["zh"] == "2026年3月2日：收到申请，当日不计入（民法典第二百零一条）"
    assert whole.deadlines[0].calendar_version == case.calendar_version
    assert "张三" not in str(await desk.store.read(lambda reader: reader.rows("SELECT * FROM case_file")))


async def test_what_the_service_promises_on_the_day_is_taken(desk: Desk) -> None:
    def promise(tx: Any) -> None:
        for valid_from, days in (("", 9), ("2026-03-01", 4), ("2026-04-01", 2)):
            tx.rows(
                "INSERT INTO service_terms"
                " (service, valid_from, department, legal_days, promised_days, made_at, made_by)"
                " VALUES ('A', :valid_from, '人社局', 20, :days, 1, 'x')",
                valid_from=valid_from,
                days=days,
            )

    await desk.store.write(promise, LEADER, None)
    case = await receive(desk, promised_days=None)
    assert (case.promised_days, case.legal_days, case.department) == (4, 20, "人社局")


@pytest.mark.parametrize(
    ("said", "refusal", "code"),
    [
        ({"service": "Z"}, Unknown, "unknown_service"),
        ({"counter": "99"}, Unknown, "unknown_counter"),
        ({"department": "没有"}, Unknown, "unknown_department"),
        ({"promised_days": None}, Invalid, "invalid"),
        ({"received_at": local("2026-03-02 09:01")}, Invalid, "invalid"),
        ({"received_at": local("2003-03-03 09:00")}, CalendarUnknown, "calendar_missing"),
    ],
)
async def test_what_cannot_be_received_is_refused_and_leaves_nothing(
    desk: Desk, said: dict[str, Any], refusal: type[HallError], code: str
) -> None:
    with pytest.raises(refusal) as refused:
        await receive(desk, **said)
    assert refused.value.code == code
    assert await desk.store.read(lambda reader: reader.rows("SELECT 1 FROM case_file")) == []


async def test_a_number_is_registered_once(desk: Desk) -> None:
    await receive(desk)
    with pytest.raises(NotAllowed, match="K1"):
        await receive(desk)


async def test_a_correction_stops_the_clock_and_starts_it_anew(desk: Desk) -> None:
    await receive(desk)
    waiting = await act(desk, "2026-03-03 10:00", "correction")
    assert (waiting.state, waiting.due_at, waiting.corrections) == ("correcting", None, 1)
    going = await act(desk, "2026-03-05 10:00", "corrected")
    assert (going.state, told(going.due_at)) == ("accepted", "2026-03-12 17:00")
    again = await act(desk, "2026-03-06 10:00", "correction")
    assert (again.state, told(again.due_at), again.corrections) == ("accepted", "2026-03-12 17:00", 2)
    assert [one.cause for one in (await the_whole(desk)).deadlines] == [
        "receive",
        "correction",
        "corrected",
        "correction",
    ]


async def test_silence_over_five_working_days_is_acceptance_on_receipt(desk: Desk) -> None:
    await receive(desk, promised_days=10)
    late = await act(desk, "2026-03-10 09:00", "correction")
    assert (late.state, told(late.accepted_at), late.correction_notice_at) == ("accepted", "2026-03-02 09:00", None)
    assert told(late.due_at) == "2026-03-16 17:00"


async def test_a_suspension_is_open_until_it_is_resumed(desk: Desk) -> None:
    await receive(desk)
    await act(desk, "2026-03-02 10:00", "accept")
    stopped = await act(desk, "2026-03-04 09:00", "suspend", CaseSuspend(reason="hearing", notice_no="T1"))
    assert (stopped.state, stopped.due_at) == ("suspended", None)
    going = await act(desk, "2026-03-06 16:00", "resume")
    assert (going.state, told(going.due_at)) == ("accepted", "2026-03-12 17:00")
    planned = CaseSuspend(reason="expert_review", first=date(2026, 3, 10), last=date(2026, 3, 11))
    still = await act(desk, "2026-03-09 09:00", "suspend", planned)
    assert (still.state, told(still.due_at)) == ("accepted", "2026-03-16 17:00")
    whole = await the_whole(desk)
    assert [(str(one.first), str(one.last), one.reason) for one in whole.suspensions] == [
        ("2026-03-04", "2026-03-06", "hearing"),
        ("2026-03-10", "2026-03-11", "expert_review"),
    ]
    assert [(one.kind, one.notice_no) for one in whole.notices] == [("suspension", "T1")]


async def test_an_extension_must_be_told_before_the_end(desk: Desk) -> None:
    await receive(desk)
    await act(desk, "2026-03-02 10:00", "accept")
    longer = await act(desk, "2026-03-09 17:00", "extend")
    assert told(longer.due_at) == "2026-03-12 17:00"
    longest = await act(desk, "2026-03-12 09:00", "extend")
    assert (told(longest.due_at), longest.extension_days) == ("2026-03-17 17:00", 6)
    with pytest.raises(NotAllowed) as refused:
        await act(desk, "2026-03-17 17:01", "extend")
    assert refused.value.problem("zh").model_dump()["state"] == "overdue"


async def test_who_misses_the_appointed_time_does_not_make_the_office_late(desk: Desk) -> None:
    await receive(desk)
    await act(desk, "2026-03-02 10:00", "accept")
    with pytest.raises(NotAllowed):
        await act(desk, "2026-03-02 10:00", "missed")
    await act(desk, "2026-03-03 10:00", "appoint", CaseAppoint(at=local("2026-03-06 10:00")))
    with pytest.raises(NotAllowed):
        await act(desk, "2026-03-06 09:59", "missed")
    await act(desk, "2026-03-06 11:00", "missed")
    done = await act(desk, "2026-03-20 10:00", "close")
    assert (done.outcome, done.deemed_on_time, done.overdue) == ("approved", True, False)


async def test_closed_after_the_moment_is_overdue(desk: Desk) -> None:
    await receive(desk)
    await receive(desk, case_no="K2")
    assert not (await act(desk, "2026-03-09 17:00", "close")).overdue
    assert (await act(desk, "2026-03-09 17:01", "close", case_no="K2")).overdue
    late = await desk.store.read(
        lambda reader: records.listed(reader.rows, desk.hall.zone_info, reader.now, {}, late=True, after="", most=9)
    )
    assert [one.case_no for one in late.cases] == ["K2"]


@pytest.mark.parametrize(
    ("before", "verb", "state"),
    [
        ([], "corrected", "received"),
        ([], "resume", "received"),
        ([], "suspend", "received"),
        (["accept"], "accept", "accepted"),
        (["correction"], "accept", "correcting"),
        (["correction"], "close", "correcting"),  # approved while material is missing
        (["accept", "suspend"], "suspend", "suspended"),
        (["accept", "suspend"], "close", "suspended"),
        (["close"], "withdraw", "closed"),
        (["withdraw"], "close", "closed"),
        (["close"], "change-kind", "closed"),
    ],
)
async def test_what_the_state_does_not_allow_is_refused_by_naming_it(
    desk: Desk, before: list[CaseVerb], verb: CaseVerb, state: str
) -> None:
    await receive(desk)
    for one in before:
        await act(desk, "2026-03-03 09:00", one)
    with pytest.raises(NotAllowed) as refused:
        await act(desk, "2026-03-03 10:00", verb)
    assert refused.value.problem("zh").model_dump()["state"] == state


async def test_a_changed_kind_keeps_what_it_was(desk: Desk) -> None:
    await receive(desk)
    changed = await act(desk, "2026-03-03 09:00", "change-kind")
    assert (changed.kind, told(changed.due_at)) == ("joint", "2026-03-11 17:00")
    assert [(step.verb, step.kind) for step in (await the_whole(desk)).steps] == [
        ("receive", "promised"),
        ("change-kind", "joint"),
    ]


async def test_a_return_needs_its_reason_and_a_reason_carries_no_number(desk: Desk) -> None:
    await receive(desk)
    with pytest.raises(Invalid, match="return_reason"):
        await act(desk, "2026-03-03 09:00", "close", CaseClose(outcome="returned"))
    with pytest.raises(Invalid, match="reason"):
        await act(desk, "2026-03-03 09:00", "withdraw", CaseWithdraw(reason="来电 13800138000"))


async def test_a_paper_is_registered_once(desk: Desk) -> None:
    await receive(desk)
    given = CaseNoticeGiven(kind="acceptance", notice_no="S-1")
    await act(desk, "2026-03-02 10:00", "notice", given)
    with pytest.raises(NotAllowed, match="S-1"):
        await act(desk, "2026-03-02 11:00", "notice", given)


async def test_everything_done_to_a_case_is_journaled_with_who_and_why(desk: Desk) -> None:
    await receive(desk)
    await act(desk, "2026-03-03 09:00", "withdraw")
    rows = await desk.store.read(
        lambda reader: reader.rows("SELECT kind, who, data FROM journal WHERE kind LIKE 'case%' ORDER BY seq")
    )
    assert [(kind, who) for kind, who, _ in rows] == [("case_received", "clerk-1"), ("case_changed", "clerk-1")]
    assert "申请人自行撤回" in rows[1][2]


async def test_the_laws_own_deadline_may_lie_beyond_the_calendar_the_promise_may_not(desk: Desk) -> None:
    promised = await receive(desk, "2026-12-01 09:00", legal_days=2000)
    assert (told(promised.due_at), promised.legal_due_at) == ("2026-12-08 17:00", None)
    assert "日历中没有" in (await the_whole(desk)).deadlines[0].legal_lines[0]["zh"]


async def test_what_is_done_at_once_can_be_closed_before_a_year_without_a_calendar(desk: Desk) -> None:
    last = max(desk.hall.plan.calendar.years)
    await receive(desk, f"{last}-12-30 09:00", kind="immediate", promised_days=None)
    done = await act(desk, f"{last}-12-31 09:00", "close")
    assert done.outcome == "approved"


async def test_who_applied_is_forgotten_when_the_retention_ends(desk: Desk) -> None:
    await receive(desk, applicant="张三")
    desk.clock.forward(days=1094)
    assert await desk.store.write(WORK.forget, LEADER, None) == 0
    desk.clock.forward(days=2)
    assert await desk.store.write(WORK.forget, LEADER, None) == 1
    assert await desk.store.read(lambda reader: reader.rows("SELECT applicant FROM case_file")) == [(None,)]


# --- complaints, attendance


async def test_a_complaint_is_filed_decided_and_looked_into_again(desk: Desk) -> None:
    new = NewComplaint(complaint_no="T1", department="人社局", at=desk.clock.at - timedelta(days=1))
    filed = await desk.store.write(complaints.file_complaint, LEADER, None, desk.hall, new)
    assert (filed.finding, filed.decided_at) == ("open", None)
    said = DecideComplaint(finding="verified", reason="经查属实的投诉")
    decided = await desk.store.write(complaints.decide, LEADER, None, desk.hall, "T1", said)
    assert (decided.finding, decided.decided_by, decided.decided_at) == ("verified", "leader", desk.clock.at)
    with pytest.raises(NotAllowed) as refused:
        await desk.store.write(complaints.decide, LEADER, None, desk.hall, "T1", said)
    assert refused.value.problem("zh").model_dump()["state"] == "verified"
    again = ReopenComplaint(reason="投诉人不服，重新核实")
    opened = await desk.store.write(complaints.reopen, LEADER, None, desk.hall, "T1", again)
    assert (opened.finding, opened.decided_at) == ("open", None)


async def test_a_complaint_names_what_exists(desk: Desk) -> None:
    for said, code in (({"counter": "99"}, "unknown_counter"), ({"case_no": "K9"}, "unknown_case")):
        new = NewComplaint.model_validate({"complaint_no": "T1", "department": "人社局", **said})
        with pytest.raises(Unknown) as refused:
            await desk.store.write(complaints.file_complaint, LEADER, None, desk.hall, new)
        assert refused.value.code == code


async def test_attendance_is_kept_as_seen_and_told_as_judged(desk: Desk) -> None:
    new = NewAttendance.model_validate(
        {"clerk": "王", "department": "人社局", "date": "2026-03-02", "kind": "early", "minutes": 31, "session": "pm"}
    )
    entry = await desk.store.write(record_attendance, LEADER, None, new)
    assert (entry.kind, entry.verdict, entry.counts) == ("early", "off_post", True)
    with pytest.raises(NotAllowed):
        await desk.store.write(record_attendance, LEADER, None, new)
