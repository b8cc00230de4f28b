"""One USB number pad, as a clerk's caller or a citizen's evaluator. Proved with event bytes on pseudo-terminals."""

from __future__ import annotations

import struct
from typing import Any

from devices.keypad_hid_frames import CALLER_KEYS, EVALUATOR_KEYS, GAP_TIMEOUT_S, Bits, Parser
from devices.keypad_single import SingleKeypad
from devices.ports import Port

NATIVE_BITS: Bits = 64 if struct.calcsize("l") == 8 else 32
"""The layout that this machine's kernel gives to this program."""


def hid_pad(port: Port, *, evaluator: bool = False, bits: Bits = NATIVE_BITS, **callbacks: Any) -> SingleKeypad:
    """`evaluator`: the keys 1 to 5 are a citizen's. `callbacks` as SingleKeypad takes them."""
    keys = EVALUATOR_KEYS if evaluator else CALLER_KEYS
    return SingleKeypad(port, Parser(keys, bits=bits), gap_timeout_s=GAP_TIMEOUT_S, **callbacks)
