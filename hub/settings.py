"""Settings from `hall.toml` and `HALL_…`: frozen, unknown keys refused, the unit in every name.

Order: command option > environment (`HALL_HUB__PORT`) > file > default. The tables of the hall itself
(`[[service]]`, `[[counter]]` …) only seed an empty database; afterwards the database holds them.
"""

import os
import sys
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from hub.alert_settings import DEFAULT_RULES, AlertRule, AlertSettings
from hub.opening_hours import CalendarSettings, HoursSeed, OpenHours, Quota, RotaSeed, SpecialDaySeed
from hub.setting_rules import Section, network, unique
from hub.station_settings import CounterSettings, DisplaySettings, KioskSettings, StationSettings
from hub.wire import LEVELS, Language, Level, Names


class SettingsError(ValueError):
    """The configuration cannot be used; the text names the key, what is wrong with it and where it stands."""


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


def _named_in_chinese(names: Names) -> Names:
    if not names.get("zh"):
        raise ValueError('a Chinese name is needed: names = {zh = "…", en = "…"}')
    return names


NamesSetting = Annotated[Names, AfterValidator(_named_in_chinese)]


class HallSettings(Section):
    """The hall as people read it."""

    name: str = "政务服务中心"
    name_en: str = "Government Service Hall"
    time_zone: Annotated[str, AfterValidator(_known_zone)] = "Asia/Shanghai"
    language: Language = "zh"

    @property
    def zone_info(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


class HubSettings(Section):
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
    trusted_proxies: tuple[Annotated[str, AfterValidator(network)], ...] = ()

    @model_validator(mode="after")
    def _files_are_named(self) -> "HubSettings":
        if self.tls == "files" and not self.tls_certificate:
            raise ValueError('tls = "files" needs tls_certificate; tls = "own" makes one')
        return self


class AccessSettings(Section):
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


class PrivacySettings(Section):
    """How long holders of tickets are known, and whether one may hold two tickets of one service."""

    keep_days: int = Field(default=30, ge=1)
    one_live_ticket: bool = True


#: 网络安全法 第二十三条(三): at least six months; six months have up to 184 days.
LOGS_KEPT_LEAST_DAYS = 184


class LogsSettings(Section):
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


class QueueSettings(Section):
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


class CasesSettings(Section):
    """Where the regulations differ on deadlines: days for the notice of correction, and what a correction restarts."""

    correction_days: int = Field(default=5, ge=1, le=30)
    restart: Literal["next_day", "same_day"] = "next_day"
    keep_persons_days: int = Field(default=1095, ge=30)


class ZoneSeed(Section):
    code: str
    names: NamesSetting


class ServiceSeed(Section):
    code: str = Field(min_length=1, max_length=40)
    names: NamesSetting
    prefix: str = Field(default="", max_length=4)
    parent: str = ""
    department: str = ""
    documents: tuple[NamesSetting, ...] = ()
    estimate_minutes: float = Field(default=8.0, gt=0)
    hours: OpenHours = Field(default={})
    cut_off_minutes: int = Field(default=0, ge=0, lt=1440)
    quota: Quota = ()


class CounterSeed(Section):
    code: str = Field(min_length=1, max_length=40)
    label: str = ""
    zone: str = ""
    department: str = ""
    services: tuple[str, ...] = ()
    second_services: tuple[str, ...] = ()
    second_after_minutes: float | None = Field(default=None, ge=0)
    evaluator_levels: tuple[Level, ...] = LEVELS


class PrioritySeed(Section):
    name: str
    names: Names = Field(default={})
    head_start_minutes: float = Field(default=0, ge=0)
    at_kiosk: bool = False


class FiguresSettings(Section):
    """What the figures measure against."""

    wait_limit_minutes: float = Field(default=30.0, gt=0, le=600)


class AssessmentSettings(Section):
    """The hall's own schemes, and where evidence files are kept."""

    schemes: str = ""
    evidence_folder: str = ""


class SchemeSeed(Section):
    """How the hall reads a scheme: its switches that differ from their defaults."""

    code: str = Field(min_length=1, max_length=20)
    readings: dict[str, str] = Field(default={})


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
        zones = unique("zone", [zone.code for zone in self.zones])
        services = unique("service", [service.code for service in self.services])
        unique("counter", [counter.code for counter in self.counters])
        unique("priority", [priority.name for priority in self.priorities])
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
        unique("alert", [rule.name for rule in self.alert_rules])
        self._rotas_know_their_departments()
        unique("scheme", [scheme.code for scheme in self.schemes])
        return self

    def _rotas_know_their_departments(self) -> None:
        unique("rota", [rota.counter for rota in self.rotas])
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
