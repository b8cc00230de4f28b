"""What `hall.toml` says of devices that fail: `[alerts]` and its rules `[[alert]]`."""

from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, field_validator, model_validator

from hub.setting_rules import Section

DeviceWord = Literal["fine", "degraded", "faulty", "silent"]
AlertRole = Literal["duty_leader", "manager", "administrator"]


class AlertSettings(Section):
    """History and webhook."""

    keep_days: int = Field(default=184, ge=1)
    webhook_url: str = ""
    webhook_secret: str = ""
    webhook_tries: int = Field(default=12, ge=1, le=100)

    @field_validator("webhook_url")
    @classmethod
    def _http(cls, url: str) -> str:
        parts = urlsplit(url)
        if url and (parts.scheme not in ("http", "https") or not parts.hostname):
            raise ValueError(f"{url!r} is no address; write for example 'http://192.168.1.20:8080/hall'")
        return url

    @model_validator(mode="after")
    def _signed(self) -> "AlertSettings":
        if self.webhook_url and not self.webhook_secret:
            raise ValueError("webhook_url needs webhook_secret: whoever listens must know that the hub speaks")
        return self


class AlertRule(Section):
    """When a device is in one of `states` (and has one of `codes`, if any) for so long, these roles are told.

    `except_codes`: what cannot be asked whether it lives, a keypad on which nobody pressed yet (`not_heard`) and a
    printer that never answers (`one_way`), is silent and yet nobody's concern.
    `devices` are names that stations give (`printer`, `keypad`, `voice`; `led` = every `led-…`); none = all.
    """

    name: str = Field(min_length=1, max_length=60)
    states: tuple[DeviceWord, ...] = ("faulty", "silent")
    codes: tuple[str, ...] = ()
    except_codes: tuple[str, ...] = ("not_heard", "one_way")
    devices: tuple[str, ...] = ()
    after_seconds: float = Field(default=60.0, ge=0)
    roles: tuple[AlertRole, ...] = ("duty_leader", "manager")
    webhook: bool = True


#: Without any [[alert]]: a device that stays away, and paper that ends soon.
DEFAULT_RULES = (
    AlertRule(name="device_down"),
    AlertRule(
        name="paper_near_end", states=("degraded",), codes=("near_end",), after_seconds=0, roles=("duty_leader",)
    ),
)
