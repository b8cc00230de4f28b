"""Holding, sending on, coming back, choosing, going away: on a real database, with a clock the test moves."""

from pathlib import Path
from typing import Any

import pytest

from hub.problems import Forbidden, Invalid, NotAllowed, Unknown
from hub.queue import counters, visits
from hub.store import Who
from hub.wire import CallChosen, CallNext, OpenCounter, Ticket
from tests.unit.hub.desk import Desk, clerk


async def opened(tmp_path: Path, **queue: Any) -> Desk:
    """Services A, B, C; counter 1 serves A, 2 serves B, 3 serves C and as second choice A."""
    document = {
        "service": [{"code": c, "prefix": c, "names": {"zh": c}, "estimate_minutes": 5} for c in "ABC"],
        "counter": [
            {"code": "1", "services": ["A"]},
            {"code": "2", "services": ["B"]},
            {"code": "3", "services": ["C"], "second_services": ["A"], **queue.pop("third", {})},
        ],
        "priority": [{"name": "elderly", "head_start_minutes": 15}],
        "queue": queue,
    }
    desk = await Desk.open(tmp_path / "hall.db", document)
    for counter in "123":
        await desk.open_counter(counter)
    return desk


@pytest.fixture
async def floor(tmp_path: Path) -> Any:
    desk = await opened(tmp_path)
    yield desk
    desk.store.close()


async def called(desk: Desk, counter: str) -> Ticket:
    ticket = await desk.next(counter)
    assert ticket is not None
    return ticket


async def test_a_held_citizen_leaves_the_counter_free_and_is_served_on_at_another(floor: Desk) -> None:
    first, second = await floor.take(), await floor.take()
    await called(floor, "1")
    await floor.start("1")
    held = await floor.hold("1", 20)
    assert held.state == "held"
    assert held.held_until is not None
    assert (held.held_until - floor.clock.at).total_seconds() == 20 * 60
    assert (await called(floor, "1")).id == second.id
    served = await floor.resume("2", first.id)
    assert (served.state, served.counter) == ("serving", "2")
    assert (await floor.finish("2")).state == "finished"


async def test_resuming_is_not_a_call(floor: Desk) -> None:
    ticket = await floor.take()
    await called(floor, "1")
    await floor.hold("1")
    floor.clock.forward(minutes=7)
    resumed = await floor.resume("1", ticket.id)
    assert resumed.called_at == floor.hall.local(floor.clock.at).replace(minute=0)
    assert len(await floor.rows("SELECT id FROM call")) == 1


async def test_a_hall_may_resume_at_the_same_counter_only(tmp_path: Path) -> None:
    desk = await opened(tmp_path, resume_at="same_counter")
    ticket = await desk.take()
    await called(desk, "1")
    await desk.hold("1")
    with pytest.raises(NotAllowed, match="held at counter 1"):
        await desk.resume("2", ticket.id)
    assert (await desk.resume("1", ticket.id)).state == "serving"
    desk.store.close()


@pytest.mark.parametrize(("keep", "first"), [(True, "A001"), (False, "B001")])
async def test_a_transfer_keeps_the_place_or_gets_the_head_start(floor: Desk, keep: bool, first: str) -> None:
    await floor.take("A")
    floor.clock.forward(minutes=5)
    await floor.take("B")
    floor.clock.forward(minutes=12)
    await called(floor, "1")
    sent = await floor.transfer("1", service="B", keep_place=keep)
    assert (sent.state, sent.service, sent.ahead) == ("waiting", "B", 0 if keep else 1)
    assert (await called(floor, "2")).number == first


async def test_what_is_sent_to_a_counter_is_called_there_only(floor: Desk) -> None:
    await floor.take("A")
    await called(floor, "1")
    sent = await floor.transfer("1", counter="3")
    assert (sent.only_counter, sent.counters) == ("3", ["3"])
    assert await floor.next("1") is None
    assert (await called(floor, "3")).id == sent.id


async def test_what_is_sent_to_a_clerk_follows_the_clerk(floor: Desk) -> None:
    await floor.take("A")
    await called(floor, "1")
    sent = await floor.transfer("1", clerk="clerk-2")
    assert sent.only_clerk == "clerk-2"
    assert await floor.next("3") is None
    assert (await called(floor, "2")).id == sent.id


async def test_a_counter_that_closes_lets_go_of_what_was_sent_to_it(floor: Desk) -> None:
    await floor.take("A")
    await called(floor, "1")
    sent = await floor.transfer("1", counter="3")
    await floor.close_counter("3")
    assert (await called(floor, "1")).id == sent.id


