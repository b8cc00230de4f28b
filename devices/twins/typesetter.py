"""The printing half of the printer twin: commands become rows on paper. Knows nothing of status and faults."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from PIL import Image

from devices.twins.code_pages import CODEPAGES, letter
from devices.twins.codes import barcode_picture, qr_picture
from devices.twins.escpos_lexer import Command, Text, Token
from devices.twins.paper import Cut, FeedRow, Gap, Glyph, PictureRow, PrintedSlip, Style, TextRow
from devices.twins.paper_drawing import PRINTABLE_DOTS

DEFAULT_SPACING = 30
CUTTER_FEED_DOTS = 24
"""GS V 66 and ESC d before a cut bring the print to the blade; drawn short to keep the picture handy."""
QR_MOST_BYTES = 1273
"""What fits at the strongest error correction, in the largest code."""
NO_GLYPH = "〓"
"""What Chinese printers put where they have no glyph."""
CHINESE_AT_POWER_UP = True
"""HCC POS80B p49, SurePrint SP91 p66."""


PLAIN = Style()


@dataclass(frozen=True)
class State:
    """What ESC @ resets."""

    style: Style = PLAIN
    chinese: bool = CHINESE_AT_POWER_UP
    codepage: str = "cp437"
    align: int = 0
    left: int = 0
    spacing: int = DEFAULT_SPACING
    qr_module_dots: int = 3
    qr_level: str = "l"
    qr_data: bytes = b""
    stored: Image.Image | None = None
    """A graphic kept by GS ( L fn112."""
    barcode_height: int = 80
    barcode_width: int = 3
    barcode_text: int = 0


class Typesetter:
    """State as the manuals have it; ESC @ brings back the power-up state, not the paper."""

    def __init__(self, paper_mm: int) -> None:
        self.width = PRINTABLE_DOTS[paper_mm]
        self.slips: list[PrintedSlip] = []
        self.unknown: list[bytes] = []
        """Commands that no table knows, in order."""
        self.buzzed = 0
        self._slip = PrintedSlip(1)
        self._reset()

    @property
    def current(self) -> PrintedSlip:
        """What hangs out of the printer and is not cut yet."""
        return self._slip

    def take(self, token: Token) -> None:
        match token:
            case Text(data):
                self._text(data)
            case Command(name, args) if name in PRINTING:
                PRINTING[name](self, args)
            case Command():
                pass  # known, and without a mark on paper
            case _:
                self.unknown.append(token.data)

    # ---- state ----

    def power_up(self) -> None:
        """As after switching on; what hangs out of the printer stays there."""
        self._reset()

    def _reset(self, args: bytes = b"") -> None:
        self._state = State()
        self._glyphs: list[Glyph | Gap] = []
        self._lead = b""

    def _change(self, **changes: Any) -> None:
        self._state = replace(self._state, **changes)

    def _restyle(self, **changes: Any) -> None:
        self._change(style=replace(self._state.style, **changes))

    # ---- text ----

    def _text(self, data: bytes) -> None:
        for byte in data:
            if self._lead:
                self._put(_two_bytes(self._lead + bytes((byte,))), wide=True)
                self._lead = b""
            elif self._state.chinese and 0x81 <= byte <= 0xFE:
                self._lead = bytes((byte,))
            else:
                self._put(letter(byte, self._state.codepage), wide=False)

    def _put(self, char: str, *, wide: bool) -> None:
        glyph = Glyph(char, self._state.style, wide)
        if self._state.left + sum(other.dots for other in self._glyphs) + glyph.dots > self.width:
            self._line_end()
        self._glyphs.append(glyph)

    def _move_to(self, args: bytes) -> None:
        """ESC $ nL nH: so many dots from the left. A printer cannot go back over a line it has begun."""
        used = sum(glyph.dots for glyph in self._glyphs)
        if not self._glyphs:
            self._change(left=min(_little(args), self.width - 24))
        elif _little(args) > self._state.left + used:
            self._glyphs.append(Gap(_little(args) - self._state.left - used))

    def _move_on(self, args: bytes) -> None:
        """ESC \\ nL nH: so many dots further right (or left, which is not drawn)."""
        dots = int.from_bytes(args, "little", signed=True)
        if dots <= 0:
            return
        if self._glyphs:
            self._glyphs.append(Gap(dots))
        else:
            self._change(left=min(self._state.left + dots, self.width - 24))

    def _line_end(self, args: bytes = b"") -> None:
        self._lead = b""
        self._slip.rows.append(TextRow(tuple(self._glyphs), self._state.align, self._state.spacing, self._state.left))
        self._glyphs = []

    def _flush(self) -> None:
        if self._glyphs:
            self._line_end()

    # ---- paper ----

    def _feed_lines(self, args: bytes) -> None:
        self._flush()
        self._feed(args[0] * self._state.spacing)

    def _feed_dots(self, args: bytes) -> None:
        self._flush()
        self._feed(args[0])

    def _feed(self, dots: int) -> None:
        if dots:
            self._slip.rows.append(FeedRow(dots))

    def _cut_command(self, args: bytes) -> None:
        if args[0] in (65, 66, 97, 98):
            self._feed(CUTTER_FEED_DOTS + args[1])
        self._cut("partial" if args[0] in (1, 49, 66, 98, 104) else "full")

    def _cut(self, kind: Cut) -> None:
        self._flush()
        self._slip.cut = kind
        self.slips.append(self._slip)
        self._slip = PrintedSlip(self._slip.number + 1)

    # ---- pictures ----

    def _picture(self, row: PictureRow) -> None:
        self._flush()
        self._slip.rows.append(row)

    def _raster(self, args: bytes) -> None:
        mode, width_bytes, height = args[1], _little(args[2:4]), _little(args[4:6])
        if not (width_bytes and height):
            return
        picture = _dots(width_bytes * 8, height, args[6:])
        size = picture.width * (2 if mode & 1 else 1), picture.height * (2 if mode & 2 else 1)
        self._picture(PictureRow(picture.resize(size), self._state.align, "raster"))

    def _bit_image(self, args: bytes) -> None:
        """ESC *: columns of 8 or 24 dots; drawn as a row of its own."""
        tall = 3 if args[0] in (32, 33) else 1
        columns = [args[3 + at : 3 + at + tall] for at in range(0, len(args) - 3, tall)]
        if not columns:
            return
        turned = _dots(tall * 8, len(columns), b"".join(columns))
        self._picture(PictureRow(turned.transpose(Image.Transpose.TRANSPOSE), self._state.align, "raster"))

    def _gs_paren(self, args: bytes) -> None:
        if args[:1] == b"k":
            self._code_2d(args[3:])
        elif args[:1] == b"L":
            self._graphics(args[3:])

    def _graphics(self, args: bytes) -> None:
        """GS ( L / GS 8 L fn112 (store raster) and fn50 (print it): m fn a bx by c xL xH yL yH data."""
        if args[1:2] == b"\x70" and len(args) > 10:
            width, height = max(1, _little(args[6:8])), max(1, _little(args[8:10]))
            picture = _dots(-(-width // 8) * 8, height, args[10:])
            size = picture.width * max(1, args[3] % 4), picture.height * max(1, args[4] % 4)
            self._change(stored=picture.resize(size))
        elif args[1:2] in (b"\x32", b"\x02") and self._state.stored:
            self._picture(PictureRow(self._state.stored, self._state.align, "raster"))

    def _gs_8_l(self, args: bytes) -> None:
        self._graphics(args[5:])

    def _code_2d(self, args: bytes) -> None:
        """GS ( k, cn 49 = QR: fn 67 module, 69 error correction, 80 store, 81 print."""
        kind, function, rest = args[:1], args[1:2], args[2:]
        if kind != b"1" or not rest:
            return
        if function == b"C":
            self._change(qr_module_dots=max(1, min(16, rest[0])))
        elif function == b"E":
            self._change(qr_level="lmqh"[(rest[0] - 48) % 4])
        elif function == b"P":
            self._change(qr_data=rest[1:])
        elif function == b"Q" and self._state.qr_data:
            self._print_qr(self._state)

    def _print_qr(self, state: State) -> None:
        if len(state.qr_data) > QR_MOST_BYTES:
            return  # as printers do: nothing is printed
        picture = qr_picture(state.qr_data, state.qr_level, state.qr_module_dots)
        self._picture(PictureRow(picture, state.align, "qr", state.qr_data.decode("utf-8", "replace")))

    def _barcode(self, args: bytes) -> None:
        data = args[2:] if args[0] >= 65 else args[1:-1]
        words = "".join(chr(byte) for byte in data.removeprefix(b"{B") if 0x20 <= byte < 0x7F)
        if not words:
            return
        picture = barcode_picture(words, max(1, min(6, self._state.barcode_width)), self._state.barcode_height)
        self._picture(PictureRow(picture, self._state.align, "barcode", words))
        if self._state.barcode_text & 2:
            self._text(words.encode("latin-1"))
            self._line_end()

    # ---- one-byte settings ----

    def _print_mode(self, args: bytes) -> None:
        bits = args[0]
        self._restyle(
            bold=bool(bits & 8),
            height=2 if bits & 16 else 1,
            width=2 if bits & 32 else 1,
            underline=int(bool(bits & 128)),
        )

    def _chinese_mode(self, args: bytes) -> None:
        """FS ! with the bits of Microcom 814M p71 (others use bits 4 and 5, which is why nobody should send it)."""
        self._restyle(width=2 if args[0] & 4 else 1, height=2 if args[0] & 8 else 1)

    def _chinese_quadruple(self, args: bytes) -> None:
        size = 2 if args[0] & 1 else 1
        self._restyle(width=size, height=size)

    def _buzz(self, args: bytes) -> None:
        self.buzzed += args[0]


def _two_bytes(pair: bytes) -> str:
    try:
        return pair.decode("gb18030")
    except UnicodeDecodeError:
        return NO_GLYPH


def _little(data: bytes) -> int:
    return int.from_bytes(data, "little")


def _dots(width: int, height: int, data: bytes) -> Image.Image:
    """1 = black in the command, 0 = black in Pillow."""
    size = width // 8 * height
    return Image.frombytes("1", (width, height), bytes(byte ^ 0xFF for byte in data[:size].ljust(size, b"\x00")))


def _choice(byte: int) -> int:
    """0, 1, 2 or '0', '1', '2'."""
    return byte % 48 if byte < 51 else 0


PRINTING: dict[bytes, Callable[[Typesetter, bytes], None]] = {
    b"\n": Typesetter._line_end,
    b"\x1b@": Typesetter._reset,
    b"\x1ba": lambda setter, args: setter._change(align=min(2, _choice(args[0]))),
    b"\x1bd": Typesetter._feed_lines,
    b"\x1bJ": Typesetter._feed_dots,
    b"\x1b2": lambda setter, args: setter._change(spacing=DEFAULT_SPACING),
    b"\x1b3": lambda setter, args: setter._change(spacing=args[0]),
    b"\x1bE": lambda setter, args: setter._restyle(bold=bool(args[0] & 1)),
    b"\x1bG": lambda setter, args: setter._restyle(bold=bool(args[0] & 1)),
    b"\x1b-": lambda setter, args: setter._restyle(underline=min(2, _choice(args[0]))),
    b"\x1b!": Typesetter._print_mode,
    b"\x1bt": lambda setter, args: setter._change(codepage=CODEPAGES.get(args[0], "cp437")),
    b"\x1b$": Typesetter._move_to,
    b"\x1b\\": Typesetter._move_on,
    b"\x1b*": Typesetter._bit_image,
    b"\x1bB": Typesetter._buzz,
    b"\x1bi": lambda setter, args: setter._cut("partial"),
    b"\x1bm": lambda setter, args: setter._cut("partial"),
    b"\x1c&": lambda setter, args: setter._change(chinese=True),
    b"\x1c.": lambda setter, args: setter._change(chinese=False),
    b"\x1c!": Typesetter._chinese_mode,
    b"\x1cW": Typesetter._chinese_quadruple,
    b"\x1d!": lambda setter, args: setter._restyle(width=(args[0] >> 4 & 7) + 1, height=(args[0] & 7) + 1),
    b"\x1dB": lambda setter, args: setter._restyle(inverted=bool(args[0] & 1)),
    b"\x1dV": Typesetter._cut_command,
    b"\x1dv": Typesetter._raster,
    b"\x1d(": Typesetter._gs_paren,
    b"\x1d8": Typesetter._gs_8_l,
    b"\x1dh": lambda setter, args: setter._change(barcode_height=args[0]),
    b"\x1dw": lambda setter, args: setter._change(barcode_width=args[0]),
    b"\x1dH": lambda setter, args: setter._change(barcode_text=_choice(args[0])),
    b"\x1dk": Typesetter._barcode,
}
