"""Every way a device can fail, each with a sentence that says what to do.

DeviceError
├── PortMissing    (FileNotFoundError)  no such port, nobody listens at that address
│   └── SoftwareMissing                 a program or module that this kind of port needs is not installed
├── PortBusy       (BlockingIOError)    another program holds it; says which
├── PortDenied     (PermissionError)    not allowed to open it
├── PortLost       (ConnectionError)    unplugged, switched off or hung up while open
├── DeviceSilent   (TimeoutError)       it should have answered and did not: its state is unknown
├── DeviceBusy                          it is there and says that it has no time
├── DeviceRefused                       it is there and says no; the text has its own reason
├── BadFrame       (ValueError)         bytes that are no sound frame
├── CardUnreadable                      a card lies on the reader and cannot be read
├── ReaderFault                         the card reader says that it is broken itself
├── PaperOut                            the printer says so itself
├── CoverOpen
├── CutterJam
├── PrinterFault                        an error the printer reports without saying which
└── PrinterOffline

The docstring of a class is its default text; `message(lang)` is for the screen, `str()` for the log.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

KEPT_FRAMES = 20
"""How many frames an error carries (pymodbus keeps as many; enough to see a conversation go wrong)."""


class DeviceError(Exception):
    """The device does not work."""

    zh: ClassVar[str] = "设备故障，请检查设备"
    en: ClassVar[str] = "The device does not work; please check it"

    def __init__(self, text: str = "", *, url: str = "", frames: Iterable[str] = ()) -> None:
        self.text = text or (type(self).__doc__ or "").partition("\n")[0]
        self.url = url
        self.frames = tuple(frames)[-KEPT_FRAMES:]
        """The last frames as hex lines, `>` sent and `<` received."""
        super().__init__(self.text)

    def __str__(self) -> str:
        if not self.frames:
            return self.without_frames()
        return "\n  ".join([self.without_frames(), *self.frames])

    def without_frames(self) -> str:
        """The text for places where bytes of a device must not be seen (they may carry personal data)."""
        return f"{self.text} [{self.url}]" if self.url else self.text

    def message(self, lang: str = "zh") -> str:
        """What a person in front of the machine should know and do; any language but "en" gives Chinese."""
        sentence = self.en if lang == "en" else self.zh
        if not self.url:
            return sentence
        return f"{sentence} ({self.url})" if lang == "en" else f"{sentence}（{self.url}）"


class PortMissing(DeviceError, FileNotFoundError):
    """There is no such port; is the device plugged in, switched on and the address right?"""

    zh = "找不到设备，请检查连接线、电源和端口设置"
    en = "The device is not there; check its cable, its power and the port setting"


class SoftwareMissing(PortMissing):
    """A program or module that this kind of port needs is not installed."""

    zh = "缺少这种连接方式所需的软件，请安装"
    en = "Software that this kind of port needs is missing; install it"

    def __init__(self, install: str = "", *, url: str = "") -> None:
        self.install = install
        """The command that installs it; empty = not known."""
        super().__init__(f"{url.partition(':')[0]} ports need it: {install}" if install else "", url=url)

    def message(self, lang: str = "zh") -> str:
        how = f"{': ' if lang == 'en' else '：'}{self.install}" if self.install else ""
        return super().message(lang) + how


class PortBusy(DeviceError, BlockingIOError):
    """Another program holds the port."""

    zh = "端口被占用，请关闭占用它的程序"
    en = "The port is taken; close the program that holds it"

    def __init__(self, text: str = "", *, url: str = "", frames: Iterable[str] = (), holder: str = "") -> None:
        self.holder = holder
        """Who has it, as far as the system tells: `pid 812 (python3)`; empty = not known."""
        super().__init__(text or (f"The port is held by {holder}." if holder else ""), url=url, frames=frames)

    def message(self, lang: str = "zh") -> str:
        who = {"en": f" Held by: {self.holder}."}.get(lang, f"占用者：{self.holder}。") if self.holder else ""
        return super().message(lang) + who


class PortDenied(DeviceError, PermissionError):
    """No permission for the port; is the user in group dialout?"""

    zh = "没有端口权限，请把运行用户加入 dialout 组后重新登录"
    en = "No permission for the port; add the user to group dialout and log in again"


class PortLost(DeviceError, ConnectionError):
    """The port went away while it was open."""

    zh = "设备连接中断，请检查连接线和电源，恢复后会自动重连"
    en = "The device was disconnected; check cable and power, it reconnects by itself"

    def __init__(self, text: str = "", *, url: str = "", frames: Iterable[str] = (), untouched: bool = False) -> None:
        self.untouched = untouched
        """Not one byte of what was being written went out: writing it again cannot double it."""
        super().__init__(text, url=url, frames=frames)


class DeviceSilent(DeviceError, TimeoutError):
    """The device should have answered and did not; its state is unknown."""

    zh = "设备没有应答，状态未知，请检查电源和连接线"
    en = "The device does not answer and its state is unknown; check power and cable"


class DeviceBusy(DeviceError):
    """The device says that it is busy."""

    zh = "设备忙，稍后自动重试"
    en = "The device is busy; it is tried again by itself"


class DeviceRefused(DeviceError):
    """The device refused a command."""

    zh = "设备拒绝了命令，请检查型号和设置"
    en = "The device refused a command; check its model and its settings"


class BadFrame(DeviceError, ValueError):
    """Bytes that are no sound frame."""

    zh = "收到的数据有误，请检查线路、波特率和接地"
    en = "Damaged data received; check the line, the baud rate and the grounding"

    def __init__(self, text: str = "", *, url: str = "", frames: Iterable[str] = (), data: bytes = b"") -> None:
        self.data = data
        super().__init__(text, url=url, frames=frames)


class CardUnreadable(DeviceError):
    """The card was not read; lift it and lay it down again."""

    zh = "没有读出身份证，请拿起后重新放置"
    en = "The card was not read; lift it and lay it down again"


class ReaderFault(DeviceError):
    """The card reader reports a fault of its own."""

    zh = "读卡器报错，请断电重启；仍报错请报修"
    en = "The card reader reports a fault; switch it off and on, then call service"


class PaperOut(DeviceError):
    """The printer has no paper."""

    zh = "打印机缺纸，请装入新纸卷"
    en = "The printer is out of paper; put in a new roll"


class CoverOpen(DeviceError):
    """The printer's cover is open."""

    zh = "打印机上盖未关，请合上上盖"
    en = "The printer's cover is open; close it"


class CutterJam(DeviceError):
    """The printer's cutter is jammed."""

    zh = "打印机切刀卡住，请断电后清理切刀"
    en = "The printer's cutter is jammed; switch off and clear it"


class PrinterFault(DeviceError):
    """The printer reports an error."""

    zh = "打印机报错，请关机再开机；仍报错请报修"
    en = "The printer reports an error; switch it off and on, then call service"


class PrinterOffline(DeviceError):
    """The printer says it is off-line."""

    zh = "打印机处于脱机状态，请按联机键或检查打印机"
    en = "The printer is off-line; press its on-line key or check it"
