"""Who may take a number: opening hours, cut-offs and quotas on a real database."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.calendar.plan import Band, ServicePlan
from hub.calendar.telling import service_opening
from hub.calendar.verbs import give_back
from hub.problems import HallError, QuotaReached, ServiceClosed
from hub.queue.tickets import issue
from hub.queue.views import public_ticket
from hub.wire import IssueTicket, PublicTicket, Ticket
from tests.unit.hub.desk import KIOSK, Desk
from tests.unit.hub.halls import a_hall, a_service
from tests.unit.hub.plans import local, told

MONDAY = "2026-03-02 10:00"
MORNING = [{"from": "09:00", "to": "12:00", "most": 3}, {"from": "12:00", "to": "17:00", "most": 2}]


@asynccontextmanager
async def a_desk(database: str, now: str, *services: dict[str, Any], **rest: Any) -> AsyncIterator[Desk]:
    desk = await Desk.open(database, a_hall(*services, **rest))
    desk.clock.at = local(now)
    try:
        yield desk
    finally:
        desk.store.close()


async def refusal(taking: Coroutine[Any, Any, Ticket]) -> HallError:
    with pytest.raises(HallError) as refused:
        await taking
    return refused.value


async def test_on_a_holiday_the_refusal_names_it_and_the_next_opening(database: str) -> None:
    async with a_desk(database, "2026-10-01 10:00") as desk:
        problem = (await refusal(desk.take())).problem("zh")
        assert (problem.code, problem.status) == ("service_closed", 409)
        assert problem.detail == "现在不取号，国庆节放假，10月8日 09:00 恢复取号。"
        assert problem.model_extra == {"reason": "holiday", "next_opening": "2026-10-08T09:00:00+08:00"}
        assert await desk.rows("SELECT count(*) FROM ticket") == [(0,)]


@pytest.mark.parametrize(
    ("now", "text"),
    [
        ("2026-10-01 10:00", "It is National Day; numbers are given again from 2026-10-08 09:00."),
        ("2026-03-02 12:30", "It is the lunch break; numbers are given again from 2026-03-02 13:30."),
        ("2026-12-31 18:00", "The hours of today are over; ask the staff when numbers are given again."),
    ],
)
async def test_a_refusal_says_why_and_when_in_english_too(database: str, now: str, text: str) -> None:
    async with a_desk(database, now) as desk:
        assert text in (await refusal(desk.take())).sentence("en")


async def test_a_special_day_is_refused_by_its_name(database: str) -> None:
    special = [{"from": "2026-03-02", "to": "2026-03-03", "names": {"zh": "大厅搬迁", "en": "The hall moves"}}]
    async with a_desk(database, MONDAY, special_day=special) as desk:
        refused = await refusal(desk.take())
        assert refused.sentence("zh") == "现在不取号，大厅搬迁，3月4日 09:00 恢复取号。"


async def test_after_its_cut_off_a_service_gives_nothing_while_others_do(database: str) -> None:
    async with a_desk(database, "2026-03-02 16:45", a_service("A", cut_off_minutes=30), a_service("B")) as desk:
        assert isinstance(await refusal(desk.take("A")), ServiceClosed)
        assert (await desk.take("B")).number == "B001"


async def test_a_phone_is_told_of_lunch_but_not_of_the_end_of_tickets(database: str) -> None:
    async with a_desk(database, "2026-03-02 11:00", a_service(cut_off_minutes=30)) as desk:
        token = (await desk.take()).status_url.rpartition("/")[2]
        told_at = {}
        for now in ("11:59", "12:30", "16:45", "17:10"):
            desk.clock.at = local(f"2026-03-02 {now}")
            phone = await desk.store.read(_phone, desk, token)
            told_at[now] = phone.pause and phone.pause.reason
        assert told_at == {"11:59": None, "12:30": "lunch", "16:45": None, "17:10": "after_closing"}


def _phone(reader: Any, desk: Desk, token: str) -> PublicTicket:
    return public_ticket(reader.rows, desk.hall, token, reader.now)


async def test_a_full_band_names_when_the_next_one_opens(database: str) -> None:
    async with a_desk(database, MONDAY, a_service(quota=MORNING)) as desk:
        assert [(await desk.take()).number for _ in range(3)] == ["A001", "A002", "A003"]
        refused = await refusal(desk.take())
        assert isinstance(refused, QuotaReached)
        problem = refused.problem("zh")
        assert (problem.code, problem.status) == ("quota_reached", 409)
        assert problem.detail == "这项业务本时段 3 个号已取完，3月2日 13:30 恢复取号。"
        assert problem.model_extra == {"reason": "quota", "next_opening": "2026-03-02T13:30:00+08:00"}
        desk.clock.at = local("2026-03-02 13:30")
        assert [(await desk.take()).number for _ in range(2)] == ["A004", "A005"]
        assert isinstance(await refusal(desk.take()), QuotaReached)


async def test_a_plain_number_is_the_quota_of_the_day_and_begins_anew_on_the_next(database: str) -> None:
    async with a_desk(database, MONDAY, a_service(quota=1)) as desk:
        await desk.take()
        assert isinstance(await refusal(desk.take()), QuotaReached)
        desk.clock.at = local("2026-03-03 09:00")
        assert (await desk.take()).number == "A001"


async def test_a_refused_number_is_not_counted_and_uses_up_no_serial(database: str) -> None:
    async with a_desk(database, MONDAY, a_service(quota=2)) as desk:
        with pytest.raises(HallError):
            await desk.take(priority="royal")
        assert [(await desk.take()).number for _ in range(2)] == ["A001", "A002"]
        assert isinstance(await refusal(desk.take()), QuotaReached)
        assert await desk.rows("SELECT taken FROM quota_taken") == [(2,)]


async def test_what_is_left_is_told_until_nothing_is(database: str) -> None:
    async with a_desk(database, MONDAY, a_service(quota=MORNING)) as desk:
        left = []
        for _ in range(3):
            left.append((await desk.store.read(_told, desk))[1])
            await desk.take()
        opening, none_left = await desk.store.read(_told, desk)
        assert (left, none_left, opening.reason) == ([3, 2, 1], 0, "quota")
        assert told(opening.next_opening) == "2026-03-02 13:30"


def _told(reader: Any, desk: Desk) -> Any:
    return service_opening(reader.rows, desk.hall.plan, "A", reader.now)


def giving_back(desk: Desk) -> None:
    desk.store.hooks["ticket_cancelled"].append(lambda tx, entry: give_back(tx, desk.hall.plan, entry))


@pytest.mark.parametrize("gives_back", [True, False])
async def test_a_cancelled_ticket_gives_its_number_back_where_the_hall_wants_it(
    database: str, gives_back: bool
) -> None:
    async with a_desk(database, MONDAY, a_service(quota=1)) as desk:
        if gives_back:
            giving_back(desk)
        await desk.cancel((await desk.take()).id)
        if gives_back:
            assert (await desk.take()).number == "A002"
        assert isinstance(await refusal(desk.take()), QuotaReached)


async def test_a_ticket_for_several_services_counts_in_each_and_gives_all_back(database: str) -> None:
    async with a_desk(database, MONDAY, a_service("A", quota=1), a_service("B", quota=1)) as desk:
        giving_back(desk)
        both = IssueTicket(service="B", services=["A"])
        ticket = await desk.store.write(issue, KIOSK, None, desk.hall, both)
        assert isinstance(await refusal(desk.take("A")), QuotaReached)
        await desk.cancel(ticket.id)
        assert [(await desk.take(service)).number for service in "AB"] == ["A001", "B002"]


async def test_what_is_given_back_counts_in_the_band_it_was_taken_in(database: str) -> None:
    async with a_desk(database, "2026-03-02 11:59", a_service(quota=MORNING)) as desk:
        giving_back(desk)
        morning = await desk.take()
        desk.clock.at = local("2026-03-02 13:30")
        await desk.take()
        await desk.take()
        await desk.cancel(morning.id)
        assert isinstance(await refusal(desk.take()), QuotaReached)
        assert await desk.rows("SELECT band FROM quota_returned") == [("09:00-12:00",)]


async def test_concurrent_takers_get_exactly_the_quota(database: str) -> None:
    async with a_desk(database, MONDAY, a_service(quota=37), a_service("B")) as desk:
        taking = [desk.take("AB"[turn % 2]) for turn in range(200)]
        answers = await asyncio.gather(*taking, return_exceptions=True)
        given = sorted(answer.number for answer in answers if isinstance(answer, Ticket) and answer.service == "A")
        assert given == [f"A{serial:03d}" for serial in range(1, 38)]
        assert sum(isinstance(answer, QuotaReached) for answer in answers) == 63


async def test_two_hubs_on_one_database_give_exactly_the_quota_together(database: str) -> None:
    hall = a_service(quota=23)
    async with a_desk(database, MONDAY, hall) as one, a_desk(database, MONDAY, hall) as other:
        taking = [hub.take() for _ in range(40) for hub in (one, other)]
        answers = await asyncio.gather(*taking, return_exceptions=True)
        given = sorted(answer.number for answer in answers if isinstance(answer, Ticket))
        assert given == [f"A{serial:03d}" for serial in range(1, 24)]
        assert sum(isinstance(answer, QuotaReached) for answer in answers) == 57


async def begin_a_fresh_day(desk: Desk, most: int) -> None:
    """The day after the last one that was counted, with another quota."""
    [(last,)] = await desk.rows("SELECT coalesce(max(day), '2026-03-01') FROM quota_taken")
    desk.clock.at = local(f"{last} 10:00") + timedelta(days=1)
    plan = replace(desk.hall.plan, services={"A": ServicePlan(bands=(Band(0, 1440, most),))}, seasons=())
    desk.hall = replace(desk.hall, plan=plan)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(most=st.integers(1, 6), crowds=st.lists(st.tuples(st.integers(0, 8), st.integers(0, 3)), max_size=6))
async def test_however_takers_and_cancellers_come_there_are_never_more_than_the_quota(
    database: str, most: int, crowds: list[tuple[int, int]]
) -> None:
    async with a_desk(database, MONDAY) as desk:
        giving_back(desk)
        await begin_a_fresh_day(desk, most)
        alive: list[str] = []
        for takers, leavers in crowds:
            leaving, alive = alive[:leavers], alive[leavers:]
            cancels = [desk.cancel(ticket) for ticket in leaving]
            answers = await asyncio.gather(*cancels, *(desk.take() for _ in range(takers)), return_exceptions=True)
            taken = [answer.id for answer in answers[len(cancels) :] if isinstance(answer, Ticket)]
            assert len(taken) == min(takers, most - len(alive))
            alive += taken
        _, left = await desk.store.read(_told, desk)
        assert left == most - len(alive)
