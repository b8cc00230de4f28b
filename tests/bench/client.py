"""Light HTTP clients, kept alive, so that the bench measures the hub and not its own client."""

import asyncio
import json
import socket
import time
from dataclasses import dataclass
from typing import Any

_END = b"\r\n\r\n"


def post_request(path: str, token: str, body: dict[str, Any] | None = None) -> bytes:
    content = json.dumps(body or {}).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: hall\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content


def content_length(head: bytes) -> int:
    return next(int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length"))


def document_of(path: str, head: bytes, content: bytes) -> dict[str, Any]:
    """The answer. Raises RuntimeError for anything but success."""
    document: dict[str, Any] = json.loads(content)
    if not head.startswith(b"HTTP/1.1 2"):
        raise RuntimeError(f"{path}: {document}")
    return document


@dataclass
class Connection:
    """Requests one after the other; times are seconds."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    token: str

    @classmethod
    async def open(cls, port: int, token: str) -> "Connection":
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        return cls(reader, writer, token)

    async def post(self, path: str, body: dict[str, Any] | None = None) -> tuple[float, dict[str, Any]]:
        """How long it took, and the answer. Raises RuntimeError for anything but success."""
        request = post_request(path, self.token, body)
        started = time.perf_counter()
        self.writer.write(request)
        head = await self.reader.readuntil(_END)
        content = await self.reader.readexactly(content_length(head))
        took = time.perf_counter() - started
        return took, document_of(path, head, content)

    async def get(self, path: str) -> float:
        """How long a page took. Raises RuntimeError for anything but success."""
        head = f"GET {path} HTTP/1.1\r\nHost: hall\r\nAuthorization: Bearer {self.token}\r\n\r\n"
        started = time.perf_counter()
        self.writer.write(head.encode())
        answer = await self.reader.readuntil(_END)
        content = await self.reader.readexactly(content_length(answer))
        took = time.perf_counter() - started
        if not answer.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(f"{path}: {content.decode()}")
        return took

    def close(self) -> None:
        self.writer.close()


def get(port: int, path: str) -> str:
    """The text of a page."""
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.sendall(f"GET {path} HTTP/1.1\r\nHost: hall\r\nConnection: close\r\n\r\n".encode())
        return line.makefile("rb").read().decode()


class BlockingConnection:
    """The same for code without an event loop; `send` and `answer` apart, to look elsewhere in between."""

    def __init__(self, port: int, token: str) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._token = token
        self._path = ""

    def send(self, path: str, body: dict[str, Any] | None = None) -> None:
        self._path = path
        self.socket.sendall(post_request(path, self._token, body))

    def answer(self) -> dict[str, Any]:
        """Raises RuntimeError for anything but success."""
        held = b""
        while _END not in held:
            held += self.socket.recv(65536)
        head, _, content = held.partition(_END)
        while len(content) < content_length(head):
            content += self.socket.recv(65536)
        return document_of(self._path, head, content)

    def post(self, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        self.send(path, body)
        return self.answer()

    def close(self) -> None:
        self.socket.close()
