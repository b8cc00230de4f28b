"""`hall devices`: look at, try and imitate devices. Imports what it needs only when it runs."""

from __future__ import annotations

import os
from collections.abc import Coroutine
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from devices.drivers import DRIVERS, OWN_BENCHES, TWINS

devices = typer.Typer(help="设备：查看、测试、虚拟 · Devices: list, test, twin", no_args_is_help=True)
twin = typer.Typer(
    help="虚拟设备，收发与真机相同的字节 · Virtual devices with the bytes of real ones", no_args_is_help=True
)
devices.add_typer(twin, name="twin")

TEST_SECONDS = 60.0
NOT_UNDERSTOOD = {
    "zh": "端口可以打开，但没有收到这种设备的应答。请依次核对：电源；接线（RS-485 的 A、B 是否接反）；"
    "设备种类（--as {kind}）；波特率（--baud {baud}，以设备说明书为准）；设备地址",
    "en": "The port opens, but nothing came that this kind of device would say. Check in this order: power; wiring"
    " (A and B of RS-485 the right way round); the kind of device (--as {kind}); the baud rate (--baud {baud}, see the"
    " device's leaflet); the device's address",
}
CALLS_BY_ITSELF = (
    "平板自行连接窗口程序：设置 [counter] tablet 后运行 hall counter，在平板上填写本机地址 · a tablet calls the counter"
    " program: set [counter] tablet, run hall counter, write this machine's address into the tablet"
)


def language() -> str:
    """`zh` unless HALL_LANG (set by `hall --lang`) says `en`."""
    return "en" if os.environ.get("HALL_LANG", "").startswith("en") else "zh"


@devices.command("list")
def list_devices() -> None:
    """列出驱动、本机串口和虚拟设备 · Drivers, serial ports of this machine, twins."""
    from devices.inventory import inventory

    for line in inventory(language()):
        typer.echo(line)


@devices.command("test")
def try_device(
    url: Annotated[
        str, typer.Argument(help="/dev/ttyUSB0 · socket://192.168.1.50:9100 · usb://04b8:0e15 · twin:printer")
    ],
    as_: Annotated[str, typer.Option("--as", help=" | ".join(name for name in DRIVERS if DRIVERS[name].trial))] = (
        "printer"
    ),
    paper_mm: Annotated[int, typer.Option(help="58 | 80")] = 80,
    profile: Annotated[
        str, typer.Option(help="generic | epson-tm | double-size | no-chinese-font | one-way | FILE.toml")
    ] = "generic",
    baud: Annotated[int | None, typer.Option(help="串口波特率，省略则按协议 · else as usual for the protocol")] = None,
    seconds: Annotated[float, typer.Option(help="监听多久 · how long to listen")] = TEST_SECONDS,
    set_: Annotated[list[str] | None, typer.Option("--set", help="名称=值 · name=value")] = None,
) -> None:
    """打印测试页，或显示按下的键 · Prints a test page, or shows the keys that are pressed."""
    _check_kind(as_)
    _check_paper(paper_mm)
    of_printers = {"paper_mm": str(paper_mm), "profile": profile} if as_ == "printer" else {}
    _run(_tried(as_, url, baud, seconds, {**of_printers, **_settings(set_)}))


async def _tried(kind: str, url: str, baud: int | None, seconds: float, settings: dict[str, str]) -> None:
    from devices.errors import BadFrame, DeviceSilent
    from devices.trials.trial import Trial, trial_of

    trial = Trial(url, language(), typer.echo, baud or DRIVERS[kind].baud, seconds, settings)
    try:
        await trial_of(kind)(trial)
    except (BadFrame, DeviceSilent):
        typer.echo(NOT_UNDERSTOOD[language()].format(kind=kind, baud=trial.baud), err=True)
        raise


