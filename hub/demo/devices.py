"""The demo's further devices, all twins in one process: which there are, and how the stations reach them.

The kiosk has an ID-card reader and a scanner. Counter 2's clerk types on a USB number pad, counter 3's on a key box,
and at counter 4 citizens answer on a tablet that stands beside the evaluator; LED strips hang over all of them, and a
voice chip, whose page lists what it said, speaks the calls. A new device is a row in `floor_toml`, and settings of its
station in `station_settings`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from hub.demo.ports import free_port
from hub.demo.strips import STRIPS, strips_setting, strips_toml


@dataclass(frozen=True)
class DevicePorts:
    """Where the twins listen, and where tablets call."""

    page: int = field(default_factory=free_port)
    number_pad: int = field(default_factory=free_port)
    key_box: int = field(default_factory=free_port)
    tablet: int = field(default_factory=free_port)
    id_reader: int = field(default_factory=free_port)
    scanner: int = field(default_factory=free_port)
    voice: int = field(default_factory=free_port)
    strips: dict[str, int] = field(default_factory=lambda: {strip.name: free_port() for strip in STRIPS})


def floor_toml(ports: DevicePorts) -> str:
    """For `hall devices floor`."""
    return f"""
page = {ports.page}
[[twin]]
kind = "hid"
name = "number-pad-2"
port = {ports.number_pad}
[[twin]]
kind = "box"
name = "key-box-3"
port = {ports.key_box}
[[twin]]
kind = "idcard-sam"
name = "id-reader"
port = {ports.id_reader}
[[twin]]
kind = "scanner"
name = "scanner"
port = {ports.scanner}
[[twin]]
kind = "tablet"
name = "tablet-4"
set = {{ url = "ws://127.0.0.1:{ports.tablet}", window = "4" }}
[[twin]]
kind = "xfs5152ce"
name = "voice"
port = {ports.voice}
{strips_toml(ports.strips)}"""


def station_settings(ports: DevicePorts) -> dict[str, dict[str, str]]:
    """Station → its environment."""
    return {
        "kiosk-1": {
            "HALL_KIOSK__ID_READER": f"socket://127.0.0.1:{ports.id_reader}",
            "HALL_KIOSK__SCANNER": f"socket://127.0.0.1:{ports.scanner}",
        },
        "counter-2": {"HALL_COUNTER__CALLER": f"hid:socket://127.0.0.1:{ports.number_pad}"},
        "counter-3": {
            "HALL_COUNTER__CALLER": f"box:socket://127.0.0.1:{ports.key_box}",
            "HALL_COUNTER__KEY_TABLE": "letters",
        },
        "counter-4": {"HALL_COUNTER__TABLET": f"ping://127.0.0.1:{ports.tablet}"},
        "display-1": {
            "HALL_DISPLAY__LED": strips_setting(ports.strips),
            "HALL_DISPLAY__VOICE": f"socket://127.0.0.1:{ports.voice}",
            "HALL_DISPLAY__VOICE_CHIP": "xfs5152ce",
        },
    }


#: Counters whose citizens answer on a tablet, not with the evaluator's keys: the twin's name.
TABLETS = {"4": "tablet-4"}

#: Which keys of a key box and of a number pad mean the FF68 codes; before 13 (transfer) comes the counter's number.
_BOX = {"0C": "N", "0D": "R", "0B": "E", "12": "P", "06 0F": "G", "00 0F": "H", "03 0F": "B", "13": "T"}
_PAD = {"0C": "\n", "0D": "+", "0B": "-", "12": "*", "06 0F": "6\n", "00 0F": "0\n", "03 0F": "3\n", "13": "/"}


def _typed(table: dict[str, str], keys: tuple[str, ...]) -> str:
    if keys[-1] == "13":
        return "".join(str(int(digit, 16)) for digit in keys[:-1]) + table["13"]
    return table[" ".join(keys)]


#: Counters whose clerk has another caller than the FF68 pad: the twin's name, and FF68 codes → what is typed there.
CALLERS: dict[str, tuple[str, Callable[[tuple[str, ...]], str]]] = {
    "2": ("number-pad-2", lambda keys: _typed(_PAD, keys)),
    "3": ("key-box-3", lambda keys: _typed(_BOX, keys)),
}
