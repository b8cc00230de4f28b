"""Settings from `hall.toml` and `HALL_…`: frozen, unknown keys refused, the unit in every name.

Order: command option > environment (`HALL_HUB__PORT`) > file > default. The tables of the hall itself
(`[[service]]`, `[[counter]]` …) only seed an empty database; afterwards the database holds them.
"""

import os
import re
import sys
import tomllib
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from hub.alert_settings import DEFAULT_RULES, AlertRule, AlertSettings
from hub.opening_hours import CalendarSettings, HoursSeed, OpenHours, Quota, RotaSeed, Spans, SpecialDaySeed
from hub.wire import LEVELS, STATION_NAME, Language, Level, Names


class SettingsError(ValueError):
    """The configuration cannot be used; the text names the key, what is wrong with it and where it stands."""


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def data_folder() -> Path:
    """Where a hall without a configured database keeps its data: `HALL_DATA`, else the user's data folder."""
    if os.environ.get("HALL_DATA"):
        return Path(os.environ["HALL_DATA"])
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local")) / "servicehall"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "servicehall"
    return Path(os.environ.get("XDG_DATA_HOME", Path.home() / ".local" / "share")) / "servicehall"


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError(f"no such time zone: {name!r}; write for example 'Asia/Shanghai'") from error
    return name


def _station_name(name: str) -> str:
    if name and not re.fullmatch(STATION_NAME, name):
        raise ValueError(f"{name!r} is no station's name; write letters, digits and - _ . : @ #, 60 at most")
    return name


def _network(address: str) -> str:
    try:
        ip_network(address)
    except ValueError as error:
        raise ValueError(f"{address!r} is no address; write for example '192.168.1.9' or '10.0.0.0/8'") from error
    return address


def _spoken(template: str) -> str:
    if "{number}" not in template or re.search(r"[{}]", re.sub(r"\{(?:number|place)\}", "", template)):
        raise ValueError(f"{template!r} must hold {{number}}, may hold {{place}}, and nothing else in braces")
    return template


def _named_in_chinese(names: Names) -> Names:
    if not names.get("zh"):
        raise ValueError('a Chinese name is needed: names = {zh = "…", en = "…"}')
    return names


NamesSetting = Annotated[Names, AfterValidator(_named_in_chinese)]


