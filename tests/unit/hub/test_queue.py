"""The queue on a real database: numbers, places, calls, visits."""

import asyncio
from datetime import timedelta

import pytest

from hub.problems import Invalid, NotAllowed, ServiceClosed, Unknown
from hub.queue.tickets import end_day
from hub.store import SYSTEM, ConstraintBroken
from tests.unit.hub.desk import NOON, Desk


async def test_numbers_count_up_within_their_prefix(desk: Desk) -> None:
    assert [(await desk.take(service)).number for service in "ABAB"] == ["A001", "B001", "A002", "B002"]


async def test_numbers_begin_anew_on_the_halls_next_day_not_on_utcs(desk: Desk) -> None:
    desk.clock.at = NOON.replace(hour=15, minute=59)  # 23:59 in the hall
    assert (await desk.take()).number == "A001"
    desk.clock.forward(minutes=2)
    assert (await desk.take()).number == "A001"


async def test_at_the_end_of_the_day_who_waits_expires_and_open_visits_survive(desk: Desk) -> None:
    await desk.open_counter("1")
    at_the_counter, still_waiting = await desk.take(), await desk.take()
    await desk.next("1")
    desk.clock.forward(hours=13)
    today = await desk.take()
    assert await desk.store.write(end_day, SYSTEM, None, desk.hall) == 1
    assert await desk.store.write(end_day, SYSTEM, None, desk.hall) == 0
    states = [(await desk.ticket(ticket.id)).state for ticket in (at_the_counter, still_waiting, today)]
    assert states == ["called", "expired", "waiting"]
    assert (await desk.finish("1")).state == "finished"
    assert await desk.rows("SELECT ticket FROM journal WHERE kind = 'ticket_expired'") == [(still_waiting.id,)]


async def test_a_hundred_citizens_at_once_get_a_hundred_numbers(desk: Desk) -> None:
    taken = await asyncio.gather(*(desk.take() for _ in range(100)))
    assert sorted(ticket.number for ticket in taken) == [f"A{serial:03d}" for serial in range(1, 101)]


async def test_an_unknown_service_is_named(desk: Desk) -> None:
    with pytest.raises(Unknown, match="service X"):
        await desk.take("X")


async def test_a_heading_gives_no_tickets_and_names_its_services(desk: Desk) -> None:
    with pytest.raises(Invalid, match="B、C、D"):
        await desk.take("SB")


async def test_a_refused_ticket_uses_up_no_number(desk: Desk) -> None:
    with pytest.raises(Unknown, match="priority"):
        await desk.take("A", priority="royal")
    assert (await desk.take("A")).number == "A001"


async def test_outside_the_opening_hours_the_next_opening_is_told(database: str) -> None:
    hours = [{"open": {"mon": ["09:00-11:00"], "tue": ["09:00-11:00"]}}]
    desk = await Desk.open(database, {"hours": hours})
    try:
        with pytest.raises(ServiceClosed, match="2026-03-03 09:00"):
            await desk.take()
        assert await desk.rows("SELECT count(*) FROM ticket") == [(0,)]
    finally:
        desk.store.close()


async def test_ahead_counts_who_will_be_called_before(desk: Desk) -> None:
    assert [(await desk.take()).ahead for _ in range(3)] == [0, 1, 2]
    first = await desk.take(priority="elderly")
    assert first.ahead == 0


async def test_an_elderly_citizen_overtakes_by_the_head_start_and_no_more(desk: Desk) -> None:
    await desk.open_counter("1")
    long_waiting = await desk.take()
    desk.clock.forward(minutes=10)
    lately_come = await desk.take()
    desk.clock.forward(minutes=6)
    elderly = await desk.take(priority="elderly")  # fifteen minutes' head start
    called = [await desk.next("1", finish_current=True) for _ in range(3)]
    assert [ticket.id for ticket in called if ticket] == [long_waiting.id, elderly.id, lately_come.id]


async def test_a_clock_that_jumps_back_does_not_let_newcomers_pass(desk: Desk) -> None:
    await desk.open_counter("1")
    first = await desk.take()
    desk.clock.forward(hours=-1)
    second = await desk.take()
    called = [await desk.next("1", finish_current=True) for _ in range(2)]
    assert [ticket.id for ticket in called if ticket] == [first.id, second.id]


async def test_a_counter_calls_only_what_it_serves(desk: Desk) -> None:
    await desk.open_counter("1")
    await desk.take("F")
    assert await desk.next("1") is None


