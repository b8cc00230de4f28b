"""A crowd of screens on bare sockets in one thread: it reads frames and searches them, and costs little besides."""

import select
import socket
import time

from tests.bench.client import BlockingConnection

#: A reason to give up: something was lost.
PATIENCE_S = 30.0
_TEXT = 0x81
_PING = 0x9
#: What is read of any socket is read into this.
_BUFFER = bytearray(1 << 18)


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
        size = self.socket.recv_into(_BUFFER)
        if not self._held and _is_call(size):
            # the common case, and nothing is copied: the crowd must be quicker than who writes to it
            return _BUFFER.find(marker, 0, size) >= 0
        self._held += _BUFFER[:size]
        found = False
        while (size := _frame_size(self._held)) and size <= len(self._held):
            frame, self._held = self._held[:size], self._held[size:]
            found = marker in frame or self._pong(frame) or found
        return found

    def _pong(self, frame: bytes) -> bool:
        """Answers, if it was a ping; it never is what was looked for."""
        if frame[0] & 0xF == _PING:
            self.socket.sendall(b"\x8a" + bytes((0x80 | frame[1],)) + bytes(4) + frame[2:])
        return False


def _is_call(size: int) -> bool:
    """Whether the buffer holds exactly one text frame of the size that calls have."""
    return _BUFFER[0] == _TEXT and _BUFFER[1] == 126 and size == 4 + (_BUFFER[2] << 8 | _BUFFER[3])


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
        self._epoll = select.epoll()
        screens = [CrowdScreen(port, path) for _ in range(many)]
        self._screens = {screen.socket.fileno(): screen for screen in screens}
        for place in self._screens:
            self._epoll.register(place, select.EPOLLIN)

    def until_all(self, marker: bytes, clerk: BlockingConnection) -> tuple[float, float]:
        """The moments when the last screen had a message with the marker, and when the clerk's answer was there."""
        self._epoll.register(clerk.socket, select.EPOLLIN)
        answered, left, ends = 0.0, len(self._screens), time.perf_counter() + PATIENCE_S
        while left:
            for place, _ in self._epoll.poll(ends - time.perf_counter(), len(self._screens)):
                screen = self._screens.get(place)
                if screen is None:
                    answered = time.perf_counter()
                    self._epoll.unregister(clerk.socket)
                elif screen.feed(marker):
                    left -= 1
            if time.perf_counter() > ends:
                raise RuntimeError(f"{left} screens never saw {marker!r}")
        last = time.perf_counter()
        if not answered:
            self._epoll.unregister(clerk.socket)
        return last, answered or last

    def drain(self) -> None:
        """Take in what has come meanwhile."""
        while ready := self._epoll.poll(0, len(self._screens)):
            for place, _ in ready:
                self._screens[place].feed(b"\0")

    def close(self) -> None:
        self._epoll.close()
        for screen in self._screens.values():
            screen.socket.close()