@twin.command("printer")
def twin_printer(
    port: Annotated[int, typer.Option(help="TCP 端口，0 = 任意 · TCP port, 0 = any free one")] = 9100,
    pty: Annotated[Path | None, typer.Option(help="同时接在伪终端上，以此为名 · also on a pty with this name")] = None,
    page: Annotated[int | None, typer.Option(help="控制网页的端口 · port of the control page")] = None,
    paper: Annotated[Path | None, typer.Option(help="把号票存为 PNG 的文件夹 · folder for slips as PNG")] = None,
    faults: Annotated[str, typer.Option(help="paper-out,near-end,cover-open,offline,cutter,mute,slow,…")] = "",
    paper_mm: Annotated[int, typer.Option(help="58 | 80")] = 80,
) -> None:
    """虚拟号票打印机 · A ticket printer that puts paper into PNG."""
    from devices.twins import bench

    _check_paper(paper_mm)
    made = bench.printer_bench(
        port=port,
        pty=pty,
        page=page,
        paper_dir=paper,
        faults=_names(faults),
        paper_mm=58 if paper_mm == 58 else 80,
    )
    _run(_until_stopped("printer", made))


@twin.command("ff68")
def twin_ff68(
    lines: Annotated[int, typer.Option(min=1, max=64, help="线路数 · how many lines")] = 1,
    link: Annotated[Path | None, typer.Option(help="在此文件夹里建 ff68-1 … · folder for the names ff68-1 …")] = None,
    port: Annotated[int | None, typer.Option(help="用 TCP，从此端口起 · on TCP from this port on")] = None,
    addresses: Annotated[int, typer.Option(min=1, max=250, help="每条线路的设备数 · devices per line")] = 1,
    page: Annotated[int | None, typer.Option(help="控制网页的端口 · port of the control page")] = None,
    window_seconds: Annotated[float, typer.Option(help="评价等待秒数 · how long an evaluator waits")] = 10.0,
    faults: Annotated[
        str, typer.Option(help="mute,slow,garbage,half-frame,wrong-sum,wrong-answer,resend,unplugged")
    ] = "",
) -> None:
    """虚拟叫号器与评价器 · Caller keypads and evaluators."""
    from devices.twins import bench

    made = bench.ff68_bench(
        lines=lines,
        link=link,
        port=port,
        addresses=addresses,
        page=page,
        window_s=window_seconds,
        faults=_names(faults),
    )
    _run(_until_stopped("ff68", made))


def _add_twin(kind: str) -> None:
    """`hall devices twin KIND` for a kind that needs no options of its own."""

    def twin_of_kind(
        port: Annotated[int | None, typer.Option(help="TCP 端口，0 = 任意 · TCP port, 0 = any free one")] = None,
        udp: Annotated[int | None, typer.Option(help="UDP 端口，0 = 任意 · UDP port, 0 = any free one")] = None,
        pty: Annotated[
            Path | None, typer.Option(help="同时接在伪终端上，以此为名 · also on a pty with this name")
        ] = None,
        page: Annotated[int | None, typer.Option(help="控制网页的端口 · port of the control page")] = None,
        faults: Annotated[
            str, typer.Option(help="mute,slow,garbage,half-frame,wrong-sum,wrong-answer,unplugged,…")
        ] = "",
        set_: Annotated[list[str] | None, typer.Option("--set", help="名称=值 · name=value")] = None,
    ) -> None:
        _run(_twin_until_stopped(kind, port=port, udp=udp, pty=pty, page=page, faults=_names(faults), told=set_ or []))

    twin.command(kind, help=f"{DRIVERS[kind].zh} · {DRIVERS[kind].en}")(twin_of_kind)


for _kind in TWINS:
    if _kind not in OWN_BENCHES:
        _add_twin(_kind)


