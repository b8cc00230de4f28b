"""The hub under the bench, in a process of its own, with the floors beside it.

A no-op POST with the same authentication; a blocking send loop over the screens' own sockets; the same message by
the `websockets` library's broadcast. `/floor/slow` adds time before every COMMIT, which no setting can.
"""

import os
import sys
import time
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Request
from pydantic import BaseModel, ConfigDict
from websockets.asyncio.server import Server, ServerConnection, broadcast
from websockets.asyncio.server import serve as serve_websockets

from hub.app import create_app
from hub.board import Board
from hub.demo.parts import demo_tokens
from hub.edges import Hub, may
from hub.lines import Line
from hub.serving import serve
from hub.settings import load_settings
from hub.store import SYSTEM, Tx, Who
from tests.running import morning_clock


class Nothing(BaseModel):
    """The body of a ticket, so that the floor parses as much."""

    model_config = ConfigDict(extra="forbid")

    service: str


def add_floors(app: FastAPI, broadcast_port: int) -> None:
    servers: list[Server] = []
    screens: set[ServerConnection] = set()

    async def screen(connection: ServerConnection) -> None:
        screens.add(connection)
        await connection.wait_closed()
        screens.discard(connection)

    @app.post("/floor/listen")
    async def listen() -> dict[str, str]:
        if not servers:
            servers.append(
                await serve_websockets(screen, "127.0.0.1", broadcast_port, compression=None, ping_interval=None)
            )
        return {}

    @app.post("/floor/noop", status_code=201)
    async def noop(command: Nothing, who: Annotated[Who, Depends(may("take_ticket"))]) -> dict[str, Any]:
        return {"service": command.service, "who": who.name}

    @app.post("/floor/send")
    async def send(request: Request) -> dict[str, int]:
        """The newest patch once more, by a blocking send to one screen after the other."""
        board: Board = request.app.state.hub.board
        frame = _newest_frame(board)
        for place in [_place(reader) for reader in board._current]:
            os.write(place, frame)
        return {"bytes": len(frame)}

    @app.post("/floor/broadcast")
    async def broadcast_it(request: Request) -> dict[str, int]:
        frame = _newest_frame(request.app.state.hub.board)
        broadcast(screens, frame[4:].decode())
        return {"bytes": len(frame)}

    @app.post("/floor/clear")
    async def clear(request: Request) -> dict[str, int]:
        """Nobody waits any more, so that the next crowd finds the hall as the last one did."""
        hub: Hub = request.app.state.hub
        return {"cleared": await hub.store.write(_clear, SYSTEM, None)}

    @app.post("/floor/slow")
    async def slow(request: Request, ms: int) -> dict[str, int]:
        """This long before every COMMIT from now on."""
        hub: Hub = request.app.state.hub
        connection = hub.store._writer._connection
        assert connection is not None
        commit = connection.commit

        def slowly(told: int) -> None:
            time.sleep(ms / 1000)
            commit(told)

        connection.commit = slowly  # type: ignore[method-assign]
        return {"ms": ms}


def _clear(tx: Tx) -> int:
    return len(tx.rows("UPDATE ticket SET state = 'expired' WHERE state = 'waiting' RETURNING id"))


def _newest_frame(board: Board) -> bytes:
    """The last patch that carried a call; its frame has a head of four bytes."""
    return next(frame for _, frame in reversed(board._patches) if b'"calls":' in frame)


def _place(reader: object) -> int:
    assert isinstance(reader, Line)
    number: int = reader.transport.get_extra_info("socket").fileno()
    return number


def main() -> None:
    settings = load_settings()
    tokens = demo_tokens() | {f"bench-counter-{at}": Who(f"counter-{at}", "counter", str(at)) for at in range(1, 65)}
    app = create_app(settings, now=morning_clock, fixed_tokens=tokens, open_board=True)
    add_floors(app, int(sys.argv[1]))
    serve(app, settings)


if __name__ == "__main__":
    main()
