"""`hall check` and `hall devices list`: each configured device a line that a technician can act on."""

import asyncio
import socket
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

import counter.check
import display.check
import hub.check
import kiosk.check
from devices.check import Fitted, Line, looked_at
from devices.inventory import inventory
from devices.ports import open_port
from devices.twins.bench import ff68_bench, printer_bench, twin_bench
from hub.settings import Settings
from hub.station_settings import CounterSettings, DisplaySettings, KioskSettings, LedStrip


async def looked(*devices: Fitted, language: str = "zh") -> list[Line]:
    """In a thread, as `hall check` is a program without a loop of its own."""
    return await asyncio.to_thread(lambda: list(looked_at(devices, language)))


@pytest.mark.parametrize(
    ("faults", "severity", "told"),
    [
        ([], 0, "应答正常"),
        (["near-end"], 1, "纸将用完"),
        (["paper-out"], 2, "打印机缺纸，请装入新纸卷"),
        (["cover-open"], 2, "请合上上盖"),
        (["mute"], 2, "设备没有应答，状态未知"),
    ],
)
async def test_a_printer_is_asked_how_it_is(faults: list[str], severity: int, told: str) -> None:
    async with printer_bench(faults=faults) as bench:
        ((name, how, text),) = await looked(Fitted("[kiosk] printer", "printer", bench.urls[0]))
    assert name.startswith("[kiosk] printer 号票打印机")
    assert (how, told in text) == (severity, True), text


@pytest.mark.parametrize("kind", ["syn6288", "idcard-sam", "led-bx"])
async def test_what_can_be_asked_answers_or_is_silent(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("devices.check.ANSWER_S", 1.0)
    async with twin_bench(kind) as bench:
        device = Fitted("[x] y", kind, bench.urls[0])
        assert [line[1:] for line in await looked(device, language="en")] == [(0, "answers")]
        bench.twin.set_faults(on=["mute"])
        assert [line[1] for line in await looked(device)] == [2]


async def test_what_only_speaks_when_pressed_says_how_to_try_it() -> None:
    async with ff68_bench(port=0) as bench:
        ((_, severity, text),) = await looked(Fitted("[counter] keypad", "ff68", bench.urls[0]))
    assert (severity, text.endswith(f"hall devices test {bench.urls[0]} --as ff68")) == (0, True)


async def test_a_device_that_the_kiosk_has_open_is_in_use_and_left_alone() -> None:
    async with printer_bench() as bench, await open_port(bench.urls[0], holder="kiosk-1"):
        device = Fitted("[kiosk] printer", "printer", bench.urls[0])
        assert [line[1:] for line in await looked(device)] == [(0, "正在使用（kiosk-1）")]
        assert not bench.twin.received_bytes
        assert any(bench.urls[0].removeprefix("socket://") in line for line in inventory("en"))


async def test_what_is_missing_virtual_or_written_wrongly_says_what_to_do(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        nobody = f"socket://127.0.0.1:{closed.getsockname()[1]}"
    lines = await looked(
        Fitted("[kiosk] printer", "printer", nobody),
        Fitted("[counter] keypad", "ff68", str(tmp_path / "ttyUSB9")),
        Fitted("[display] voice", "syn6288", "twin:syn6288"),
        Fitted("[kiosk] scanner", "scanner", "ttyUSB0"),
        Fitted("[kiosk] printer", "printer", f"file://{tmp_path}/lp0"),
        language="en",
    )
    assert [line[1] for line in lines] == [2, 2, 1, 2, 0]
    assert "check its cable, its power" in lines[0][2]
    assert "a virtual device" in lines[2][2]
    assert "'ttyUSB0' 不是端口" in lines[3][2]
    assert "print a page" in lines[4][2]


def test_hall_check_asks_the_programs_of_this_machine_for_their_devices(monkeypatch: pytest.MonkeyPatch) -> None:
    points = [EntryPoint(name, f"{name}.check:devices", "hall.checks") for name in ("kiosk", "display", "counter")]
    monkeypatch.setattr(hub.check, "entry_points", lambda group: points)
    settings = Settings(kiosk=KioskSettings(printer="twin:printer"), counter=CounterSettings(keypad="/dev/none"))
    lines = [result.line() for result in hub.check._devices(settings, "zh")]
    assert [line[0] for line in lines] == ["!", "✗"]
    assert lines[1].endswith("找不到设备，请检查连接线、电源和端口设置（/dev/none）")


def test_every_device_setting_of_a_machine_is_looked_at() -> None:
    kiosk_has = kiosk.check.fitted(KioskSettings(printer="a", id_reader="b", scanner="c"))
    assert [(one.kind, one.url) for one in kiosk_has] == [("printer", "a"), ("idcard-sam", "b"), ("scanner", "c")]
    assert [one.kind for one in display.check.fitted(DisplaySettings(voice="/dev/a", voice_chip="xfs5152ce"))] == [
        "xfs5152ce"
    ]
    counter_has = counter.check.fitted(
        CounterSettings(keypad="/dev/a", evaluator="box:/dev/b", led=LedStrip(url="udp://wall:4048", kind="led-ddp"))
    )
    assert [(one.kind, one.url) for one in counter_has] == [
        ("ff68", "/dev/a"),
        ("box", "/dev/b"),
        ("led-ddp", "udp://wall:4048"),
    ]