class HallSettings(_Section):
    """The hall as people read it."""

    name: str = "政务服务中心"
    name_en: str = "Government Service Hall"
    time_zone: Annotated[str, AfterValidator(_known_zone)] = "Asia/Shanghai"
    language: Language = "zh"

    @property
    def zone_info(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


class HubSettings(_Section):
    """The service."""

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    database_url: str = ""
    public_board: bool = False
    public_url: str = ""
    announce: bool = True
    secret_file: str = ""
    seals_file: str = ""
    tls: Literal["", "off", "own", "files"] = ""
    tls_certificate: str = ""
    tls_key: str = ""
    trusted_proxies: tuple[Annotated[str, AfterValidator(_network)], ...] = ()

    @model_validator(mode="after")
    def _files_are_named(self) -> "HubSettings":
        if self.tls == "files" and not self.tls_certificate:
            raise ValueError('tls = "files" needs tls_certificate; tls = "own" makes one')
        return self


class AccessSettings(_Section):
    """Log-in: passwords, lockout, time-out, limits."""

    idle_minutes: float = Field(default=30.0, gt=0)
    session_hours: float = Field(default=12.0, gt=0)
    failures: int = Field(default=5, ge=1)
    address_failures: int = Field(default=20, ge=1)
    lock_minutes: float = Field(default=15.0, gt=0)
    password_length: int = Field(default=10, ge=6, le=64)
    password_classes: int = Field(default=3, ge=1, le=4)
    password_days: int = Field(default=0, ge=0)
    public_per_minute: int = Field(default=600, ge=1)


class PrivacySettings(_Section):
    """How long holders of tickets are known, and whether one may hold two tickets of one service."""

    keep_days: int = Field(default=30, ge=1)
    one_live_ticket: bool = True


class StationSettings(_Section):
    """How a kiosk, display or counter program finds the hub and who it is there."""

    hub_url: str = ""
    hub_fingerprint: str = ""
    name: Annotated[str, AfterValidator(_station_name)] = ""
    token: str = ""


#: 网络安全法 第二十三条(三): at least six months; six months have up to 184 days.
LOGS_KEPT_LEAST_DAYS = 184


class LogsSettings(_Section):
    """Log files: where, and for how long."""

    folder: str = ""
    keep_days: int = 200

    @field_validator("keep_days")
    @classmethod
    def _long_enough(cls, value: int) -> int:
        if value < LOGS_KEPT_LEAST_DAYS:
            raise ValueError(
                f"{value} days are too few: logs must be kept for six months, at least {LOGS_KEPT_LEAST_DAYS} days"
                " / 网络安全法第二十三条(三)要求日志留存不少于六个月"
            )
        return value


class KioskSettings(_Section):
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


class LedStrip(_Section):
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


class DisplaySettings(_Section):
    """A hall screen."""

    layout: Literal["board"] = "board"
    languages: tuple[Language, ...] = ("zh",)
    call_seconds: float = Field(default=12.0, gt=0)
    voice: str = ""
    voice_chip: Literal["syn6288", "xfs5152ce"] = "syn6288"
    voice_volume: int = Field(default=5, ge=0, le=10)
    voice_speed: int = Field(default=5, ge=0, le=10)
    voice_templates: dict[Language, Annotated[str, AfterValidator(_spoken)]] = {"zh": "请{number}号到{place}办理"}
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


class SeatSettings(_Section):
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


class CounterSettings(_Section):
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
    tablet_addresses: tuple[Annotated[str, AfterValidator(_network)], ...] = ()
    seats: tuple[SeatSettings, ...] = ()
    evaluation_seconds: float = Field(default=10.0, gt=0)
    debounce_ms: int = Field(default=500, ge=0)
    pause_reason: str = Field(default="暂时离开", min_length=1, max_length=200)
    pause_minutes: float = Field(default=15.0, gt=0, le=600)
    outbox: str = ""

    @field_validator("seats")
    @classmethod
    def _each_counter_once(cls, value: tuple[SeatSettings, ...]) -> tuple[SeatSettings, ...]:
        _unique("counter.seats", [seat.counter for seat in value])
        return value


class QueueSettings(_Section):
    """The hall's rules of calling, holding and coming back."""

    policy: Literal["head_start", "proportional"] = "head_start"
    ordinary_per_priority: int = Field(default=2, ge=1, le=20)
    recall_most: int = Field(default=3, ge=0)
    recall_interval_seconds: float = Field(default=10.0, ge=0)
    return_by: Literal["places", "minutes"] = "places"
    return_places: int = Field(default=3, ge=0, le=100)
    return_minutes: float = Field(default=10.0, ge=0)
    return_most: int = Field(default=2, ge=0)
    hold_minutes: float = Field(default=15.0, gt=0, le=600)
    resume_at: Literal["any", "same_counter"] = "any"
    transfer_head_start_minutes: float = Field(default=10.0, ge=0)
    chosen_call_roles: tuple[Literal["clerk", "duty_leader", "counter"], ...] = ("clerk", "duty_leader")


class CasesSettings(_Section):
    """Where the regulations differ on deadlines: days for the notice of correction, and what a correction restarts."""

    correction_days: int = Field(default=5, ge=1, le=30)
    restart: Literal["next_day", "same_day"] = "next_day"
    keep_persons_days: int = Field(default=1095, ge=30)


class ZoneSeed(_Section):
    code: str
    names: NamesSetting


class ServiceSeed(_Section):
    code: str = Field(min_length=1, max_length=40)
    names: NamesSetting
    prefix: str = Field(default="", max_length=4)
    parent: str = ""
    department: str = ""
    documents: tuple[NamesSetting, ...] = ()
    estimate_minutes: float = Field(default=8.0, gt=0)
    hours: OpenHours = {}
    cut_off_minutes: int = Field(default=0, ge=0, lt=1440)
    quota: Quota = ()


class CounterSeed(_Section):
    code: str = Field(min_length=1, max_length=40)
    label: str = ""
    zone: str = ""
    department: str = ""
    services: tuple[str, ...] = ()
    second_services: tuple[str, ...] = ()
    second_after_minutes: float | None = Field(default=None, ge=0)
    evaluator_levels: tuple[Level, ...] = LEVELS


class PrioritySeed(_Section):
    name: str
    names: Names = {}
    head_start_minutes: float = Field(default=0, ge=0)
    at_kiosk: bool = False


class FiguresSettings(_Section):
    """What the figures measure against."""

    wait_limit_minutes: float = Field(default=30.0, gt=0, le=600)


class AssessmentSettings(_Section):
    """The hall's own schemes, and where evidence files are kept."""

    schemes: str = ""
    evidence_folder: str = ""


class SchemeSeed(_Section):
    """How the hall reads a scheme: its switches that differ from their defaults."""

    code: str = Field(min_length=1, max_length=20)
    readings: dict[str, str] = {}


class Settings(BaseSettings):
    """All settings of one process. Build it with `load_settings`."""

    model_config = SettingsConfigDict(frozen=True, extra="forbid", env_prefix="HALL_", env_nested_delimiter="__")

    hall: HallSettings = HallSettings()
    hub: HubSettings = HubSettings()
    access: AccessSettings = AccessSettings()
    privacy: PrivacySettings = PrivacySettings()
    station: StationSettings = StationSettings()
    logs: LogsSettings = LogsSettings()
    kiosk: KioskSettings = KioskSettings()
    display: DisplaySettings = DisplaySettings()
    counter: CounterSettings = CounterSettings()
    queue: QueueSettings = QueueSettings()
    cases: CasesSettings = CasesSettings()
    figures: FiguresSettings = FiguresSettings()
    assessment: AssessmentSettings = AssessmentSettings()
    zones: tuple[ZoneSeed, ...] = ()
    services: tuple[ServiceSeed, ...] = ()
    counters: tuple[CounterSeed, ...] = ()
    priorities: tuple[PrioritySeed, ...] = ()
    hours: tuple[HoursSeed, ...] = ()
    calendar: CalendarSettings = CalendarSettings()
    special_days: tuple[SpecialDaySeed, ...] = ()
    rotas: tuple[RotaSeed, ...] = ()
    schemes: tuple[SchemeSeed, ...] = ()
    alerts: AlertSettings = AlertSettings()
    alert_rules: tuple[AlertRule, ...] = DEFAULT_RULES

    @model_validator(mode="after")
    def _references(self) -> "Settings":
        """Every code that a seed names must exist, and only once."""
        zones = _unique("zone", [zone.code for zone in self.zones])
        services = _unique("service", [service.code for service in self.services])
        _unique("counter", [counter.code for counter in self.counters])
        _unique("priority", [priority.name for priority in self.priorities])
        headings = {service.parent for service in self.services if service.parent}
        for service in self.services:
            _must_know("service", service.code, "parent", service.parent, services)
            if service.code not in headings and not service.prefix:
                raise ValueError(f'[[service]] {service.code}: a prefix is needed, for example prefix = "A"')
        for counter in self.counters:
            _must_know("counter", counter.code, "zone", counter.zone, zones)
            for code in counter.services:
                _must_know("counter", counter.code, "services", code, services)
            for code in counter.second_services:
                _must_know("counter", counter.code, "second_services", code, services)
                if code in counter.services:
                    raise ValueError(f"[[counter]] {counter.code}: {code} is both first and second choice")
        for special in self.special_days:
            for code in special.services:
                _must_know("special_day", str(special.from_), "services", code, services)
        _unique("alert", [rule.name for rule in self.alert_rules])
        self._rotas_know_their_departments()
        _unique("scheme", [scheme.code for scheme in self.schemes])
        return self

    def _rotas_know_their_departments(self) -> None:
        _unique("rota", [rota.counter for rota in self.rotas])
        counters = {counter.code for counter in self.counters}
        departments = {service.department for service in self.services if service.department}
        for rota in self.rotas:
            _must_know("rota", rota.counter, "counter", rota.counter, counters)
            for department in (name for turn in (*rota.weeks, *rota.overrides.values()) for name in turn):
                _must_know("rota", rota.counter, "weeks", department, departments)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return env_settings, init_settings


def _unique(table: str, codes: list[str]) -> set[str]:
    for code in codes:
        if codes.count(code) > 1:
            raise ValueError(f"[[{table}]] {code} stands twice")
    return set(codes)


def _must_know(table: str, owner: str, key: str, code: str, known: set[str]) -> None:
    if code and code not in known:
        raise ValueError(f"[[{table}]] {owner}: {key} names {code!r}, which does not exist")


#: The file's word for each seed table; `counter` is settings when it is a table and seeds when it is an array.
_SEED_TABLES = {
    "zone": "zones",
    "service": "services",
    "counter": "counters",
    "priority": "priorities",
    "special_day": "special_days",
    "rota": "rotas",
    "scheme": "schemes",
    "alert": "alert_rules",
}


def load_settings(config: Path | None = None) -> Settings:
    """Settings from `config`, else `HALL_CONFIG`, else `./hall.toml`, else the defaults; the environment wins.

    HALL_LANG (`hall --lang`) is the language of this process, whatever the hall's own is.
    Raises SettingsError with a sentence for the person who wrote the file.
    """
    path = config or (Path(os.environ["HALL_CONFIG"]) if os.environ.get("HALL_CONFIG") else None)
    if path is None and Path("hall.toml").is_file():
        path = Path("hall.toml")
    settings = settings_from(_read(path) if path else {}, origin=str(path or "defaults and environment"))
    language = os.environ.get("HALL_LANG")
    if language in ("zh", "en"):
        return settings.model_copy(update={"hall": settings.hall.model_copy(update={"language": language})})
    return settings


def settings_from(document: dict[str, Any], *, origin: str) -> Settings:
    """Settings from a parsed `hall.toml`; `origin` is named in errors."""
    data = {
        _SEED_TABLES[key] if key in _SEED_TABLES and isinstance(value, list) else key: value
        for key, value in document.items()
    }
    _know_environment(origin)
    try:
        return Settings(**data)
    except ValidationError as error:
        raise SettingsError("\n".join(f"{origin}: {_in_words(problem)}" for problem in error.errors())) from error


def _know_environment(origin: str) -> None:
    """A misspelt section in a variable's name would otherwise be passed over in silence."""
    sections = {name.upper() for name in Settings.model_fields}
    for variable in os.environ:
        section = variable.removeprefix("HALL_").partition("__")[0].upper()
        if variable.startswith("HALL_") and "__" in variable and section not in sections:
            raise SettingsError(f"{origin}: {variable}: no such section of settings: {section.lower()}")


def _read(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            return tomllib.load(file)
    except FileNotFoundError as error:
        raise SettingsError(f"{path}: there is no such file; name another one with --config") from error
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: cannot be read: {error}") from error
    except tomllib.TOMLDecodeError as error:
        hint = ""
        if "counter" in path.read_text(encoding="utf-8", errors="replace"):
            hint = (
                " ([counter] and [[counter]] cannot stand in one file:"
                " give the keypad settings of this machine by HALL_COUNTER__KEYPAD or in a second file)"
            )
        raise SettingsError(f"{path}: not valid TOML: {error}{hint}") from error


_FILE_WORD = {field: word for word, field in _SEED_TABLES.items()}


def _in_words(problem: Any) -> str:
    place = [str(part) for part in problem["loc"]]
    if place:
        place[0] = _FILE_WORD.get(place[0], place[0])
    where = ".".join(place)
    if problem["type"] == "extra_forbidden":
        return f"{where}: no such setting"
    text = problem["msg"].removeprefix("Value error, ")
    return f"{where}: {text}" if where else text
