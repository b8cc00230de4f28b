"""The FF68 twin: one bus line with caller keypads (叫号器) and evaluators (评价器), in the bytes of the source.

An evaluator asks only when the host tells it to (FUNC 01 DATA 0B, which is also what the echo of a keypad's 0B key
is), takes one press within its window, and waits for the host's answer before it thanks the citizen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, get_args

from devices.twins.faults import SLOW_S
from devices.twins.watch import Watch
from devices.twins.wires import Send

Fault = Literal["mute", "slow", "garbage", "half-frame", "wrong-sum", "wrong-answer", "resend", "unplugged"]
FAULTS: tuple[Fault, ...] = get_args(Fault)
WINDOW_S = 10.0
"""Real seconds an evaluator waits for the citizen."""
RESEND_S = 1.0
"""resend: an unanswered evaluation goes out again after this time, until it is answered."""
GARBAGE = bytes.fromhex("00 ff 68 07 3c")
"""garbage: line noise with a false start in it, before every frame."""
NO_KEY = b"\x7f"
"""wrong-answer: a sound frame with a key, or a level, that does not exist."""
BLANK = 0x0A
VALUES = range(5)


def check_faults(names: Iterable[str]) -> set[Fault]:
    """Raises ValueError naming the one that does not exist."""
    known: dict[str, Fault] = {fault: fault for fault in FAULTS}
    wrong = [name for name in names if name not in known]
    if wrong:
        raise ValueError(f"no fault {wrong[0]!r}; there are {', '.join(FAULTS)}")
    return {known[name] for name in names}


def bus_frame(address: int, func: int, data: bytes = b"") -> bytes:
    """Written from the frame's drawing, independently of the driver."""
    length = len(data) + 2
    total = (address + func + sum(data)) % 256
    return b"\xff\x68" + bytes([length, length]) + b"\x68" + bytes([address, func, *data, total]) + b"\x16"


def cut_frames(line: bytearray) -> list[tuple[int, int, bytes]]:
    """Takes whole, sound frames out of what the host sent; noise is skipped. Up to 8 counted bytes, as hosts send."""
    found = []
    while len(line) >= 9:
        length = line[2]
        if not (line[:2] == b"\xff\x68" and 2 <= length <= 8 and line[3] == length and line[4] == 0x68):
            del line[0]
        elif len(line) < length + 7:
            break
        else:
            body, total, end = line[5 : 5 + length], line[5 + length], line[6 + length]
            sound = total == sum(body) % 256 and end == 0x16
            if sound:
                found.append((body[0], body[1], bytes(body[2:])))
            del line[: length + 7 if sound else 1]
    return found


@dataclass
class CallerPad:
    address: int
    digits: list[int] = field(default_factory=lambda: [BLANK] * 6)
    beeps: int = 0
    sent: int = 0
    answered: int = 0
    """How many frames the host echoed."""
    _last: bytes = b""

    @property
    def waiting(self) -> str:
        return _shown(self.digits[:3])

    @property
    def number(self) -> str:
        return _shown(self.digits[3:])


@dataclass
class Evaluator:
    address: int
    asking: bool = False
    pressed: int = 0
    """First presses inside an open invitation."""
    pressed_by_value: dict[int, int] = field(default_factory=dict)
    answered: int = 0
    resent: int = 0
    refused: int = 0
    """Presses without an invitation, after the window, or second ones."""
    invitations: int = 0
    waiting_for: int | None = None
    """The value the host has not answered yet."""
    stars: int = 0
    _window: int = 0

    @property
    def unanswered(self) -> int:
        return self.pressed - self.answered


def _shown(digits: list[int]) -> str:
    return "".join(" " if digit == BLANK else str(digit % 10) for digit in digits)


@dataclass(eq=False)
class BusEnd:
    """The host's cable."""

    line: Ff68Line
    send: Send
    waiting: bytearray = field(default_factory=bytearray)

    def receive(self, data: bytes) -> None:
        self.waiting += data
        for address, func, body in cut_frames(self.waiting):
            self.line.hear(address, func, body)

    def unplug(self) -> None:
        self.line.ends.discard(self)


