"""The printer twin: takes ESC/POS bytes, puts them on paper, answers status, and breaks down on request.

A job that meets a blocked printer is held and comes out when the block is gone, as real printers do. DLE EOT is
answered at once even then; GS r and GS ( H stand in the queue behind the print data, so they are not
answered before it is done.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, get_args

from PIL import Image

from devices.twins.escpos_lexer import Command, Lexer, Token
from devices.twins.paper import PrintedSlip, TextRow
from devices.twins.paper_drawing import draw
from devices.twins.typesetter import Typesetter
from devices.twins.watch import Watch
from devices.twins.wires import Send

Fault = Literal[
    "paper-out",
    "near-end",
    "cover-open",
    "offline",
    "cutter",
    "mute",
    "slow",
    "paper-out-mid-ticket",
]
FAULTS: tuple[Fault, ...] = get_args(Fault)
BLOCKING: frozenset[Fault] = frozenset(("paper-out", "cover-open", "offline", "cutter"))
ROWS_UNTIL_OUT = 4
"""paper-out-mid-ticket: the roll ends after this many text lines of the next slip."""
SLOW_STEP_S = 0.15
"""slow: one row takes this long, so a slip takes some seconds."""
KEPT_SLIPS = 500

MAKER, MODEL, FIRMWARE = b"_HALL\x00", b"_TWIN-80\x00", b"_1.0\x00"
INFO: dict[int, bytes] = {1: b"\x20", 49: b"\x20", 2: b"\x02", 50: b"\x02", 65: FIRMWARE, 66: MAKER, 67: MODEL}


def check_faults(names: Iterable[str]) -> set[Fault]:
    """Raises ValueError naming the one that does not exist."""
    known: dict[str, Fault] = {fault: fault for fault in FAULTS}
    wrong = [name for name in names if name not in known]
    if wrong:
        raise ValueError(f"no fault {wrong[0]!r}; there are {', '.join(FAULTS)}")
    return {known[name] for name in names}


@dataclass(eq=False)
class Connection:
    """One cable into the printer: bytes are cut into commands per cable, answers go back where the question came."""

    printer: PrinterTwin
    send: Send
    lexer: Lexer = field(default_factory=Lexer)
    auto_status: int = 0
    """The mask of GS a."""

    def receive(self, data: bytes) -> None:
        self.printer.received_bytes += len(data)
        for token in self.lexer.feed(data):
            self.printer.take(self, token)
        self.printer.work()

    def unplug(self) -> None:
        self.printer.connections.discard(self)


class PrinterTwin:
    """`later(seconds, call)` is the event loop's `call_later`; only the fault `slow` uses it."""

    def __init__(
        self,
        paper_mm: Literal[58, 80] = 80,
        *,
        faults: Iterable[str] = (),
        later: Callable[[float, Callable[[], None]], object],
        paper_dir: Path | None = None,
    ) -> None:
        self.paper_mm = paper_mm
        self.faults = check_faults(list(faults))
        self.watch = Watch()
        self.connections: set[Connection] = set()
        self.received_bytes = 0
        """How many bytes ever came in."""
        self._later = later
        self._paper_dir = paper_dir
        self._typesetter = Typesetter(paper_mm)
        self._held: deque[tuple[Connection, Token]] = deque()
        self._resting = False

    def attach(self, send: Send) -> Connection:
        connection = Connection(self, send)
        self.connections.add(connection)
        return connection

    # ---- what came out ----

    @property
    def slips(self) -> list[PrintedSlip]:
        """Cut slips, oldest first; the last `KEPT_SLIPS` are kept."""
        return self._typesetter.slips

    @property
    def hanging(self) -> PrintedSlip:
        """What is printed and not cut yet."""
        return self._typesetter.current

    @property
    def unknown(self) -> list[bytes]:
        return self._typesetter.unknown

    @property
    def held(self) -> int:
        """Commands waiting because the printer is blocked (or slow)."""
        return len(self._held)

    @property
    def blocked(self) -> bool:
        return bool(self.faults & BLOCKING)

    def picture(self, number: int) -> Image.Image:
        """Raises KeyError when there is no such slip (any more)."""
        for slip in (*self.slips, self.hanging):
            if slip.number == number:
                return draw(slip, self.paper_mm)
        raise KeyError(number)

    # ---- faults ----

    def set_faults(self, on: Iterable[str] = (), off: Iterable[str] = ()) -> None:
        """Raises ValueError for a fault that does not exist; then nothing is changed."""
        coming, going = check_faults(list(on)), check_faults(list(off))
        self.faults = (self.faults | coming) - going
        self._tell_auto_status()
        self.watch.touch()
        self.work()

    # ---- commands ----

    def take(self, connection: Connection, token: Token) -> None:
        """Real-time commands are obeyed now, all others stand in the queue."""
        if isinstance(token, Command) and token.name in REAL_TIME:
            REAL_TIME[token.name](self, connection, token.args)
        else:
            self._held.append((connection, token))

    def work(self) -> None:
        """Prints what it can."""
        while self._held and not self.blocked and not self._resting:
            connection, token = self._held.popleft()
            self._obey(connection, token)

    def _obey(self, connection: Connection, token: Token) -> None:
        before, cut_before = len(self.hanging.rows), len(self.slips)
        if isinstance(token, Command) and token.name in QUEUED:
            QUEUED[token.name](self, connection, token.args)
        self._typesetter.take(token)
        if len(self.slips) > cut_before:
            self._slip_came_out()
        elif len(self.hanging.rows) > before:
            self._row_came_out()

    def _row_came_out(self) -> None:
        printed = sum(isinstance(row, TextRow) for row in self.hanging.rows)
        if "paper-out-mid-ticket" in self.faults and printed >= ROWS_UNTIL_OUT:
            self.set_faults(on=["paper-out"], off=["paper-out-mid-ticket"])
        if "slow" in self.faults:
            self._resting = True
            self._later(SLOW_STEP_S, self._go_on)

    def _go_on(self) -> None:
        self._resting = False
        self.work()

    def _slip_came_out(self) -> None:
        slip = self.slips[-1]
        del self.slips[:-KEPT_SLIPS]
        if self._paper_dir:
            self._paper_dir.mkdir(parents=True, exist_ok=True)
            name = self._paper_dir / f"slip-{slip.number:04d}"
            draw(slip, self.paper_mm).save(name.with_suffix(".png"))
            name.with_suffix(".txt").write_text("\n".join([*slip.text_lines, *slip.codes, ""]), encoding="utf-8")
        self.watch.touch()

    # ---- answers ----

    def _answer(self, connection: Connection, data: bytes) -> None:
        if "mute" not in self.faults and connection in self.connections:
            connection.send(data)

    def _real_time_status(self, connection: Connection, args: bytes) -> None:
        if 1 <= args[0] <= 4:
            self._answer(connection, bytes((self.status_byte(args[0]),)))

    def status_byte(self, kind: int) -> int:
        """The DLE EOT answer of this kind in the present state."""
        return 0x12 | sum(bits for fault, bits in STATUS_BITS[kind].items() if fault in self.faults)

    def _paper_status(self, connection: Connection, args: bytes) -> None:
        """GS r 1: 03 near end; it never says 0C here, because without paper it stays in the queue."""
        if args[0] in (1, 49):
            self._answer(connection, bytes((0x03 if "near-end" in self.faults else 0x00,)))
        elif args[0] in (2, 50):
            self._answer(connection, b"\x00")

    def _set_auto_status(self, connection: Connection, args: bytes) -> None:
        connection.auto_status = args[0]
        if args[0]:
            self._answer(connection, self.auto_status())

    def _tell_auto_status(self) -> None:
        for connection in tuple(self.connections):
            if connection.auto_status:
                self._answer(connection, self.auto_status())

    def auto_status(self) -> bytes:
        """The four bytes of an ASB message."""
        first = 0x10 | 0x08 * self.blocked | 0x20 * ("cover-open" in self.faults)
        third = 0x0F * ("paper-out" in self.faults) | 0x03 * ("near-end" in self.faults)
        return bytes((first, 0x08 * ("cutter" in self.faults), third, 0))

    def _information(self, connection: Connection, args: bytes) -> None:
        self._answer(connection, INFO.get(args[0], b"_\x00"))

    def _process_id(self, connection: Connection, args: bytes) -> None:
        """GS ( H fn48: `30 30 d1 d2 d3 d4` comes back as `37 22 d1 d2 d3 d4 00`."""
        if args[:1] == b"H" and args[3:5] == b"00":
            self._answer(connection, b"\x37\x22" + args[5:9] + b"\x00")

    def _initialise(self, connection: Connection, args: bytes) -> None:
        connection.auto_status = 0

    def _recover(self, connection: Connection, args: bytes) -> None:
        """DLE ENQ 2 drops what is held; 1 goes on with it."""
        if args[0] == 2:
            self._held.clear()
            self.watch.touch()

    def _clear(self, connection: Connection, args: bytes) -> None:
        """DLE DC4 fn 8 drops what is held (kunif EscPosUtils); the other functions move no paper."""
        if args == b"\x08\x01\x03\x14\x01\x06\x02\x08":
            self._held.clear()
            self.watch.touch()


Answering = Callable[[PrinterTwin, Connection, bytes], None]

STATUS_BITS: dict[int, dict[Fault, int]] = {
    1: {"paper-out": 0x08, "cover-open": 0x08, "offline": 0x08, "cutter": 0x08},
    2: {"paper-out": 0x20, "cover-open": 0x04, "cutter": 0x40},
    3: {"cutter": 0x08},
    4: {"near-end": 0x0C, "paper-out": 0x6C},
}
REAL_TIME: dict[bytes, Answering] = {
    b"\x10\x04": PrinterTwin._real_time_status,
    b"\x10\x05": PrinterTwin._recover,
    b"\x10\x14": PrinterTwin._clear,
}
QUEUED: dict[bytes, Answering] = {
    b"\x1b@": PrinterTwin._initialise,
    b"\x1dr": PrinterTwin._paper_status,
    b"\x1da": PrinterTwin._set_auto_status,
    b"\x1dI": PrinterTwin._information,
    b"\x1d(": PrinterTwin._process_id,
}