async def test_a_counter_opened_for_some_services_leaves_the_others(desk: Desk) -> None:
    await desk.open_counter("1", ["G"])
    await desk.take("A")
    wanted = await desk.take("G")
    called = await desk.next("1")
    assert called is not None
    assert called.id == wanted.id


async def test_nobody_waiting_is_an_ordinary_answer(desk: Desk) -> None:
    await desk.open_counter("1")
    assert await desk.next("1") is None


async def test_a_closed_counter_calls_nobody(desk: Desk) -> None:
    await desk.take()
    with pytest.raises(NotAllowed, match="closed"):
        await desk.next("1")


async def test_with_a_citizen_at_the_counter_next_is_refused(desk: Desk) -> None:
    await desk.open_counter("1")
    await desk.take()
    await desk.take()
    await desk.next("1")
    with pytest.raises(NotAllowed, match="A001"):
        await desk.next("1")


async def test_next_with_finish_current_ends_the_visit_even_when_nobody_waits(desk: Desk) -> None:
    await desk.open_counter("1")
    ticket = await desk.take()
    await desk.next("1")
    assert await desk.next("1", finish_current=True) is None
    assert (await desk.ticket(ticket.id)).state == "finished"


async def test_finishing_what_was_only_called_counts_it_as_started_when_called(desk: Desk) -> None:
    await desk.open_counter("1")
    await desk.take()
    await desk.next("1")
    desk.clock.forward(minutes=5)
    finished = await desk.finish("1")
    assert finished.started_at == NOON
    assert finished.finished_at == NOON + timedelta(minutes=5)


async def test_a_no_show_frees_the_counter_and_asks_for_no_evaluation(desk: Desk) -> None:
    await desk.open_counter("1")
    await desk.take()
    await desk.next("1")
    missed = await desk.no_show("1")
    assert missed is not None
    assert missed.state == "no_show"
    assert await desk.rows("SELECT count(*) FROM invitation") == [(0,)]
    await desk.close_counter("1")


async def test_whoever_is_being_served_is_no_no_show(desk: Desk) -> None:
    await desk.open_counter("1")
    await desk.take()
    await desk.next("1")
    await desk.start("1")
    with pytest.raises(NotAllowed, match="serving"):
        await desk.no_show("1")


async def test_a_recall_announces_again_and_does_not_move_the_wait(desk: Desk) -> None:
    await desk.open_counter("1")
    await desk.take()
    await desk.next("1")
    desk.clock.forward(minutes=1)
    again = await desk.recall("1")
    assert again is not None
    assert again.called_at == NOON
    assert await desk.rows("SELECT times FROM call ORDER BY at") == [(1,), (2,)]


async def test_a_cancelled_ticket_is_not_called(desk: Desk) -> None:
    await desk.open_counter("1")
    ticket = await desk.take()
    await desk.cancel(ticket.id)
    assert await desk.next("1") is None
    with pytest.raises(NotAllowed, match="cancelled"):
        await desk.cancel(ticket.id)


async def test_a_counter_with_a_citizen_does_not_close(desk: Desk) -> None:
    await desk.open_counter("1")
    await desk.take()
    await desk.next("1")
    with pytest.raises(NotAllowed, match="finish the visit"):
        await desk.close_counter("1")


async def test_the_database_itself_refuses_two_open_visits_at_a_counter(desk: Desk) -> None:
    await desk.open_counter("1")
    await desk.take()
    await desk.next("1")
    other = await desk.take()

    def sneak(tx, ticket):  # type: ignore[no-untyped-def]
        tx.rows(
            "INSERT INTO visit (id, ticket, counter, service, clerk, called_at, announced)"
            " VALUES ('x', :ticket, '1', 'A', 'me', 0, 1)",
            ticket=ticket,
        )

    with pytest.raises(ConstraintBroken):
        await desk.store.write(sneak, SYSTEM, None, other.id)


async def test_every_change_is_journaled_in_order_with_who_did_it(desk: Desk) -> None:
    await desk.open_counter("1")
    await desk.take()
    await desk.next("1")
    await desk.finish("1")
    entries = await desk.rows("SELECT kind, who FROM journal ORDER BY seq")
    assert entries == [
        ("hall_seeded", "hall"),
        ("counter_opened", "clerk-1"),
        ("ticket_issued", "kiosk-1"),
        ("ticket_called", "clerk-1"),
        ("visit_finished", "clerk-1"),
        ("evaluation_invited", "clerk-1"),
    ]
    assert await desk.rows("SELECT seq FROM journal ORDER BY seq") == [(number,) for number in range(1, 7)]
