"""The hub under the bench, in a process of its own, with the floors beside it: a no-op POST, a blocking send loop."""

import asyncio
import os
import sys
from pathlib import Path
from typing import Annotated, Any

from fastapi import Depends, FastAPI
from pydantic import BaseModel, ConfigDict

from hub.app import create_app
from hub.demo.parts import demo_tokens
from hub.edges import may
from hub.serving import serve
from hub.store import Who
from tests.running import hub_settings


class Nothing(BaseModel):
    """The body of a ticket, so that the floor parses as much."""

    model_config = ConfigDict(extra="forbid")

    service: str


def add_floors(app: FastAPI, plain_port: int) -> None:
    connections: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connections.append((reader, writer))

    @app.post("/floor/listen")
    async def listen() -> dict[str, str]:
        app.state.plain = await asyncio.start_server(accept, "127.0.0.1", plain_port)
        return {}

    @app.post("/floor/noop", status_code=201)
    async def noop(command: Nothing, who: Annotated[Who, Depends(may("take_ticket"))]) -> dict[str, Any]:
        return {"service": command.service, "who": who.name}

    @app.post("/floor/send")
    async def send(size: int) -> dict[str, int]:
        """A blocking send to one plain connection after the other, `size` bytes each."""
        data = b"x" * size
        for _, writer in connections:
            os.write(writer.get_extra_info("socket").fileno(), data)
        return {"sent": len(connections)}


def main() -> None:
    port, plain_port, folder = int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
    settings = hub_settings(folder, port)
    app = create_app(settings, fixed_tokens=demo_tokens(), open_board=True)
    add_floors(app, plain_port)
    serve(app, settings)


if __name__ == "__main__":
    main()
