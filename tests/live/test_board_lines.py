"""The hub's lines over real sockets: a screen that reads nothing costs the others nothing and the hub little."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from websockets.sync.client import ClientConnection, connect

from hub import lines
from hub.board import Board
from hub.lines import LAGS_AT_BYTES, SYSTEM_BUFFER_BYTES, Line
from tests.running import PATIENCE_S, RunningHub, free_port, hub_settings

#: What the hub and both systems hold for one screen that reads nothing, in frames of this size, and then some.
FRAME_BYTES = 30_000
FLOOD = 60


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[RunningHub]:
    with RunningHub(hub_settings(tmp_path, free_port())) as running:
        yield running


@contextmanager
def screen(hub: RunningHub) -> Iterator[ClientConnection]:
    """A screen that has taken the whole board."""
    with connect(f"{hub.socket_url}/api/v1/board/ws", compression=None, max_size=None) as connected:
        first_of(connected, "board")
        yield connected


def deaf_screen(hub: RunningHub) -> socket.socket:
    """A bare socket that has asked for the board and reads no further than the system's smallest buffer."""
    bare = socket.socket()
    bare.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    bare.settimeout(PATIENCE_S)
    bare.connect(("127.0.0.1", hub.settings.hub.port))
    bare.sendall(
        b"GET /api/v1/board/ws HTTP/1.1\r\nHost: hall\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
    return bare


def first_of(connection: ClientConnection, kind: str) -> Any:
    while True:
        frame = json.loads(connection.recv(timeout=PATIENCE_S))
        if frame["kind"] == kind:
            return frame


def on_loop(hub: RunningHub, work: Any) -> Any:
    """Run it on the hub's event loop, where the board lives."""
    done = threading.Event()
    answer: list[Any] = []

    def run() -> None:
        answer.append(work(hub.app.state.hub.board))
        done.set()

    hub.loop.call_soon_threadsafe(run)
    assert done.wait(PATIENCE_S)
    return answer[0]


def flood(hub: RunningHub, other: ClientConnection) -> list[int]:
    """More patches than a screen that reads nothing can be sent; what the other screen has seen, one by one."""
    seen = []
    for number in range(FLOOD):
        on_loop(hub, lambda board, n=number: board.update({"n": n, "x": f"{n}" + "x" * FRAME_BYTES}))
        seen.append(first_of(other, "patch")["patch"]["n"])
    return seen


def lagging(board: Board) -> list[Line]:
    return [reader for reader in board._lagging if isinstance(reader, Line)]


def test_a_screen_that_reads_nothing_delays_nobody_and_holds_a_bounded_number_of_bytes(hub: RunningHub) -> None:
    with deaf_screen(hub), screen(hub) as other:
        assert flood(hub, other) == list(range(FLOOD))
        [deaf] = on_loop(hub, lagging)
        held = on_loop(hub, lambda board: deaf.transport.get_write_buffer_size())
        assert held <= LAGS_AT_BYTES + FRAME_BYTES + 100
        assert FLOOD * FRAME_BYTES > 4 * (LAGS_AT_BYTES + SYSTEM_BUFFER_BYTES)


def test_a_screen_that_begins_to_read_gets_the_board_as_it_is_now_and_then_what_changes(hub: RunningHub) -> None:
    with deaf_screen(hub) as deaf, screen(hub) as other:
        flood(hub, other)
        assert on_loop(hub, lagging)
        stream = deaf.makefile("rb")
        while stream.readline() != b"\r\n":
            pass
        seqs, boards = [], 0
        while boards < 2:  # the first at connecting, the second after the lag
            frame = json.loads(read_frame(stream))
            boards += frame["kind"] == "board"
            seqs += [frame["seq"]] if frame["kind"] != "beat" else []
        assert seqs == sorted(seqs)
        assert frame["board"]["n"] == FLOOD - 1
        on_loop(hub, lambda board: board.update({"n": "after"}))
        while (frame := json.loads(read_frame(stream)))["kind"] != "patch":
            pass
        assert frame["patch"] == {"n": "after"}


def read_frame(stream: Any) -> bytes:
    """One unmasked text frame."""
    head = stream.read(2)
    assert head[0] == 0x81
    size = head[1]
    if size == 126:
        size = int.from_bytes(stream.read(2), "big")
    elif size == 127:
        size = int.from_bytes(stream.read(8), "big")
    payload: bytes = stream.read(size)
    return payload


def test_a_screen_that_lags_for_too_long_is_cut(hub: RunningHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "CUT_AFTER_S", 0.05)
    with deaf_screen(hub) as deaf, screen(hub) as other:
        flood(hub, other)
        wait_for_readers(hub, 1)
        while deaf.recv(65536):
            pass  # what the systems held; then the end, not a time-out
        on_loop(hub, lambda board: board.update({"n": "after"}))
        assert first_of(other, "patch")["patch"] == {"n": "after"}


def test_after_a_screen_has_said_good_bye_it_is_sent_its_close_and_nothing_more(hub: RunningHub) -> None:
    with deaf_screen(hub) as leaving, screen(hub) as other:
        leaving.sendall(b"\x88\x82" + bytes(4) + (1000).to_bytes(2, "big"))
        flood(hub, other)
        everything = b""
        while more := leaving.recv(65536):
            everything += more
        assert everything.endswith(b"\x88\x02" + (1000).to_bytes(2, "big"))


def test_a_screen_that_goes_in_the_middle_of_a_flood_is_forgotten(hub: RunningHub) -> None:
    with deaf_screen(hub), screen(hub) as other:
        flood(hub, other)
    wait_for_readers(hub, 0)


def wait_for_readers(hub: RunningHub, number: int) -> None:
    pause = threading.Event()
    for _ in range(200):
        if on_loop(hub, lambda board: board.readers) == number:
            return
        pause.wait(0.02)
    pytest.fail(f"never {number} readers")
