"""Settings of the stations: ticket machines, hall screens, counters' programs and what hangs on them."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, field_validator, model_validator

from hub.opening_hours import Spans
from hub.setting_rules import Section, network, unique
from hub.wire import STATION_NAME, Language


def _station_name(name: str) -> str:
    if name and not re.fullmatch(STATION_NAME, name):
        raise ValueError(f"{name!r} is no station's name; write letters, digits and - _ . : @ #, 60 at most")
    return name


def _spoken(template: str) -> str:
    if "{number}" not in template or re.search(r"[{}]", re.sub(r"\{(?:number|place)\}", "", template)):
        raise ValueError(f"{template!r} must hold {{number}}, may hold {{place}}, and nothing else in braces")
    return template


class StationSettings(Section):
    """How a kiosk, display or counter program finds the hub and who it is there."""

    hub_url: str = ""
    hub_fingerprint: str = ""
    name: Annotated[str, AfterValidator(_station_name)] = ""
    token: str = ""


class KioskSettings(Section):
    """The ticket machine."""

    printer: str = ""
    paper_mm: Literal[58, 80] = 80
    printer_profile: str = "generic"
    idle_seconds: float = Field(default=8.0, gt=0)
    languages: tuple[Language, ...] = ("zh", "en")
    id_reader: str = ""
    id_card: Literal["offered", "asked"] = "offered"
    id_reader_baud: int = Field(default=115200, gt=0)
    scanner: str = ""
    scanner_baud: int = Field(default=9600, gt=0)
    scanner_ending: Literal["crlf", "cr", "lf", "tab"] = "crlf"
    scanner_prefix: str = Field(default="", max_length=16)
    scanner_encoding: Literal["auto", "utf-8", "gb18030"] = "auto"


LedKind = Literal["led-bx", "led-f0d0", "led-xunpeng", "led-xunpeng-colour", "led-ddp"]
LED_ROW_LAMPS = 16


class LedStrip(Section):
    """An LED strip 条屏. `counter` is a counter's code, `summary` (the last calls) or `windows` (all counters).

    Width and height are lamps; `address` is the card's or board's on its line.
    """

    url: str = ""
    kind: LedKind = "led-bx"
    counter: str = ""
    width: int = Field(default=192, ge=16, le=1024)
    height: int = Field(default=16, ge=16, le=512)
    rows: int = Field(default=1, ge=1, le=32)
    address: int = Field(default=1, ge=0, le=65535)
    colour: Literal["red", "green", "blue"] = "red"
    languages: tuple[Language, ...] = Field(default=("zh",), min_length=1)

    @model_validator(mode="after")
    def _fits(self) -> "LedStrip":
        if self.rows * LED_ROW_LAMPS > self.height:
            raise ValueError(f"{self.rows} rows need a height of {self.rows * LED_ROW_LAMPS}, not {self.height}")
        if self.kind == "led-xunpeng" and self.address > 255:
            raise ValueError(f"address {self.address}: a number board has one from 0 to 255")
        return self


class DisplaySettings(Section):
    """A hall screen."""

    layout: Literal["board"] = "board"
    languages: tuple[Language, ...] = ("zh",)
    call_seconds: float = Field(default=12.0, gt=0)
    voice: str = ""
    voice_chip: Literal["syn6288", "xfs5152ce"] = "syn6288"
    voice_volume: int = Field(default=5, ge=0, le=10)
    voice_speed: int = Field(default=5, ge=0, le=10)
    voice_templates: dict[Language, Annotated[str, AfterValidator(_spoken)]] = Field(
        default={"zh": "请{number}号到{place}办理"}
    )
    voice_yao: bool = True
    voice_repeat: int = Field(default=1, ge=1, le=3)
    voice_quiet: Spans = ()
    led: tuple[LedStrip, ...] = Field(default=(), max_length=40)

    @model_validator(mode="after")
    def _strips_are_somewhere(self) -> "DisplaySettings":
        for strip in self.led:
            if not strip.url or not strip.counter:
                raise ValueError('every strip of [display] led needs url and counter (a code, "summary" or "windows")')
        return self


class SeatSettings(Section):
    """One of several counters whose keypads hang on this machine; an empty port is the one of `[counter]`."""

    counter: str = Field(min_length=1, max_length=40)
    address: int = Field(default=1, ge=0, le=255)
    token: str = ""
    keypad: str = ""
    caller: str = ""
    evaluator: str = ""
    led: LedStrip | None = None

    def ports(self) -> dict[str, str]:
        return {"keypad": self.keypad, "caller": self.caller, "evaluator": self.evaluator}


class CounterSettings(Section):
    """The counter program: which counter, and the lines its keypads hang on.

    `keypad` is one line with caller and evaluator together; `caller` and `evaluator` are for separate lines. `seats`
    are for a machine that serves several counters.
    """

    counter: str = ""
    keypad: str = ""
    caller: str = ""
    evaluator: str = ""
    led: LedStrip | None = None
    address: int = Field(default=1, ge=0, le=255)
    key_table: str | dict[str, str | dict[str, str]] = "five-keys"
    stars: int = Field(default=0, ge=0, le=5)
    tablet: str = ""
    tablet_key: str = ""
    tablet_addresses: tuple[Annotated[str, AfterValidator(network)], ...] = ()
    seats: tuple[SeatSettings, ...] = ()
    evaluation_seconds: float = Field(default=10.0, gt=0)
    debounce_ms: int = Field(default=500, ge=0)
    pause_reason: str = Field(default="暂时离开", min_length=1, max_length=200)
    pause_minutes: float = Field(default=15.0, gt=0, le=600)
    outbox: str = ""

    @field_validator("seats")
    @classmethod
    def _each_counter_once(cls, value: tuple[SeatSettings, ...]) -> tuple[SeatSettings, ...]:
        unique("counter.seats", [seat.counter for seat in value])
        return value