@devices.command("record")
def record(
    url: Annotated[str, typer.Argument(help="/dev/ttyUSB0 · socket://192.168.1.50:9100")],
    out: Annotated[Path, typer.Argument(help="新文件 · a new file: tests/recordings/MODEL_FIRMWARE.jsonl")],
    as_: Annotated[str, typer.Option("--as", help=" | ".join(name for name in DRIVERS if DRIVERS[name].trial))],
    model: Annotated[str, typer.Option(help="型号和固件，虚拟设备写 twin · model and firmware; twin for a twin")],
    baud: Annotated[int | None, typer.Option(help="串口波特率，省略则按协议 · else as usual for the protocol")] = None,
    seconds: Annotated[float, typer.Option(help="监听多久 · how long to listen")] = TEST_SECONDS,
    set_: Annotated[list[str] | None, typer.Option("--set", help="名称=值 · name=value")] = None,
) -> None:
    """像 test 一样试用，并录下收发的字节，不含个人信息 · Like test, and writes the bytes down, no personal ones."""
    from devices.recording import start_recording

    _check_kind(as_)
    twin_too = url.startswith("twin:") or model.startswith("twin")
    at = datetime.now(UTC).isoformat(timespec="seconds")
    try:
        start_recording(out, kind=as_, model=model, twin=twin_too, url=url, baud=baud or DRIVERS[as_].baud, at=at)
    except OSError as fault:
        raise typer.BadParameter(str(fault), param_hint="OUT") from None
    _run(_tried(as_, f"record:{out}|{url}", baud, seconds, _settings(set_)))


@devices.command("floor")
def floor(file: Annotated[Path, typer.Argument(help="TOML：[[twin]] kind name port udp pty faults set")]) -> None:
    """一个进程里的多台虚拟设备 · Many virtual devices in one process."""
    try:
        toml = file.read_text(encoding="utf-8")
    except OSError as fault:
        raise typer.BadParameter(str(fault), param_hint="FILE") from None
    _run(_floor_until_stopped(toml))


async def _floor_until_stopped(toml: str) -> None:
    from devices.twins.bench import until_stopped
    from devices.twins.floor import floor_bench

    async with floor_bench(toml) as running:
        for name, url in running.urls:
            _say(f"{name} {url}")
        if running.page_url:
            _say(f"page {running.page_url}")
        await until_stopped()


async def _twin_until_stopped(kind: str, *, told: list[str], faults: list[str], **wires: Any) -> None:
    from devices.twins import bench, kinds

    made = kinds.make(kind, faults=faults, **kinds.options_of(kind, told))
    if wires["port"] is wires["udp"] is wires["pty"] is None:
        wires["port"] = 0
    await _until_stopped(kind, bench.twin_bench(made, **wires))


def _check_kind(kind: str) -> None:
    kinds = [name for name, driver in DRIVERS.items() if driver.trial]
    if kind not in kinds:
        why = (
            CALLS_BY_ITSELF
            if kind in DRIVERS
            else f"没有 {kind!r} 这种设备 · there is no {kind!r}; {' | '.join(kinds)}"
        )
        raise typer.BadParameter(why, param_hint="--as")


def _settings(told: list[str] | None) -> dict[str, str]:
    """`name=value` pairs of `--set`."""
    for one in told or []:
        if "=" not in one:
            raise typer.BadParameter(f"{one!r}: name=value", param_hint="--set")
    return dict(one.split("=", 1) for one in told or [])


def _names(listed: str) -> list[str]:
    return [name.strip() for name in listed.split(",") if name.strip()]


def _check_paper(paper_mm: int) -> None:
    if paper_mm not in (58, 80):
        raise typer.BadParameter("58 | 80", param_hint="--paper-mm")


async def _until_stopped(name: str, made: Any) -> None:
    from devices.twins.bench import until_stopped

    async with made as running:
        for at, url in enumerate(running.urls, 1):
            _say(f"{name} {at} {url}")
        if running.page_url:
            _say(f"page {running.page_url}")
        await until_stopped()


def _say(line: str) -> None:
    """At once, also into a pipe: whoever started the twin waits for this line."""
    print(line, flush=True)  # noqa: T201


def _run(work: Coroutine[Any, Any, None]) -> None:
    """Exit 1 with a sentence for what devices do wrong, 2 for what was asked wrongly."""
    import asyncio

    from devices.errors import DeviceError

    try:
        asyncio.run(work)
    except DeviceError as fault:
        typer.echo(fault.message(language()), err=True)
        typer.echo(f"  {fault.text}", err=True)
        raise typer.Exit(1) from None
    except OSError as fault:
        typer.echo(str(fault), err=True)
        raise typer.Exit(1) from None
    except ValueError as fault:
        typer.echo(str(fault), err=True)
        raise typer.Exit(2) from None
    except KeyboardInterrupt:
        raise typer.Exit(0) from None
