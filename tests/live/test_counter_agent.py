"""The keypad agent with a real hub, a real pseudo-terminal and the FF68 twin on it."""

import asyncio
import sys
from typing import Any

import pytest

from counter.outbox import OutboxError
from devices.twins.ff68 import bus_frame
from hub.wire import Evaluate
from tests.live.counter_desk import CALL, CALL_BACK, EVALUATE, GIVE_UP, HANG, ONE_METRE, PAUSE, RECALL, TRANSFER, Desk
from tests.unit.counter.halls import until, until_answer

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are needed")


async def test_0c_calls_the_next_and_the_pad_shows_number_and_waiting(desk: Desk) -> None:
    first, _, _ = [await desk.hall.take_ticket() for _ in range(3)]
    desk.start()
    await desk.connected()
    await until(lambda: desk.pad.waiting == "003")
    desk.press(CALL)
    await desk.shows(first[-3:])
    await until(lambda: desk.pad.waiting == "002")
    assert (await desk.hall.counter())["number"] == first
    assert desk.pad.answered == 1


async def test_0c_again_finishes_the_visit_and_calls_the_next(desk: Desk) -> None:
    first, second = [await desk.hall.take_ticket() for _ in range(2)]
    desk.start()
    await desk.connected()
    desk.press(CALL)
    await desk.shows(first[-3:])
    await until(lambda: desk.agent._clock() - desk.agent._pad.last.at > 0.3)  # type: ignore[union-attr]
    desk.press(CALL)
    await desk.shows(second[-3:])
    await until(
        lambda: desk.agent.evaluations.asking.invitation and desk.agent.evaluations.asking.invitation.number == first
    )


async def test_pressed_twice_0c_does_not_skip_a_citizen(desk: Desk) -> None:
    first, _ = [await desk.hall.take_ticket() for _ in range(2)]
    desk.start()
    await desk.connected()
    desk.press(CALL)
    desk.press(CALL)
    await until(lambda: desk.pad.answered == 2 or desk.pad.number == first[-3:])
    await desk.shows(first[-3:])
    await until(lambda: desk.pad.waiting == "001")
    assert (await desk.hall.counter())["number"] == first
    assert desk.pad.beeps == 0


async def test_0d_recalls(desk: Desk) -> None:
    number = await desk.hall.take_ticket()
    desk.start()
    await desk.connected()
    desk.press(CALL)
    await desk.shows(number[-3:])
    desk.press(RECALL)

    def times(answer: dict[str, Any]) -> bool:
        newest = answer["board"]["calls"][0]
        return (newest["number"], newest["times"]) == (number, 2)

    await until_answer(lambda: desk.hall.ask("GET", "/board", "manager"), times)


async def test_06_0f_is_a_no_show(desk: Desk) -> None:
    number = await desk.hall.take_ticket()
    desk.start()
    await desk.connected()
    desk.press(CALL)
    await desk.shows(number[-3:])
    desk.press(GIVE_UP)
    await desk.shows("   ")
    board = (await desk.hall.ask("GET", "/board", "manager"))["board"]
    assert board["missed"][0]["number"] == number


async def test_00_0f_holds_and_03_0f_resumes_whom_this_counter_held_last(desk: Desk) -> None:
    first, second = [await desk.hall.take_ticket() for _ in range(2)]
    desk.start()
    await desk.connected()
    for number in (first, second):
        desk.press(CALL)
        await desk.shows(number[-3:])
        desk.press(HANG)
        await desk.shows("   ")
        await desk.rested()
    desk.press(CALL_BACK)
    await desk.shows(second[-3:])
    assert (await desk.hall.counter())["state"] == "serving"


async def test_12_pauses_the_counter_and_ends_the_pause(desk: Desk) -> None:
    desk.start()
    await desk.connected()
    for state in ("away", "open"):
        desk.press(PAUSE)
        await desk.counter_is(state)
        await desk.rested()
    assert desk.pad.beeps == 0


async def test_digits_and_13_send_the_citizen_on(desk: Desk) -> None:
    number = await desk.hall.take_ticket()
    await desk.hall.open("2")
    desk.start()
    await desk.connected()
    desk.press(CALL)
    await desk.shows(number[-3:])
    desk.press(b"\x02" + TRANSFER)
    await desk.shows("   ")
    queue = await desk.hall.ask("GET", "/counters/2/queue", "counter-2")
    assert [(one["number"], one["directed"]) for one in queue["waiting"]] == [(number, True)]


async def test_digits_and_0c_call_this_number(desk: Desk) -> None:
    _, _, third = [await desk.hall.take_ticket() for _ in range(3)]
    desk.start()
    await desk.connected()
    desk.press(b"\x03" + CALL)
    await desk.shows(third[-3:])


@pytest.mark.parametrize(("value", "level"), [(0, "very_satisfied"), (4, "very_dissatisfied")])
async def test_0b_asks_and_one_press_is_stored_with_the_visit(desk: Desk, value: int, level: str) -> None:
    desk.start()
    await desk.connected()
    number = await desk.serve_until_asked()
    assert desk.line.evaluate(1, value)
    await until(lambda: desk.hall.evaluations() == [(number, level)])
    await until(lambda: desk.evaluator.answered == 1)
    await until(lambda: not desk.outbox.waiting())


