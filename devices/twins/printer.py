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
from typing import Literal

from PIL import Image

from devices.twins.escpos_lexer import Command, Lexer, Token
from devices.twins.faults import Faults
from devices.twins.paper import PrintedSlip, TextRow
from devices.twins.paper_drawing import draw
from devices.twins.typesetter import Typesetter
from devices.twins.watch import Watch
from devices.twins.wires import Send

OWN_FAULTS = ("paper-out", "near-end", "cover-open", "offline", "cutter", "paper-out-mid-ticket")
FAULTS = ("mute", "slow", "garbage", "half-frame", "wrong-answer", "unplugged", *OWN_FAULTS)
"""All common ones but `wrong-sum`: no answer of a printer carries a sum. `slow` is its print, not its answers."""
BLOCKING = frozenset(("paper-out", "cover-open", "offline", "cutter"))
ROWS_UNTIL_OUT = 4
"""paper-out-mid-ticket: the roll ends after this many text lines of the next slip."""
SLOW_STEP_S = 0.15
"""slow: one row takes this long, so a slip takes some seconds."""
KEPT_SLIPS = 500

MAKER, MODEL, FIRMWARE = b"_HALL\x00", b"_TWIN-80\x00", b"_1.0\x00"
INFO: dict[int, bytes] = {1: b"\x20", 49: b"\x20", 2: b"\x02", 50: b"\x02", 65: FIRMWARE, 66: MAKER, 67: MODEL}


@dataclass(eq=False)
class Connection:
    """One cable into the printer: bytes are cut into commands per cable, answers go back where the question came."""

    printer: PrinterTwin
    send: Send
    lexer: Lexer = field(default_factory=Lexer)
    auto_mask: int = 0
    """The n of GS a: 02 on-line, 04 errors, 08 paper."""
    told: bytes = b""
    """The last automatic status that went out."""

    def receive(self, data: bytes) -> None:
        if "unplugged" in self.printer.faults:
            return
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
        self.faults = Faults(FAULTS, faults)
        self.on_plug: Callable[[bool], None] = lambda plugged: None
        """Told when `unplugged` is switched; the wires hang themselves up."""
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
        return any(fault in self.faults for fault in BLOCKING)

    def picture(self, number: int) -> Image.Image:
        """Raises KeyError when there is no such slip (any more)."""
        for slip in (*self.slips, self.hanging):
            if slip.number == number:
                return draw(slip, self.paper_mm)
        raise KeyError(number)

    # ---- faults ----

    def set_faults(self, on: Iterable[str] = (), off: Iterable[str] = ()) -> None:
        """Raises ValueError for a fault that does not exist; then nothing is changed."""
        was_out = "unplugged" in self.faults
        self.faults.set(on, off)
        if was_out != ("unplugged" in self.faults):
            self.on_plug(was_out)
        self._tell_auto_status()
        self.watch.touch()
        self.work()

    def power_cycle(self) -> None:
        """Switched off and on: what was received and not printed is gone, half a slip stays hanging."""
        self._held.clear()
        self._typesetter.power_up()
        for connection in self.connections:
            connection.lexer, connection.auto_mask = Lexer(), 0
        self.on_plug(False)
        self.on_plug("unplugged" not in self.faults)
        self.watch.touch()

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
        """`wrong-answer`: an automatic status where another answer is due, a real-time byte where that one is."""
        wrong = b"\x12" if len(data) == 4 else b"\x10\x00\x00\x00"
        for _, piece in self.faults.mangle(data, sum_at=None, wrong=wrong):
            if connection in self.connections:
                connection.send(piece)

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
        connection.auto_mask, connection.told = args[0], self.auto_status()
        if args[0]:
            self._answer(connection, connection.told)

    def _tell_auto_status(self) -> None:
        """Only to whom asked for it, and only when something changed that they asked for (Epson, GS a)."""
        now = self.auto_status()
        for connection in tuple(self.connections):
            wanted = AUTO_BITS[connection.auto_mask & 0x0E]
            changed = any((old ^ new) & mask for old, new, mask in zip(connection.told, now, wanted, strict=False))
            connection.told = now
            if changed:
                self._answer(connection, now)

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
        connection.auto_mask = 0

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

STATUS_BITS: dict[int, dict[str, int]] = {
    1: {"paper-out": 0x08, "cover-open": 0x08, "offline": 0x08, "cutter": 0x08},
    2: {"paper-out": 0x20, "cover-open": 0x04, "cutter": 0x40},
    3: {"cutter": 0x08},
    4: {"near-end": 0x0C, "paper-out": 0x6C},
}
AUTO_BITS: dict[int, tuple[int, int, int]] = {
    n: (0x28 if n & 2 else 0, 0x6C if n & 4 else 0, 0x0F if n & 8 else 0) for n in range(0, 16, 2)
}
"""GS a n → the bits of each byte whose change is told."""
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
