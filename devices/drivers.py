"""Every driver by name, one entry each: `hall devices list`, `test`, `twin` and `record` work from this table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["printer", "keypad", "led", "voice", "id-card", "scanner"]
Transport = Literal["usb", "tcp", "udp", "serial", "rfc2217", "file", "queue", "hid", "websocket"]
Certainty = Literal["manual", "standard", "source", "table"]
"""Where the bytes are known from: the maker's manual, a public standard, the source code of a deployed system, or only
the table of keys that the hall itself gives."""


@dataclass(frozen=True)
class Driver:
    kind: Kind
    protocol: str
    module: str
    zh: str
    en: str
    transports: tuple[Transport, ...] = ()
    certainty: Certainty = "manual"
    twin: str = ""
    """`module:class` of a `twins.twin.CabledTwin`; printer and ff68 have benches of their own."""
    trial: str = ""
    """`module:function` of what `hall devices test --as NAME` does: `async (trials.trial.Trial) -> None`."""
    baud: int = 9600
    private: bool = False
    """What it reads is about persons: frames are never shown, only their lengths."""


DRIVERS: dict[str, Driver] = {
    "printer": Driver(
        "printer",
        "ESC/POS",
        "devices.printer",
        "号票打印机 58/80 毫米",
        "ticket printer, 58/80 mm",
        transports=("usb", "tcp", "serial", "rfc2217", "file", "queue"),
        trial="devices.trials.printer:try_printer",
    ),
    "ff68": Driver(
        "keypad",
        "FF68",
        "devices.keypad_ff68",
        "叫号器与评价器总线",
        "caller keypads and evaluators",
        transports=("serial", "tcp", "rfc2217"),
        certainty="source",
        trial="devices.trials.ff68:try_ff68",
    ),
    "led-bx": Driver(
        "led",
        "Onbon BX-5K/6K",
        "devices.led_bx",
        "仰邦字库卡条屏、综合屏",
        "LED strips and summary screens on Onbon font cards",
        transports=("tcp", "udp", "serial", "rfc2217"),
        twin="devices.twins.led_bx:BxTwin",
        trial="devices.trials.led:try_bx",
        baud=57600,
    ),
    "led-f0d0": Driver(
        "led",
        "F0 01 D0",
        "devices.led_boards",
        "三行小条屏",
        "small boards of three lines",
        transports=("serial", "tcp", "rfc2217"),
        certainty="source",
        twin="devices.twins.led_boards:F0d0Twin",
        trial="devices.trials.led:try_f0d0",
    ),
    "led-xunpeng": Driver(
        "led",
        "Xunpeng",
        "devices.led_boards",
        "讯鹏数码屏",
        "number boards, four digits",
        transports=("serial", "tcp", "rfc2217"),
        twin="devices.twins.led_boards:XunpengTwin",
        trial="devices.trials.led:try_xunpeng",
    ),
    "led-xunpeng-colour": Driver(
        "led",
        "Xunpeng 3A",
        "devices.led_boards",
        "讯鹏彩色数码屏",
        "coloured number boards",
        transports=("serial", "tcp", "rfc2217"),
        twin="devices.twins.led_boards:XunpengColourTwin",
        trial="devices.trials.led:try_xunpeng_colour",
    ),
    "led-ddp": Driver(
        "led",
        "DDP",
        "devices.led_boards",
        "像素屏",
        "pixel walls",
        transports=("udp",),
        certainty="standard",
        twin="devices.twins.led_ddp:DdpTwin",
        trial="devices.trials.led:try_ddp",
    ),
    "idcard-sam": Driver(
        "id-card",
        "SAM",
        "devices.idcard_sam",
        "二代身份证阅读器",
        "ID-card reader",
        transports=("serial", "tcp", "rfc2217"),
        certainty="source",
        twin="devices.twins.idcard_sam:SamReader",
        trial="devices.trials.idcard_sam:try_reader",
        baud=115200,
        private=True,
    ),
    "scanner": Driver(
        "scanner",
        "text + CR/LF",
        "devices.scanner",
        "扫码器",
        "bar- and QR-code scanner",
        transports=("serial", "tcp", "rfc2217", "hid"),
        certainty="standard",
        twin="devices.twins.scanner:ScannerTwin",
        trial="devices.trials.scanner:try_scanner",
        private=True,
    ),
    "box": Driver(
        "keypad",
        "key table",
        "devices.keypad_box",
        "按键盒（键码表）",
        "key box by a table of bytes",
        transports=("serial", "tcp", "rfc2217"),
        certainty="table",
        twin="devices.twins.keypad_box:KeyBoxTwin",
        trial="devices.trials.single:try_box",
    ),
    "hid": Driver(
        "keypad",
        "evdev",
        "devices.keypad_hid",
        "USB 数字键盘",
        "USB number pad",
        transports=("hid",),
        certainty="standard",
        twin="devices.twins.keypad_hid:NumberPadTwin",
        trial="devices.trials.single:try_hid",
    ),
    "tablet": Driver(
        "keypad",
        "RateService, ping",
        "devices.tablets",
        "评价平板（自行连接窗口程序）",
        "evaluation tablet (calls the counter program)",
        transports=("websocket",),
        certainty="source",
        twin="devices.twins.tablet:TabletTwin",
    ),
    "syn6288": Driver(
        "voice",
        "SYN6288",
        "devices.voice_chip",
        "语音播报模块（宇音天下 SYN6288）",
        "voice chip SYN6288",
        transports=("serial", "tcp", "rfc2217"),
        twin="devices.twins.voice:Syn6288Twin",
        trial="devices.trials.voice:try_syn6288",
    ),
    "xfs5152ce": Driver(
        "voice",
        "XFS5152CE",
        "devices.voice_chip",
        "语音播报模块（科大讯飞 XFS5152CE）",
        "voice chip XFS5152CE",
        transports=("serial", "tcp", "rfc2217"),
        twin="devices.twins.voice:Xfs5152Twin",
        trial="devices.trials.voice:try_xfs5152ce",
    ),
}

OWN_BENCHES = ("printer", "ff68")
TWINS = (*OWN_BENCHES, *(name for name, driver in DRIVERS.items() if driver.twin))
"""Virtual devices: `twin:NAME` inside a program, `hall devices twin NAME` as a process."""
