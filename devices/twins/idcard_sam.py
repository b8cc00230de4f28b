"""The ID-card reader's twin: the SAM's frames as its sources draw them, with made-up cards.

Its citizens are nobody: the first six digits of their numbers name no region (GB/T 2260 ends at 82), only birth date
and check character are right.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, ClassVar

from PIL import Image, ImageDraw, ImageFont

from devices.fonts import chinese_font
from devices.twins.twin import Action, Cable, CabledTwin

HEAD = b"\xaa\xaa\xaa\x96\x69"
REGION = "990001"
FIRST_BIRTH = date(1950, 1, 1)
PERSONS = 20_000
#: Weights of the 17 digits, 2^(17-i) mod 11, and the check characters by remainder (GB 11643-1999).
WEIGHTS = [2 ** (17 - at) % 11 for at in range(17)]
PHOTO = (HEAD + bytes(range(59))) * 16
"""1024 bytes that no host may take for a picture; it hides beginnings of frames."""


@dataclass(frozen=True)
class Person:
    name: str
    number: str

    @property
    def text(self) -> bytes:
        """The card's 256 bytes: UTF-16LE, each field padded with spaces."""
        birth = self.number[6:14]
        fields = (
            (self.name, 30), ("2", 2), ("01", 4), (birth, 16), ("虚构省无此市演示路1号", 70), (self.number, 36),
            ("虚构市公安局", 30), ("20200101", 16), ("长期", 16), ("", 36),
        )  # fmt: skip
        return b"".join(text.ljust(size // 2).encode("utf-16-le") for text, size in fields)


def made_up(at: int) -> Person:
    """The citizen number `at`, from 0; always the same."""
    birth = FIRST_BIRTH + timedelta(days=at)
    digits = f"{REGION}{birth:%Y%m%d}{at % 999 + 1:03}"
    total = sum(int(digit) * weight for digit, weight in zip(digits, WEIGHTS, strict=True))
    names = "".join("甲乙丙丁戊己庚辛壬癸"[int(figure)] for figure in str(at))
    return Person(f"演示{names}", digits + "10X98765432"[total % 11])


@lru_cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(chinese_font()), size, layout_engine=ImageFont.Layout.BASIC)


def framed(body: bytes) -> bytes:
    """AA AA AA 96 69, length (two bytes, counts the check byte too), body, check byte."""
    length = len(body) + 1
    rest = bytes((length >> 8, length & 0xFF)) + body
    check = 0
    for byte in rest:
        check ^= byte
    return HEAD + rest + bytes((check,))


class SamReader(CabledTwin):
    """One reader with at most one card on it.

    A card that was selected is not found again until it is lifted or the reader restarts (power, reset); READ works
    once after each FIND and SELECT. `card-removed`: the card is lifted while it is read. `auth-failed`: it is refused.
    """

    kind = "idcard-sam"
    more_faults: ClassVar[tuple[str, ...]] = ("card-removed", "auth-failed", "not-authorised")
    actions = (
        Action("放身份证", "Lay a card", {}, ask={"card": "0"}),
        Action("拿走身份证", "Lift the card", {"card": ""}),
    )

    def __init__(self, name: str = "", **options: Any) -> None:
        super().__init__(name, **options)
        self.card: int | None = None
        self.read = 0
        """Cards read to the end."""
        self.asked = 0
        self._used = self._found = self._selected = False

    # ---- the citizen ----

    def act(self, body: dict[str, Any]) -> dict[str, Any]:
        """`{"card": 7}` lays the card of citizen 7, `{"card": ""}` lifts what lies there."""
        told = str(body.get("card", "")).strip()
        if told and (not told.isdecimal() or int(told) >= PERSONS):
            raise ValueError(f"card must be 0 to {PERSONS - 1}, or empty to lift it")
        self.card = int(told) if told else None
        self._restart()
        self.watch.touch()
        return self.shown()

    def shown(self) -> dict[str, Any]:
        lying = {} if self.card is None else {"card": self.card, "person": made_up(self.card).name}
        return {**lying, "read": self.read, "asked": self.asked}

    def picture(self) -> Image.Image:
        """The reader from above, with the card that lies on it: only what its citizen would see anyway."""
        image = Image.new("RGB", (640, 400), (233, 238, 244))
        pen = ImageDraw.Draw(image)
        pen.rounded_rectangle((40, 30, 600, 370), 28, (44, 56, 74))
        pen.rounded_rectangle((110, 80, 530, 320), 18, outline=(150, 166, 188), width=3)
        if self.card is None:
            pen.text((320, 200), "请放身份证 · lay a card here", (150, 166, 188), _font(26), anchor="mm")
            return image
        person = made_up(self.card)
        pen.rounded_rectangle((130, 95, 510, 305), 14, (226, 240, 246))
        pen.rectangle((400, 125, 480, 225), (190, 204, 214))
        for at, line in enumerate((f"姓名 {person.name}", f"出生 {person.number[6:14]}", "虚构证件 · made up")):
            pen.text((155, 130 + 42 * at), line, (40, 60, 90), _font(24))
        pen.text((155, 268), f"公民身份号码 {person.number}", (40, 60, 90), _font(21))
        return image

    def set_faults(self, on: Any = (), off: Any = ()) -> None:
        super().set_faults(on, off)
        if "unplugged" in self.faults:
            self._restart()

    def _restart(self) -> None:
        self._used = self._found = self._selected = False

    # ---- the host ----

    def hear(self, cable: Cable, data: bytes) -> None:
        cable.waiting += data
        while (start := cable.waiting.find(HEAD)) >= 0:
            del cable.waiting[:start]
            if len(cable.waiting) < 7:
                return
            length = cable.waiting[5] * 256 + cable.waiting[6]
            if not 3 <= length <= 64:
                del cable.waiting[:7]
                self._answer(cable, 0x11)
            elif len(cable.waiting) < 7 + length:
                return
            else:
                whole = bytes(cable.waiting[: 7 + length])
                del cable.waiting[: 7 + length]
                self._obey(cable, whole)
        del cable.waiting[: max(0, len(cable.waiting) - len(HEAD) + 1)]

    def _obey(self, cable: Cable, whole: bytes) -> None:
        self.asked += 1
        if framed(whole[7:-1]) != whole:
            self._answer(cable, 0x10)
        elif "not-authorised" in self.faults:
            self._answer(cable, 0x66)
        else:
            work = self._COMMANDS.get(whole[7:9])
            sw3, data = work(self) if work else (0x21, b"")
            self._answer(cable, sw3, data)

    def _answer(self, cable: Cable, sw3: int, data: bytes = b"") -> None:
        self.say(framed(bytes((0, 0, sw3)) + data), to=cable, wrong=framed(b"\0\0\x91"))

    def _find(self) -> tuple[int, bytes]:
        self._found = self.card is not None and not self._used
        return (0x9F, bytes(4)) if self._found else (0x80, b"")

    def _select(self) -> tuple[int, bytes]:
        self._selected, self._found = self._found, False
        self._used = self._used or self._selected
        return (0x90, bytes(8)) if self._selected else (0x81, b"")

    def _read(self) -> tuple[int, bytes]:
        selected, self._selected = self._selected, False
        if "card-removed" in self.faults and self.card is not None:
            self.act({"card": ""})
        if not selected or self.card is None:
            return 0x41, b""
        if "auth-failed" in self.faults:
            return 0x31, b""
        self.read += 1
        self.watch.touch()
        text = made_up(self.card).text
        return 0x90, len(text).to_bytes(2, "big") + len(PHOTO).to_bytes(2, "big") + text + PHOTO

    def _reset(self) -> tuple[int, bytes]:
        self._restart()
        return 0x90, b""

    _COMMANDS: ClassVar[dict[bytes, Any]] = {
        b"\x20\x01": _find,
        b"\x20\x02": _select,
        b"\x30\x01": _read,
        b"\x10\xff": _reset,
        b"\x11\xff": lambda self: (0x90, b""),
        b"\x12\xff": lambda self: (0x90, bytes.fromhex("05030100000000000000000000000000")),
    }
