"""A crowd of screens on bare sockets in one thread: it reads frames and searches them, and costs little besides."""

import selectors
import socket
import time

from tests.bench.client import BlockingConnection

#: A reason to give up: something was lost.
PATIENCE_S = 30.0
_PING = 0x9


class CrowdScreen:
    """One WebSocket; `feed` takes what came, answers pings, and says whether a message held the marker."""

    def __init__(self, port: int, path: str) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.sendall(
            f"GET {path} HTTP/1.1\r\nHost: hall\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode()
        )
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += self.socket.recv(1)
        if not answer.startswith(b"HTTP/1.1 101"):
            raise RuntimeError(answer.decode())
        self._held = b""

    def feed(self, marker: bytes) -> bool:
        self._held += self.socket.recv(1 << 18)
        found = False
        while (size := _frame_size(self._held)) and size <= len(self._held):
            frame, self._held = self._held[:size], self._held[size:]
            if frame[0] & 0xF == _PING:
                self.socket.sendall(b"\x8a" + bytes((0x80 | frame[1],)) + bytes(4) + frame[2:])
            elif marker in frame:
                found = True
        return found


def _frame_size(held: bytes) -> int:
    """Bytes of the first frame, 0 while its head is not whole."""
    if len(held) < 10:
        return 2 + held[1] if len(held) >= 2 and held[1] < 126 else 0
    if held[1] < 126:
        return 2 + held[1]
    if held[1] == 126:
        return 4 + int.from_bytes(held[2:4], "big")
    return 10 + int.from_bytes(held[2:10], "big")


class Crowd:
    """Many screens at one address."""

    def __init__(self, port: int, path: str, many: int) -> None:
        self._selector = selectors.DefaultSelector()
        self._screens = [CrowdScreen(port, path) for _ in range(many)]
        for screen in self._screens:
            self._selector.register(screen.socket, selectors.EVENT_READ, screen)

    def until_all(self, marker: bytes, clerk: BlockingConnection) -> tuple[float, float]:
        """The moments when the last screen had a message with the marker, and when the clerk's answer was there."""
        self._selector.register(clerk.socket, selectors.EVENT_READ)
        answered, left, ends = 0.0, len(self._screens), time.perf_counter() + PATIENCE_S
        while left:
            for key, _ in self._selector.select(ends - time.perf_counter()):
                if key.data is None:
                    answered = time.perf_counter()
                    self._selector.unregister(clerk.socket)
                elif key.data.feed(marker):
                    left -= 1
            if time.perf_counter() > ends:
                raise RuntimeError(f"{left} screens never saw {marker!r}")
        last = time.perf_counter()
        if not answered:
            self._selector.unregister(clerk.socket)
        return last, answered or last

    def drain(self) -> None:
        """Take in what has come meanwhile."""
        while ready := self._selector.select(0):
            for key, _ in ready:
                key.data.feed(b"\0")

    def close(self) -> None:
        self._selector.close()
        for screen in self._screens:
            screen.socket.close()
