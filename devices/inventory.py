"""What `hall devices list` says, in both languages: drivers, what is plugged in and who has it, twins."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from serial.tools import list_ports

from devices.drivers import DRIVERS, TWINS, Certainty, Driver, Transport
from devices.printer_profile import built_in
from devices.transports.claim import held_by, held_devices, holder_of
from devices.transports.opening import device_of

WORDS: dict[str, dict[str, str]] = {
    "zh": {
        "drivers": "驱动（试用：hall devices test 端口 --as 名称）",
        "ports": "本机接口",
        "none": "没有找到串口、USB 打印机或键盘；网络设备请直接写地址，如 socket://192.168.1.50:9100",
        "in use": "本机程序正在使用",
        "free": "空闲",
        "denied": "没有权限，请把运行用户加入 dialout 组（打印机 lp，键盘 input）后重新登录",
        "held": "占用：{holder}",
        "profiles": "打印机配置（hall devices test 端口 --profile 名称）",
        "twins": "虚拟设备（试用：hall devices twin 名称 --page 9180）",
        "reached": "{by} · 依据：{source}",
    },
    "en": {
        "drivers": "Drivers (try one: hall devices test PORT --as NAME)",
        "ports": "Plugged into this machine",
        "none": "no serial port, USB printer or keyboard found; a network device is named by its address, as in"
        " socket://192.168.1.50:9100",
        "in use": "In use by programs of this machine",
        "free": "free",
        "denied": "no permission; add the user to group dialout (printers: lp, keyboards: input) and log in again",
        "held": "held by {holder}",
        "profiles": "Printer profiles (hall devices test PORT --profile NAME)",
        "twins": "Virtual devices (try one: hall devices twin NAME --page 9180)",
        "reached": "{by} · known from {source}",
    },
}
REACHED: dict[Transport, tuple[str, str]] = {
    "usb": ("USB", "USB"),
    "tcp": ("网络", "network"),
    "udp": ("网络 UDP", "network (UDP)"),
    "serial": ("串口", "serial"),
    "rfc2217": ("串口服务器", "serial server"),
    "file": ("文件", "file"),
    "queue": ("系统打印队列", "print queue"),
    "hid": ("USB 键盘", "USB keyboard"),
    "websocket": ("WebSocket", "WebSocket"),
}
SOURCES: dict[Certainty, tuple[str, str]] = {
    "manual": ("厂家手册", "the maker's manual"),
    "standard": ("公开标准", "a public standard"),
    "source": ("在用系统的公开源码", "source code of a deployed system"),
    "table": ("自己填写的键码表", "your own table of keys"),
}
BY_ID = Path("/dev/serial/by-id")
NODES = ("/dev/usb/lp*", "/dev/input/by-id/*-kbd")
"""USB printers and number pads that show themselves as files."""


def inventory(lang: str) -> Iterator[str]:
    words, english = WORDS[lang], lang == "en"
    yield words["drivers"]
    widest = max(map(len, DRIVERS))
    for name, driver in DRIVERS.items():
        yield f"  {name:<{widest}} {driver.protocol:<16} {driver.en if english else driver.zh}"
        yield f"  {'':<{widest}} {_known(driver, words, english)}"
    yield words["ports"]
    plugged = dict(_plugged_in())
    yield from (f"  {path}  {what}  {_user_of(path, words)}".rstrip() for path, what in plugged.items())
    if not plugged:
        yield f"  {words['none']}"
    if held := held_devices():
        yield words["in use"]
        yield from (f"  {device}  {held_by(device)}" for device in held)
    yield words["profiles"]
    yield from (f"  {one.name:<16} {one.en if lang == 'en' else one.zh}" for one in built_in().values())
    yield words["twins"]
    yield f"  {' '.join(TWINS)}"


def _known(driver: Driver, words: dict[str, str], english: bool) -> str:
    by = (", " if english else "、").join(REACHED[transport][english] for transport in driver.transports)
    return words["reached"].format(by=by, source=SOURCES[driver.certainty][english])


def _plugged_in() -> Iterator[tuple[str, str]]:
    for port in sorted(list_ports.comports()):
        known = "" if port.description == "n/a" else port.description
        yield port.device, "  ".join(filter(None, (known, _lasting_name(port.device))))
    for pattern in NODES:
        for path in sorted(Path("/").glob(pattern.lstrip("/"))):
            yield str(path), ""


def _lasting_name(device: str) -> str:
    """The name that stays when adapters are plugged in another order: what a setting should say."""
    links = sorted(BY_ID.glob("*")) if BY_ID.is_dir() else []
    return next((str(link) for link in links if str(link.resolve()) == device), "")


def _user_of(path: str, words: dict[str, str]) -> str:
    if holder := held_by(device_of(path)) or holder_of(path):
        return words["held"].format(holder=holder)
    if Path(path).exists() and not os.access(path, os.W_OK):
        return words["denied"]
    return words["free"]