@pytest.mark.parametrize(
    ("target", "refusal"),
    [
        ({}, Invalid),
        ({"counter": "3", "clerk": "clerk-3"}, Invalid),
        ({"service": "X"}, Unknown),
        ({"counter": "9"}, Unknown),
        ({"counter": "1"}, Invalid),
        ({"counter": "2"}, NotAllowed),
        ({"clerk": "nobody"}, NotAllowed),
        ({"clerk": "clerk-1"}, Invalid),
    ],
)
async def test_a_transfer_to_nowhere_is_refused_and_changes_nothing(
    floor: Desk, target: dict[str, str], refusal: type[Exception]
) -> None:
    ticket = await floor.take("A")
    await called(floor, "1")
    with pytest.raises(refusal):
        await floor.transfer("1", **target)
    assert (await floor.ticket(ticket.id)).state == "called"


async def test_who_missed_the_call_comes_back_behind_three(floor: Desk) -> None:
    missed = await floor.take()
    for _ in range(5):
        floor.clock.forward(minutes=1)
        await floor.take()
    await called(floor, "1")
    await floor.no_show("1")
    again = await floor.requeue(missed.id)
    assert (again.state, again.ahead, again.returns) == ("waiting", 3, 1)


async def test_who_comes_back_is_never_behind_a_newcomer(floor: Desk) -> None:
    missed = await floor.take()
    await called(floor, "1")
    await floor.no_show("1")
    floor.clock.forward(minutes=1)
    await floor.take()
    await floor.requeue(missed.id)
    floor.clock.forward(minutes=1)
    newcomer = await floor.take()
    assert newcomer.ahead == 2


async def test_coming_back_by_minutes_counts_from_the_first_who_waits(tmp_path: Path) -> None:
    desk = await opened(tmp_path, return_by="minutes", return_minutes=10)
    missed = await desk.take()
    await called(desk, "1")
    await desk.no_show("1")
    for _ in range(6):
        await desk.take()
        desk.clock.forward(minutes=4)
    assert (await desk.requeue(missed.id)).ahead == 3
    desk.store.close()


async def test_coming_back_has_a_limit(floor: Desk) -> None:
    ticket = await floor.take()
    for _ in range(2):
        await called(floor, "1")
        await floor.no_show("1")
        await floor.requeue(ticket.id)
    await called(floor, "1")
    await floor.no_show("1")
    with pytest.raises(NotAllowed, match="did not come 3 times"):
        await floor.requeue(ticket.id)


async def test_yesterdays_number_does_not_come_back(floor: Desk) -> None:
    missed = await floor.take()
    await called(floor, "1")
    await floor.no_show("1")
    floor.clock.forward(days=1)
    with pytest.raises(NotAllowed, match="has expired"):
        await floor.requeue(missed.id)
    with pytest.raises(NotAllowed, match="has expired"):
        await floor.choose("1", missed.id)


async def test_a_chosen_ticket_is_called_out_of_turn_with_the_reason_kept(floor: Desk) -> None:
    first, second = await floor.take(), await floor.take()
    assert (await floor.choose("1", second.id, "行动不便")).number == second.number
    explained = await floor.place(first.id)
    assert [(o.number, o.clerk, o.how, o.reason) for o in explained.overtaken_by] == [
        (second.number, "clerk-1", "chosen", "行动不便")
    ]


async def test_choosing_needs_a_role_the_hall_allows(tmp_path: Path) -> None:
    desk = await opened(tmp_path, chosen_call_roles=["duty_leader"])
    ticket = await desk.take()
    with pytest.raises(Forbidden):
        await desk.choose("1", ticket.id)
    keypad = Who("counter-1", "counter", "1")
    command = CallChosen(ticket=ticket.id, reason="x")
    with pytest.raises(Forbidden):
        await desk.store.write(visits.call_chosen, keypad, None, desk.hall, "1", command)
    desk.store.close()


async def test_recalls_have_a_limit_and_an_interval(floor: Desk) -> None:
    await floor.take()
    await called(floor, "1")
    with pytest.raises(NotAllowed, match="recall it in 10 s"):
        await floor.recall("1")
    for _ in range(3):
        floor.clock.forward(seconds=10)
        await floor.recall("1")
    floor.clock.forward(seconds=10)
    with pytest.raises(NotAllowed, match="recalled 3 times"):
        await floor.recall("1")


async def test_one_ticket_goes_through_its_services_in_turn(floor: Desk) -> None:
    ticket = await floor.take_in_turn("A", "B")
    floor.clock.forward(seconds=1)
    await floor.take("B")
    assert ticket.services_left == ["B"]
    await called(floor, "1")
    between = await floor.finish("1")
    assert (between.state, between.service, between.ahead, between.services_left) == ("waiting", "B", 0, None)
    assert (await called(floor, "2")).id == ticket.id
    assert (await floor.finish("2")).state == "finished"
    assert len(await floor.rows("SELECT visit FROM invitation")) == 2