class Ff68Line:
    """One line with a caller keypad and an evaluator at each address. `later` is the event loop's `call_later`."""

    def __init__(
        self,
        name: str = "ff68-1",
        *,
        addresses: int = 1,
        window_s: float = WINDOW_S,
        resend_s: float = RESEND_S,
        faults: Iterable[str] = (),
        later: Callable[[float, Callable[[], None]], object],
    ) -> None:
        self.name = name
        self.watch = Watch()
        self.pads = {at: CallerPad(at) for at in range(1, addresses + 1)}
        self.evaluators = {at: Evaluator(at) for at in range(1, addresses + 1)}
        self.faults = check_faults(list(faults))
        self.ends: set[BusEnd] = set()
        self.on_plug: Callable[[bool], None] = lambda plugged: None
        """Told when `unplugged` is switched; the wire hangs itself up."""
        self._window_s = window_s
        self._resend_s = resend_s
        self._later = later

    def attach(self, send: Send) -> BusEnd:
        end = BusEnd(self, send)
        self.ends.add(end)
        self.watch.touch()
        return end

    def set_faults(self, on: Iterable[str] = (), off: Iterable[str] = ()) -> None:
        """Raises ValueError for a fault that does not exist; then nothing is changed."""
        coming, going = check_faults(list(on)), check_faults(list(off))
        before, self.faults = self.faults, (self.faults | coming) - going
        if ("unplugged" in before) != ("unplugged" in self.faults):
            self.on_plug("unplugged" not in self.faults)
        self.watch.touch()

    # ---- people press ----

    def press(self, address: int, keys: bytes) -> None:
        """A clerk types: digits, then the function key, as one frame. Raises KeyError, ValueError."""
        if not 1 <= len(keys) <= 3:
            raise ValueError(f"a keypad sends 1 to 3 keys at once, not {len(keys)}")
        pad = self.pads[address]
        pad.sent += 1
        pad._last = keys
        self._send(bus_frame(address, 0x01, keys))
        self.watch.touch()

    def evaluate(self, address: int, value: int) -> bool:
        """A citizen presses; False when the device itself refuses. Raises KeyError, ValueError."""
        if value not in VALUES:
            raise ValueError(f"an evaluator has the keys 0 to 4, not {value}")
        evaluator = self.evaluators[address]
        if not evaluator.asking:
            evaluator.refused += 1
            self.watch.touch()
            return False
        evaluator.asking = False
        evaluator.pressed += 1
        evaluator.pressed_by_value[value] = evaluator.pressed_by_value.get(value, 0) + 1
        evaluator.waiting_for = value
        self._send(bus_frame(address, 0x11, bytes((value,))))
        self._resend_later(evaluator, value, evaluator.pressed)
        self.watch.touch()
        return True

    def _resend_later(self, evaluator: Evaluator, value: int, press: int) -> None:
        """Looks again after a while; the fault may be switched on in the meantime."""

        def again() -> None:
            if evaluator.waiting_for != value or evaluator.pressed != press:
                return
            if "resend" in self.faults:
                evaluator.resent += 1
                self.watch.touch()
                self._send(bus_frame(evaluator.address, 0x11, bytes((value,))))
            self._later(self._resend_s, again)

        self._later(self._resend_s, again)

    # ---- the host speaks ----

    def hear(self, address: int, func: int, data: bytes) -> None:
        """Devices whose address it is not, keep still."""
        if address not in self.pads or self.faults & {"mute", "unplugged"}:
            return
        pad, evaluator = self.pads[address], self.evaluators[address]
        if func == 0x01 and data == pad._last:
            pad.answered += 1
            pad._last = b""
        if (func, data) == (0x01, b"\x0b"):
            self._ask(evaluator)
        elif func == 0x01 and evaluator.waiting_for is not None and data == bytes((evaluator.waiting_for,)):
            evaluator.waiting_for = None
            evaluator.answered += 1
        elif func == 0x02 and len(data) == 6:
            pad.digits = list(data)
        elif func == 0x02 and len(data) == 1:
            evaluator.stars = data[0]
        elif func == 0x03:
            pad.beeps += 1
        self.watch.touch()

    def _ask(self, evaluator: Evaluator) -> None:
        evaluator.asking = True
        evaluator.waiting_for = None
        evaluator.invitations += 1
        evaluator._window += 1
        window = evaluator._window
        self._later(self._window_s, lambda: self._window_over(evaluator, window))

    def _window_over(self, evaluator: Evaluator, window: int) -> None:
        if evaluator._window == window and evaluator.asking:
            evaluator.asking = False
            self.watch.touch()

    # ---- the wire ----

    def _send(self, frame: bytes) -> None:
        """With a muted or pulled device nothing leaves; the other faults damage what does."""
        if self.faults & {"mute", "unplugged"}:
            return
        if "wrong-answer" in self.faults:
            frame = bus_frame(frame[5], frame[6], NO_KEY)
        if "wrong-sum" in self.faults:
            frame = frame[:-2] + bytes(((frame[-2] + 1) % 256,)) + frame[-1:]
        if "half-frame" in self.faults:
            frame = frame[: len(frame) // 2]
        if "garbage" in self.faults:
            frame = GARBAGE + frame
        if "slow" in self.faults:
            self._later(SLOW_S, lambda: self._put(frame))
        else:
            self._put(frame)

    def _put(self, frame: bytes) -> None:
        for end in tuple(self.ends):
            end.send(frame)

    def state(self) -> dict[str, Any]:
        """Everything the page and the demo show."""
        devices = [
            {
                "address": at,
                "pad": {"waiting": pad.waiting, "number": pad.number, **_public(pad)},
                "evaluator": {"unanswered": self.evaluators[at].unanswered, **_public(self.evaluators[at])},
            }
            for at, pad in self.pads.items()
        ]
        return {"line": self.name, "faults": sorted(self.faults), "devices": devices}


def _public(device: CallerPad | Evaluator) -> dict[str, Any]:
    """Without private fields, and without None: absent means none."""
    return {name: value for name, value in asdict(device).items() if name[0] != "_" and value is not None}