async def test_a_citizen_quicker_than_the_hub_is_counted_and_not_asked_twice(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.start()
    await desk.connected()
    number = await desk.hall.take_ticket()
    desk.press(CALL)
    await desk.shows(number[-3:])
    hub_may_answer = asyncio.Event()
    post = desk.agent.link.post

    async def slowly(path: str, *rest: Any, **options: Any) -> dict[str, Any]:
        if path.endswith("/finish"):
            await hub_may_answer.wait()
        return await post(path, *rest, **options)

    monkeypatch.setattr(desk.agent.link, "post", slowly)
    desk.press(EVALUATE)
    await until(lambda: desk.evaluator.asking)
    assert desk.line.evaluate(1, 2)
    await until(lambda: desk.agent.evaluations.early)
    hub_may_answer.set()
    await until(lambda: desk.hall.evaluations() == [(number, "basically_satisfied")])
    await until(lambda: desk.evaluator.answered == 1)
    assert (desk.evaluator.invitations, desk.evaluator.pressed) == (1, 1)


@pytest.mark.parametrize(
    "keys",
    [ONE_METRE, RECALL, GIVE_UP, HANG, CALL_BACK, TRANSFER, b"\x02" + TRANSFER, b"\x01\x07" + CALL],
    ids=[
        "unused",
        "nobody-here",
        "nobody-to-give-up",
        "nobody-to-hold",
        "nobody-held",
        "whereto",
        "nobody-to-send-on",
        "nobody-17",
    ],
)
async def test_what_cannot_be_done_beeps(desk: Desk, keys: bytes) -> None:
    desk.start()
    await desk.connected()
    desk.press(keys)
    await until(lambda: desk.pad.beeps == 1)
    assert (await desk.hall.counter())["state"] == "open"


async def test_a_closed_counter_calls_nobody(desk: Desk) -> None:
    await desk.hall.ask("POST", "/counters/1/close", "counter-1")
    await desk.hall.take_ticket()
    desk.start()
    await desk.connected()
    desk.press(CALL)
    await until(lambda: desk.pad.beeps == 1)
    assert (await desk.hall.counter())["state"] == "closed"


async def test_without_a_hub_caller_keys_are_refused_and_nothing_is_called_later(desk: Desk) -> None:
    await desk.hall.take_ticket()
    desk.start()
    await desk.connected()
    await desk.hall.down()
    await until(lambda: not desk.agent.link.connected)
    desk.press(CALL)
    await until(lambda: desk.pad.beeps == 1)
    assert desk.pad.waiting == "   "
    await desk.hall.up()
    await until(lambda: desk.agent.link.connected and desk.pad.waiting == "001")
    assert "number" not in await desk.hall.counter()


async def test_a_press_survives_a_missing_hub_and_a_restarted_agent(desk: Desk) -> None:
    desk.start()
    await desk.connected()
    number = await desk.serve_until_asked()
    await desk.hall.down()
    await until(lambda: not desk.agent.link.connected)
    assert desk.line.evaluate(1, 1)
    await until(lambda: desk.evaluator.answered == 1)
    assert await desk.end() == 1
    assert desk.hall.evaluations() == []

    desk.start()  # still without a hub
    await until(lambda: desk.agent.lines[0].open)
    await desk.hall.up()
    await until(lambda: desk.hall.evaluations() == [(number, "satisfied")])
    await until(lambda: not desk.outbox.waiting())
    assert await desk.end() == 0
    assert desk.hall.evaluations() == [(number, "satisfied")]


async def test_a_citizen_who_has_pressed_is_not_asked_again_after_a_restart(desk: Desk) -> None:
    desk.start()
    await desk.connected()
    number = await desk.serve_until_asked()
    assert desk.line.evaluate(1, 1)
    await until(lambda: desk.hall.evaluations() == [(number, "satisfied")])
    await desk.end()
    asked = desk.evaluator.invitations
    desk.start()
    await desk.connected()
    await desk.hall.take_ticket()
    await until(lambda: desk.pad.waiting == "001")  # a frame that came after the repeated invitation
    assert desk.evaluator.invitations == asked


async def test_a_full_disk_is_not_acknowledged_and_is_told(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.line.set_faults(on=["resend"])
    desk.start()
    await desk.connected()
    number = await desk.serve_until_asked()

    def full(press: Evaluate) -> bool:
        raise OutboxError("outbox x: the disk is full; free some space")

    with monkeypatch.context() as patch:
        patch.setattr(desk.outbox, "put", full)
        assert desk.line.evaluate(1, 2)
        await until(lambda: desk.hall.devices().get("outbox") == ("faulty", "outbox_failed"))
        assert desk.evaluator.answered == 0
    await until(lambda: desk.hall.evaluations() == [(number, "basically_satisfied")])  # the device sends again
    await until(lambda: desk.evaluator.answered == 1 and "outbox" not in desk.hall.devices())


async def test_a_press_nobody_was_asked_for_is_neither_stored_nor_answered(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[tuple[int, int, bytes]] = []
    hear = desk.line.hear

    def overhear(*frame: Any) -> None:
        heard.append(frame)
        hear(*frame)

    monkeypatch.setattr(desk.line, "hear", overhear)
    desk.start()
    await desk.connected()
    desk.line._send(bus_frame(1, 0x11, b"\x00"))
    await until(lambda: desk.hall.devices().get("keypad") == ("fine", ""))  # it was heard
    number = await desk.serve_until_asked()
    assert (1, 0x01, b"\x00") not in heard
    assert desk.line.evaluate(1, 3)
    await until(lambda: desk.hall.evaluations() == [(number, "dissatisfied")])
    await until(lambda: (1, 0x01, b"\x03") in heard)
