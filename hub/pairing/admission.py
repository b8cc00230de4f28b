"""Who has access now: read anew after every change, and open sockets of whoever lost it are closed."""

import contextlib
from collections.abc import Callable
from weakref import WeakKeyDictionary

from starlette.websockets import WebSocket

from hub.access import Access, load_tokens
from hub.store import Reader, Store, Who

#: Closing code of RFC 6455 for a peer that may not be here.
POLICY_VIOLATION = 1008


class Admitted:
    """The open sockets, each by the hash of the token or cookie that it came in with; `holds` tells which count."""

    def __init__(self, holds: Callable[[str], bool]) -> None:
        self._holds = holds
        self._sockets: WeakKeyDictionary[WebSocket, str] = WeakKeyDictionary()

    def add(self, socket: WebSocket, hashed: str) -> None:
        self._sockets[socket] = hashed

    async def send_away(self) -> None:
        """Close the sockets whose token or session stands for nobody any more."""
        for socket, hashed in list(self._sockets.items()):
            if not self._holds(hashed):
                with contextlib.suppress(RuntimeError, OSError):  # it was closing by itself
                    await socket.close(POLICY_VIOLATION, "this access was taken away")


async def renew(store: Store, access: Access, admitted: Admitted) -> None:
    """After tokens were added or removed, by this process or another."""
    access.reload(await store.read(_tokens))
    await admitted.send_away()


def _tokens(reader: Reader) -> dict[str, Who]:
    return load_tokens(reader.rows)
