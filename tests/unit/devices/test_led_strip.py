"""Strips on real ports: what stands on the twins, what goes over the wire, and what becomes of a pulled plug."""

import asyncio
import contextlib
import sys
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from ddp import DDPConnection
from ddp.protocol import ID, PixelConfig

from devices import led_bx_frames
from devices.health import Condition
from devices.led_pixels import shortened
from devices.led_strip import Strip, StripPlan
from devices.led_texts import Sign
from devices.twins.bench import twin_bench
from devices.twins.led_boards import F0d0Twin, XunpengColourTwin, XunpengTwin
from devices.twins.led_bx import BxTwin
from devices.twins.led_ddp import DdpTwin
from devices.twins.twin import CabledTwin

CALL = Sign(("3号窗口 Z005 请办理",), number="Z005")
NEXT = Sign(("3号窗口 A006 请办理",), number="A006")
PATIENCE_S = 8.0


async def until(true: Callable[[], object]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not true():  # noqa: ASYNC110  # devices send no asyncio events
            await asyncio.sleep(0.005)


@contextlib.asynccontextmanager
async def running(url: str, **plan: object) -> AsyncIterator[tuple[Strip, list[Condition]]]:
    told: list[Condition] = []
    strip = Strip(StripPlan(url, **plan), on_change=told.append)  # type: ignore[arg-type]
    work = asyncio.create_task(strip.run())
    try:
        yield strip, told
    finally:
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)


async def test_a_summary_screen_changes_in_one_frame_and_only_where_it_must() -> None:
    twin = BxTwin(width=192, height=32)
    async with twin_bench(twin) as bench, running(bench.urls[0], height=32, rows=2) as (strip, _):
        strip.show(Sign(("请 A005 号到 3号窗口", "请 Z001 号到 1号窗口")))
        await until(lambda: len(twin.texts) == 2)
        assert twin.texts == ["请 A005 号到 3号窗口", "请 Z001 号到 1号窗口"]
        before, received = twin.commands, twin.received_bytes
        strip.show(Sign(("请 A005 号到 3号窗口", "请 [Z] 号到 2号窗口")))
        await until(lambda: twin.texts[1] == "请 [Z] 号到 2号窗口")
        assert twin.commands == before + 1
        assert twin.received_bytes - received < 100  # one area, not two


async def test_a_slow_card_is_never_behind_by_a_queue_of_old_texts() -> None:
    twin = BxTwin()
    async with twin_bench(twin) as bench, running(bench.urls[0]) as (strip, _):
        strip.show(CALL)
        await until(lambda: strip.health.now.state == "fine")
        before = twin.commands
        for number in range(200):
            strip.show(Sign((f"3号窗口 A{number:03d} 请办理",)))
        await until(lambda: twin.texts == ["3号窗口 A199 请办理"])
        assert twin.commands <= before + 2


async def test_areas_of_another_program_are_taken_down() -> None:
    twin = BxTwin()
    async with twin_bench(twin) as bench:
        async with running(bench.urls[0], height=32, rows=2) as (strip, _):
            strip.show(Sign(("one", "two")))
            await until(lambda: twin.texts == ["one", "two"])
        async with running(bench.urls[0]) as (strip, _):
            strip.show(CALL)
            await until(lambda: twin.texts == list(CALL.texts))


async def test_a_card_that_tells_no_status_is_written_to_all_the_same() -> None:
    twin = BxTwin(faults=["no-status"])
    async with twin_bench(twin) as bench, running(bench.urls[0]) as (strip, _):
        strip.show(CALL)
        await until(lambda: twin.texts == list(CALL.texts) and strip.health.now.state == "fine")


