"""What is fuzzed: the table of targets, and what must be true of each whatever bytes come.

Nothing but what a parser declares is raised; a stream gives the same in one piece as in many; after noise and a pause
a sound frame is found. The first byte of an input says how the rest is cut. Add a line for every new parser.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from devices import (
    escpos_replies,
    idcard_sam_frames,
    keypad_box_frames,
    keypad_ff68_frames,
    keypad_hid_frames,
    led_alpha_frames,
    led_bx_areas,
    led_bx_frames,
    led_ddp_frames,
    led_f0d0_frames,
    led_xunpeng_frames,
    scanner_frames,
    scanner_hid_frames,
    tablet_frames,
    voice_frames,
    voice_syn6288_frames,
    voice_xfs5152_frames,
)
from devices.errors import BadFrame
from devices.twins import kinds
from devices.twins.escpos_lexer import Lexer, Text
from devices.twins.ff68 import Ff68Line
from devices.twins.printer import PrinterTwin

Run = Callable[[bytes], None]


@dataclass(frozen=True)
class Target:
    run: Run
    """Raises for an input that breaks a promise."""
    seeds: tuple[bytes, ...] = ()


def told(found: Iterable[Any]) -> list[Any]:
    """Comparable: errors are equal when they say the same."""
    return [(type(one), one.text, one.data) if isinstance(one, BadFrame) else one for one in found]


def cut(data: bytes) -> tuple[bytes, list[bytes]]:
    size, body = (data[0] % 16 + 1 if data else 1), data[1:]
    return body, [body[at : at + size] for at in range(0, len(body), size)]


def timed(make: Callable[[], Any], sound: bytes = b"") -> Run:
    """For parsers with `feed(data, at)` and `expire(at)`. `sound` is a frame that must be found after any noise."""

    def run(data: bytes) -> None:
        body, pieces = cut(data)
        one, many = make(), make()
        whole = told([*one.feed(body, 0.0), *one.expire(60.0)])
        parts = told([*(found for piece in pieces for found in many.feed(piece, 0.0)), *many.expire(60.0)])
        assert whole == parts, (whole, parts)
        if sound:
            alone = told(make().feed(sound, 0.0))
            assert alone
            assert told(one.feed(sound, 120.0))[-len(alone) :] == alone

    return run


def streamed(make: Callable[[], Any], join: Callable[[Iterable[Any]], list[Any]] = told) -> Run:
    """For parsers with `feed(data)` alone."""

    def run(data: bytes) -> None:
        body, pieces = cut(data)
        one, many = make(), make()
        whole, parts = join(one.feed(body)), join([found for piece in pieces for found in many.feed(piece)])
        assert whole == parts, (whole, parts)

    return run


def whole(decode: Callable[[bytes], Any]) -> Run:
    """For decoders of one message, which may raise BadFrame and nothing else."""

    def run(data: bytes) -> None:
        with contextlib.suppress(BadFrame):
            decode(data)

    return run


def texts_joined(tokens: Iterable[Any]) -> list[Any]:
    """Text is handed on as it comes; where it was cut says nothing."""
    joined: list[Any] = []
    for token in tokens:
        if isinstance(token, Text) and joined and isinstance(joined[-1], Text):
            joined[-1] = Text(joined[-1].data + token.data)
        else:
            joined.append(token)
    return joined


def heard_by_twin(make: Callable[[Callable[[float, Callable[[], None]], object]], Any]) -> Run:
    """A host that sends anything at all must not end the twin, nor what the twin does a moment later."""

    def run(data: bytes) -> None:
        later: list[Callable[[], None]] = []
        plug = make(lambda seconds, call: later.append(call)).attach(lambda data: None)
        for piece in cut(data)[1]:
            plug.receive(piece)
        for call in later[:50]:
            call()
        plug.unplug()

    return run


def card(data: bytes) -> None:
    """What a reader answered in a sound frame, up to the person."""
    for body in idcard_sam_frames.Parser().feed(idcard_sam_frames.frame(data), 0.0):
        if isinstance(body, bytes):
            idcard_sam_frames.card_of(idcard_sam_frames.reply_of(body))


def led_areas(data: bytes) -> None:
    """What a host told a font card in a sound frame: what is read as areas is made again as the same bytes."""
    asked = led_bx_frames.Request(*led_bx_frames.AREAS, data)
    areas = led_bx_areas.areas_of(asked)
    again = led_bx_areas.command(areas)
    assert led_bx_areas.areas_of(again) == areas


def led_status(data: bytes) -> None:
    led_bx_frames.status_of(led_bx_frames.Reply(0xA1, 0x02, 0, data))


def led_card(data: bytes) -> None:
    """Sound frames with any command in them: a card is not ended by what it is told."""
    card = kinds.make("led-bx", later=lambda seconds, call: None)
    cable = card.attach(lambda answer: None)
    cable.receive(led_bx_frames.encode(led_bx_frames.Frame(data)))
    card.state()
    card.picture()


def tablet(protocol: tablet_frames.TabletProtocol, data: bytes) -> None:
    text = data[1:].decode("utf-8", "replace")
    protocol.hear(text, logged_in=bool(data[:1] and data[0] & 1))


def seeds(*frames: str) -> tuple[bytes, ...]:
    """Hexadecimal; each behind the byte that says how it is cut."""
    return tuple(b"\x02" + bytes.fromhex(frame) for frame in frames)


def texts(*messages: str) -> tuple[bytes, ...]:
    return tuple(b"\x01" + message.encode() for message in messages)


FF68 = "ff 68 04 04 68 03 01 06 0f 19 16"
SAM = "aa aa aa 96 69 00 08 00 00 9f 00 00 00 00 97"
BX = "a5 a5 a5 a5 a5 a5 a5 a5 01 00 00 80 00 00 00 00 00 00 fe 02 05 00 a2 00 01 00 00 68 f8 5a"
SYN = "fd 00 0b 01 00 d3 ee d2 f4 cc ec cf c2 c1"
XFS = "fd 00 0a 01 00 bf c6 b4 f3 d1 b6 b7 c9"
BX_AREA = (
    "00 01 2a 00 00 00 00 18 00 40 00 0c 00 01 0a 01 02 00 00 00 00 01 01 01 00 17 02 0f 00 00 00 5c 46 4f 30 30 30"
    " 48 55 4d 3a 36 36 25 52 48"
)
F0D0 = "f0 01 d0 01 01 01 05 00 41 30 30 35 9f"
DDP = "41 01 0b 01 00 00 00 00 00 09 ff 00 00 00 ff 00 00 00 ff"
ALPHA = "00 00 00 00 00 01 5a 30 30 02 41 30 1b 26 62 41 30 30 35 20 2d 3e 20 33 03 30 32 43 44 04"
SLIP = "1b 40 1c 26 1b 61 01 1d 21 11 d5 fe ce f1 0a 1d 56 42 00 10 04 01 1d 72 01 1d 28 48 06 00 30 30 31 32 33 34"
BOX_KEYS = {b"\x0231\x03": keypad_hid_frames.CALLER_KEYS[78], b"3": keypad_hid_frames.CALLER_KEYS[74]}

TWIN_SEEDS = {
    "led-bx": seeds(BX),
    "led-f0d0": seeds(F0D0),
    "led-xunpeng": seeds("05 03 e7 ef"),
    "led-xunpeng-colour": seeds("3a 00 78 03 01 b6 0a"),
    "led-ddp": seeds(DDP),
    "idcard-sam": seeds("aa aa aa 96 69 00 03 20 01 22", "aa aa aa 96 69 00 03 30 01 32"),
    "syn6288": seeds(SYN, "fd 00 02 21 de"),
    "xfs5152ce": seeds(XFS, "fd 00 01 02"),
}


def twin_of(kind: str) -> Run:
    """Made once at once, so that its modules are loaded while atheris looks at what is loaded."""
    kinds.make(kind, later=lambda seconds, call: None)
    return heard_by_twin(lambda later: kinds.make(kind, later=later))


TARGETS: dict[str, Target] = {
    "ff68": Target(timed(keypad_ff68_frames.Parser, bytes.fromhex(FF68)), seeds(FF68, "ff 68 03 03 68 03 01 0c 10 16")),
    "box": Target(timed(partial(keypad_box_frames.Parser, BOX_KEYS), b"\x0231\x03"), seeds("02 33 31 03 33")),
    "hid": Target(timed(partial(keypad_hid_frames.Parser, keypad_hid_frames.CALLER_KEYS)), seeds("00" * 24)),
    "scanner": Target(timed(scanner_frames.Parser), texts("/t/abcdef\r\n", "A005\n")),
    "scanner-prefix": Target(timed(partial(scanner_frames.Parser, prefix=b"]Q1")), texts("]Q1A005\r\n")),
    "scanner-hid": Target(timed(scanner_hid_frames.HidParser), seeds("00" * 24)),
    "idcard-sam": Target(
        timed(idcard_sam_frames.Parser, bytes.fromhex(SAM)), seeds(SAM, "aa aa aa 96 69 00 04 00 00 80 84")
    ),
    "idcard-card": Target(whole(card), (b"\x00\x00\x90\x01\x00\x00\x00" + bytes(256),)),
    "led-bx": Target(streamed(led_bx_frames.Parser), seeds(BX)),
    "led-areas": Target(whole(led_areas), (bytes.fromhex(BX_AREA),)),
    "led-status": Target(whole(led_status), (bytes.fromhex("01 0f") + bytes(16),)),
    "led-card": Target(led_card, (bytes.fromhex("a3 06 01 00 00" + BX_AREA),)),
    "led-f0d0": Target(streamed(led_f0d0_frames.Parser), seeds(F0D0)),
    "led-xunpeng": Target(streamed(led_xunpeng_frames.Parser), seeds("3a 00 78 03 01 b6 0a")),
    "led-alpha": Target(whole(led_alpha_frames.decode), (bytes.fromhex(ALPHA),)),
    "led-ddp": Target(whole(led_ddp_frames.decode), (bytes.fromhex(DDP),)),
    "syn6288": Target(timed(voice_syn6288_frames.parser, bytes.fromhex(SYN)), seeds(SYN, "fd 00 02 21 de")),
    "xfs5152ce": Target(timed(voice_xfs5152_frames.parser, bytes.fromhex(XFS)), seeds(XFS, "fd 00 01 02")),
    "voice-answers": Target(streamed(voice_frames.AnswerParser), seeds("4a 41 4f 4e")),
    "escpos-replies": Target(streamed(escpos_replies.StatusParser), seeds("12 14 00 00 0f 37 22 30 30 00 5f 48 00")),
    "escpos-lexer": Target(streamed(Lexer, texts_joined), seeds(SLIP)),
    "tablet-rate": Target(
        partial(tablet, tablet_frames.RateTablet(dict)), texts('{"method":"RateRequest","param":{}}')
    ),
    "tablet-ping": Target(partial(tablet, tablet_frames.PingTablet()), texts('{"code":40001,"data":{"work_no":"1"}}')),
    "twin-printer": Target(heard_by_twin(lambda later: PrinterTwin(later=later)), seeds(SLIP)),
    "twin-ff68": Target(heard_by_twin(lambda later: Ff68Line(later=later)), seeds("ff 68 03 03 68 01 01 0b 0d 16")),
    **{f"twin-{kind}": Target(twin_of(kind), TWIN_SEEDS.get(kind, ())) for kind in kinds.KINDS},
}
"""Every `*_frames.py` that reads, and every twin."""
