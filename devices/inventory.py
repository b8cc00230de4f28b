"""What `hall devices list` says, in both languages."""

from __future__ import annotations

from collections.abc import Iterator

from serial.tools import list_ports

from devices.drivers import DRIVERS, TWINS
from devices.printer_profile import built_in

WORDS: dict[str, dict[str, str]] = {
    "zh": {
        "drivers": "驱动",
        "ports": "本机串口",
        "no ports": "没有找到串口",
        "profiles": "打印机配置（--profile）",
        "twins": "虚拟设备",
    },
    "en": {
        "drivers": "Drivers",
        "ports": "Serial ports of this machine",
        "no ports": "no serial port found",
        "profiles": "Printer profiles (--profile)",
        "twins": "Twins",
    },
}


def inventory(lang: str) -> Iterator[str]:
    words = WORDS[lang]
    yield words["drivers"]
    for name, driver in DRIVERS.items():
        yield f"  {name:<8} {driver.protocol:<8} {driver.en if lang == 'en' else driver.zh}"
    yield words["ports"]
    ports = sorted(list_ports.comports())
    yield from (f"  {port.device}  {port.description}" for port in ports)
    if not ports:
        yield f"  {words['no ports']}"
    yield words["profiles"]
    for profile in built_in().values():
        yield f"  {profile.name:<16} {profile.en if lang == 'en' else profile.zh}"
    yield words["twins"]
    yield from (f"  twin:{name}" for name in TWINS)