@pytest.mark.parametrize(
    ("fault", "state", "code"),
    [
        ("wrong-sum", "degraded", "bad_frame"),
        ("garbage", "degraded", "bad_frame"),
        ("wrong-answer", "degraded", "bad_frame"),
        ("busy", "degraded", "device_busy"),
        ("no-font", "faulty", "device_refused"),
        ("mute", "silent", "device_silent"),
    ],
)
async def test_troubles_are_told_apart_and_end_by_themselves(
    fault: str, state: str, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("devices.led_strip.AGAIN_S", 0.05)
    monkeypatch.setattr("devices.led_strip.REPLY_TIMEOUT_S", 0.05)
    twin = BxTwin(faults=[fault])
    async with twin_bench(twin) as bench, running(bench.urls[0]) as (strip, told):
        strip.show(CALL)
        await until(lambda: any((one.state, one.code) == (state, code) for one in told))
        twin.set_faults(off=[fault])
        strip.show(NEXT)
        await until(lambda: twin.texts == list(NEXT.texts) and strip.health.now.state == "fine")


async def test_a_card_answers_over_datagrams_as_well() -> None:
    twin = BxTwin()
    async with twin_bench(twin, port=None, udp=0) as bench, running(bench.urls[0]) as (strip, _):
        strip.show(CALL)
        await until(lambda: twin.texts == list(CALL.texts) and strip.health.now.state == "fine")


@pytest.mark.parametrize("wire", ["tcp", "pty"])
async def test_a_plug_pulled_in_traffic_costs_nothing_but_the_time_it_is_out(wire: str, tmp_path: Path) -> None:
    if wire == "pty" and sys.platform == "win32":
        pytest.skip("pseudo-terminals are needed")
    twin = BxTwin()
    ways: dict[str, object] = {"port": None, "pty": tmp_path / "led"} if wire == "pty" else {"port": 0}
    async with twin_bench(twin, **ways) as bench, running(bench.urls[0]) as (strip, told):  # type: ignore[arg-type]
        strip.show(CALL)
        await until(lambda: twin.texts == list(CALL.texts))
        for number in range(20):
            strip.show(Sign((f"A{number:03d}",)))
        twin.set_faults(on=["unplugged"])
        twin.act({"do": "power-cycle"})
        await until(lambda: strip.health.now.state == "faulty")
        strip.show(NEXT)
        twin.set_faults(off=["unplugged"])
        back = time.monotonic()
        await until(lambda: twin.texts == list(NEXT.texts) and strip.health.now.state == "fine")
        assert time.monotonic() - back < 3.0
        assert next(one.code for one in told if one.state == "faulty") == "port_lost"


@pytest.mark.parametrize(
    ("twin", "seen"),
    [
        (F0d0Twin(), lambda twin: twin.texts[:1] == list(NEXT.texts)),
        (XunpengTwin(), lambda twin: twin.number == 6),
        (XunpengColourTwin(), lambda twin: twin.number == 6),
    ],
    ids=lambda told: getattr(told, "kind", ""),
)
async def test_a_small_board_shows_what_is_new_after_its_plug_was_out(
    twin: CabledTwin, seen: Callable[[CabledTwin], bool]
) -> None:
    async with twin_bench(twin) as bench, running(bench.urls[0], kind=twin.kind) as (strip, _):
        strip.show(CALL)
        await strip.stands.wait()
        twin.set_faults(on=["unplugged"])
        await until(lambda: strip.health.now.state == "faulty")
        strip.show(NEXT)
        assert not seen(twin)
        twin.set_faults(off=["unplugged"])
        back = time.monotonic()
        await until(lambda: seen(twin))
        assert time.monotonic() - back < 3.0


async def test_a_pixel_wall_that_nobody_hears_shows_what_is_new_after_its_cable_was_out() -> None:
    """By datagrams nobody can know that it was away: the picture is sent again every second."""
    twin = DdpTwin(width=96, height=16)
    async with (
        twin_bench(twin, port=None, udp=0) as bench,
        running(bench.urls[0], kind="led-ddp", width=96) as (strip, _),
    ):
        strip.show(CALL)
        await until(lambda: twin.pushes)
        twin.set_faults(on=["unplugged"])
        before = twin.standing
        strip.stands.clear()
        strip.show(NEXT)
        await strip.stands.wait()
        assert twin.standing == before
        twin.set_faults(off=["unplugged"])
        back = time.monotonic()
        await until(lambda: twin.standing != before)
        assert time.monotonic() - back < 3.0


async def test_a_card_switched_off_and_on_behind_its_server_gets_its_texts_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("devices.led_bx.BxStrip.check_s", 0.05)
    twin = BxTwin()
    async with twin_bench(twin) as bench, running(bench.urls[0]) as (strip, _):
        strip.show(CALL)
        await until(lambda: twin.texts == list(CALL.texts))
        twin.act({"do": "power-cycle"})
        await until(lambda: twin.texts == list(CALL.texts))


@pytest.mark.parametrize(("fault", "code"), [("mute", "device_silent"), ("busy", "device_busy")])
async def test_a_card_that_fails_while_nothing_changes_is_not_taken_for_fine(
    fault: str, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("devices.led_bx.BxStrip.check_s", 0.02)
    monkeypatch.setattr("devices.led_strip.AGAIN_S", 0.02)
    monkeypatch.setattr("devices.led_strip.REPLY_TIMEOUT_S", 0.02)
    monkeypatch.setattr("devices.led_bx.BUSY_PAUSE_S", 0.0)
    twin = BxTwin()
    async with twin_bench(twin) as bench, running(bench.urls[0]) as (strip, told):
        strip.show(CALL)
        await until(lambda: strip.health.now.state == "fine")
        twin.set_faults(on=[fault])
        await until(lambda: strip.health.now.code == code)
        received = twin.received_bytes
        await until(lambda: twin.received_bytes > received + 200)  # it goes on asking
        assert [one.code for one in told] == ["", code]
        twin.set_faults(off=[fault])
        await until(lambda: strip.health.now.state == "fine")


async def test_a_board_of_three_lines_shows_them_and_a_wrong_port_is_only_its_own_trouble() -> None:
    twin = F0d0Twin()
    async with (
        twin_bench(twin) as bench,
        running(bench.urls[0], kind="led-f0d0", width=128) as (strip, _),
        running("nonsense://x", kind="led-f0d0") as (wrong, _),
    ):
        strip.show(Sign(("3号窗口", "Z005", "请办理 请准备好您的身份证件")))
        await until(lambda: strip.health.now.state == "fine")
        assert twin.texts == ["3号窗口", "Z005", "请办理 请准备好您的身份证件"]
        assert twin.shown()["moving"] == [3]
        assert wrong.health.now.state == "faulty"


@pytest.mark.parametrize("twin", [XunpengTwin(address=7), XunpengColourTwin()], ids=lambda twin: twin.kind)
async def test_a_number_board_shows_the_number_and_is_unknown_for_it_never_answers(
    twin: XunpengTwin | XunpengColourTwin,
) -> None:
    async with twin_bench(twin) as bench, running(bench.urls[0], kind=twin.kind, address=7) as (strip, _):
        strip.show(CALL)
        await until(lambda: twin.number == 5)
        await strip.stands.wait()
        assert (strip.health.now.state, strip.health.now.code) == ("silent", "not_heard")


async def test_a_pixel_wall_shows_the_text_by_datagrams() -> None:
    twin = DdpTwin(width=192, height=32)
    async with (
        twin_bench(twin, port=None, udp=0) as bench,
        running(bench.urls[0], kind="led-ddp", height=32, rows=2) as (strip, _),
    ):
        strip.show(Sign(("请 Z005 号到", "3号窗口")))
        await until(lambda: twin.shown()["lit"] > 400)
        strip.show(Sign(("", "")))
        await until(lambda: twin.pushes >= 2 and twin.shown()["lit"] == 0)
        assert (twin.refused, twin.lost) == (0, 0)


async def test_an_independent_sender_lights_the_pixel_wall() -> None:
    twin = DdpTwin(width=40, height=20)
    async with twin_bench(twin, port=None, udp=0) as bench:
        sender = await DDPConnection.create(bench.urls[0].removeprefix("udp://"), PixelConfig.default(), ID.DEFAULT)
        try:
            await sender.write(bytes((255, 0, 0, 0, 255, 0, 0, 0, 255)) + bytes(40 * 20 * 3 - 9))
            await until(lambda: twin.pushes == 1)
        finally:
            await sender.close()
        assert (twin.shown()["lit"], twin.refused) == (3, 0)
        assert twin.standing[:9].hex() == "ff000000ff000000ff"


def test_on_a_pixel_wall_long_texts_are_shortened() -> None:
    assert shortened("不动产综合窗口", 64, 16) == "不动产…"
    assert shortened("3号窗口", 64, 16) == "3号窗口"


def test_rows_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="3 rows need 48 pixels"):
        Strip(StripPlan("loop://", height=32, rows=3), on_change=lambda condition: None)


def test_a_card_draws_any_character_that_it_was_sent() -> None:
    """Found by fuzzing: a complex layout engine gave up on this text, and the card with it."""
    area = "a30600010000012a00000000000000000c00010a0102000000000101010017020f0000005c4617020f0000005c46484f0d2552"
    card = BxTwin(later=lambda seconds, call: None)
    cable = card.attach(lambda answer: None)
    cable.receive(led_bx_frames.encode(led_bx_frames.Frame(bytes.fromhex(area))))
    assert card.picture() is not None
