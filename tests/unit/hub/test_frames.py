"""The frames that the hub builds, read by the parser of the websockets library."""

from collections.abc import Generator

import pytest
from websockets.frames import Frame, Opcode
from websockets.streams import StreamReader

from hub.frames import text_frame


def payload_of(frame: bytes) -> bytes:
    """What a client reads of exactly one text frame."""
    stream = StreamReader()
    stream.feed_data(frame)
    message = _parsed(Frame.parse(stream.read_exact, mask=False))
    assert (message.opcode, message.fin, bytes(stream.buffer)) == (Opcode.TEXT, True, b"")
    return bytes(message.data)


def _parsed(parsing: Generator[None, None, Frame]) -> Frame:
    try:
        next(parsing)
    except StopIteration as end:
        frame: Frame = end.value
        return frame
    raise AssertionError("the frame is not whole")


@pytest.mark.parametrize("size", [0, 1, 125, 126, 127, 65535, 65536, 200_000])
def test_a_client_reads_what_was_framed(size: int) -> None:
    payload = ("号" * size).encode()[:size]
    assert payload_of(text_frame(payload)) == payload