async def test_same_moment_and_same_serial_of_two_series_still_have_one_order(floor: Desk) -> None:
    """A001 and B001 of one moment in line B: the claim, the places told and the pure rule agree who is first."""
    several = [await floor.take_in_turn("A", "B") for _ in range(4)]
    plain = [await floor.take("B") for _ in range(4)]
    for _ in several:
        await called(floor, "1")
        await floor.finish("1")
    line = sorted(several + plain, key=lambda ticket: (ticket.number[1:], ticket.id))
    assert [(await floor.ticket(one.id)).ahead for one in line] == list(range(8))
    assert [len((await floor.place(one.id)).before) for one in line] == list(range(8))
    for ticket in line:
        assert (await called(floor, "2")).id == ticket.id
        await floor.finish("2")


@pytest.mark.parametrize("services", [("A", "A"), ("A", "B", "B")])
async def test_a_service_twice_on_one_ticket_is_refused(floor: Desk, services: tuple[str, ...]) -> None:
    with pytest.raises(Invalid):
        await floor.take_in_turn(*services)


async def test_second_choices_are_called_only_when_no_first_choice_waits(floor: Desk) -> None:
    await floor.take("A")
    floor.clock.forward(minutes=30)
    await floor.take("C")
    assert (await called(floor, "3")).number == "C001"
    await floor.finish("3")
    assert (await called(floor, "3")).number == "A001"


async def test_a_second_choice_competes_after_the_counters_minutes(tmp_path: Path) -> None:
    desk = await opened(tmp_path, third={"second_after_minutes": 10})
    await desk.take("A")
    desk.clock.forward(minutes=9)
    await desk.take("C")
    await desk.take("C")
    assert (await called(desk, "3")).number == "C001"
    await desk.finish("3")
    desk.clock.forward(minutes=1)
    assert (await called(desk, "3")).number == "A001"
    desk.store.close()


async def test_two_ordinary_one_priority(tmp_path: Path) -> None:
    desk = await opened(tmp_path, policy="proportional")
    for priority in (None, None, None, None, "elderly", "elderly", "elderly"):
        await desk.take(priority=priority)
    numbers = []
    for _ in range(7):
        numbers.append((await called(desk, "1")).number)
        await desk.finish("1")
    assert numbers == ["A001", "A002", "A005", "A003", "A004", "A006", "A007"]
    desk.store.close()


async def test_a_counter_away_tells_when_it_is_back_and_calls_nobody(floor: Desk) -> None:
    await floor.take()
    away = await floor.away("1", 30)
    assert away.state == "away"
    assert away.away is not None
    with pytest.raises(NotAllowed, match="is away"):
        await floor.next("1")
    assert (await floor.back("1")).state == "open"
    assert await floor.next("1")


async def test_going_away_needs_an_empty_counter_and_a_time_ahead(floor: Desk) -> None:
    with pytest.raises(Invalid):
        await floor.away("1", 0)
    await floor.take()
    await called(floor, "1")
    with pytest.raises(NotAllowed, match="finish the visit"):
        await floor.away("1")


async def test_one_clerk_sits_at_one_counter(floor: Desk) -> None:
    await floor.close_counter("2")
    with pytest.raises(NotAllowed, match="you sit at counter 1"):
        await floor.store.write(
            counters.open_counter, Who("clerk-1", "clerk", "2"), None, floor.hall, "2", OpenCounter()
        )


async def test_nobody_acts_at_a_counter_where_somebody_else_sits(floor: Desk) -> None:
    await floor.take()
    other = Who("clerk-9", "clerk", "1")
    with pytest.raises(NotAllowed, match="clerk-1 sits at counter 1"):
        await floor.store.write(visits.start, other, None, floor.hall, "1")


async def test_a_keypads_visit_counts_for_the_clerk_who_sits_there(floor: Desk) -> None:
    await floor.take()
    await floor.store.write(visits.call_next, Who("counter-1", "counter", "1"), None, floor.hall, "1", CallNext())
    assert await floor.rows("SELECT clerk FROM visit") == [("clerk-1",)]


async def test_the_duty_leader_closes_a_counter_left_open(floor: Desk) -> None:
    leader = Who("leader", "duty_leader")
    closed = await floor.store.write(counters.close_counter, leader, None, floor.hall, "1")
    assert closed.state == "closed"
    with pytest.raises(NotAllowed, match="clerk-2 sits"):
        await floor.store.write(counters.close_counter, clerk("1"), None, floor.hall, "2")


async def test_the_day_ends_for_who_is_held_too(floor: Desk) -> None:
    ticket = await floor.take()
    await called(floor, "1")
    await floor.hold("1")
    floor.clock.forward(days=1)
    assert await floor.end_day() == 1
    assert (await floor.ticket(ticket.id)).state == "expired"


async def test_a_head_start_is_explained(floor: Desk) -> None:
    first = await floor.take()
    floor.clock.forward(minutes=5)
    elderly = await floor.take(priority="elderly")
    explained = await floor.place(first.id)
    assert explained.ahead == 1
    assert [(b.number, b.why) for b in explained.before] == [(elderly.number, "head_start")]
    assert "其中 1 人晚到但享有优先" in explained.sentences["zh"][1]
    assert (await floor.place(elderly.id)).head_start_minutes == 15
