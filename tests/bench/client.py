"""A light HTTP client: one kept-alive connection, so that the bench measures the hub and not its own client."""

import asyncio
import json
import time
from dataclasses import dataclass
from typing import Any


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
        content = json.dumps(body or {}).encode()
        head = (
            f"POST {path} HTTP/1.1\r\nHost: hall\r\nAuthorization: Bearer {self.token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
        )
        started = time.perf_counter()
        self.writer.write(head.encode() + content)
        answer = await self.reader.readuntil(b"\r\n\r\n")
        length = next(
            int(line.split(b":")[1]) for line in answer.split(b"\r\n") if line.lower().startswith(b"content-length")
        )
        document = json.loads(await self.reader.readexactly(length))
        took = time.perf_counter() - started
        if not answer.startswith(b"HTTP/1.1 2"):
            raise RuntimeError(f"{path}: {document}")
        return took, document

    def close(self) -> None:
        self.writer.close()
