"""One key box on its line; its table of bytes → keys comes from a file or from `devices/key_tables`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from devices.keypad_box_frames import GAP_TIMEOUT_S, KeyTable, Parser, key_table
from devices.keypad_single import SingleKeypad
from devices.ports import Port


def packaged() -> list[str]:
    """The names of the tables that come with this program."""
    return sorted(one.name.removesuffix(".toml") for one in _folder().iterdir() if one.name.endswith(".toml"))


def read_table(told: str | Mapping[str, Any]) -> KeyTable:
    """A packaged table by name, else a file, else the table itself. Raises ValueError with a sentence."""
    return _named(told) if isinstance(told, str) else key_table(told)


def _named(name: str) -> KeyTable:
    try:
        if name in packaged():
            text = (_folder() / f"{name}.toml").read_text(encoding="utf-8")
        else:
            text = Path(name).read_text(encoding="utf-8")
        return key_table(tomllib.loads(text))
    except FileNotFoundError:
        raise ValueError(f"key table {name!r}: no such file; packaged ones are {', '.join(packaged())}") from None
    except (OSError, ValueError) as fault:
        raise ValueError(f"key table {name!r}: {fault}") from fault


def key_box(port: Port, table: KeyTable, **callbacks: Any) -> SingleKeypad:
    """`callbacks` as SingleKeypad takes them."""
    return SingleKeypad(
        port,
        Parser(table.codes),
        gap_timeout_s=GAP_TIMEOUT_S,
        answer=table.answer,
        ask=table.ask,
        beep=table.beep,
        **callbacks,
    )


def _folder() -> Any:
    return files("devices") / "key_tables"
