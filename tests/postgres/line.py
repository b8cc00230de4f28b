"""A line to PostgreSQL that breaks when it is told to: amid a COMMIT, on the way there or on the way back."""

import socket
import threading
from contextlib import suppress
from typing import Literal

Break = Literal["never", "before_commit", "after_commit"]


class BreakableLine:
    """Listens on a port of its own and passes bytes on; `cut` says at which COMMIT it breaks, `open` whether it takes
    new connections."""

    def __init__(self, port: int) -> None:
        self._far = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.cut: Break = "never"
        self.open = True
        self.broken = 0
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._listener.close()
        for pair in self._pairs:
            self._break(*pair)

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                if not self.open:
                    near.close()
                    continue
                far = socket.create_connection(("127.0.0.1", self._far))
                self._pairs.append((near, far))
                for work in (self._there, self._back):
                    threading.Thread(target=work, args=(near, far), daemon=True).start()

    def _there(self, near: socket.socket, far: socket.socket) -> None:
        with suppress(OSError):
            while (data := near.recv(65536)) and not (b"COMMIT\0" in data and self.cut == "before_commit"):
                far.sendall(data)
        self._break(near, far)

    def _back(self, near: socket.socket, far: socket.socket) -> None:
        with suppress(OSError):
            while (data := far.recv(65536)) and not (b"COMMIT\0" in data and self.cut == "after_commit"):
                near.sendall(data)
        self._break(near, far)

    def _break(self, near: socket.socket, far: socket.socket) -> None:
        if self.cut != "never":
            self.cut = "never"
            self.broken += 1
        for end in (near, far):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
