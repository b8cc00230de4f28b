"""Every driver by name, one line each; `hall devices list` prints this table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["printer", "keypad"]


@dataclass(frozen=True)
class Driver:
    kind: Kind
    protocol: str
    module: str
    zh: str
    en: str


DRIVERS: dict[str, Driver] = {
    "printer": Driver("printer", "ESC/POS", "devices.printer", "号票打印机 58/80 毫米", "ticket printer, 58/80 mm"),
    "ff68": Driver("keypad", "FF68", "devices.keypad_ff68", "叫号器与评价器总线", "caller keypads and evaluators"),
    "box": Driver("keypad", "table", "devices.keypad_box", "按键盒（键码表）", "key box by a table of bytes"),
    "hid": Driver("keypad", "evdev", "devices.keypad_hid", "USB 数字键盘", "USB number pad"),
}

TWINS = ("printer", "ff68")
"""Virtual devices: `twin:NAME` inside a program, `hall devices twin NAME` as a process."""
