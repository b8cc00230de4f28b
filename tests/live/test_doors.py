"""Every WebSocket of the hub, tried by nobody, a wrong token and every role."""

from collections.abc import Iterator

import pytest
from fastapi.routing import APIWebSocketRoute
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from hub import sockets
from hub.store import Who
from tests.running import RunningHub, free_port, hub_settings

ROLES = ("clerk", "duty_leader", "manager", "administrator", "auditor", "kiosk", "display", "counter")
MAY = {"/api/v1/board/ws": set(ROLES), "/api/v1/station/ws": {"kiosk", "display", "counter"}}
TOKENS = {role: Who(role, role, "1" if role in ("clerk", "counter") else None) for role in ROLES}  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHub]:
    settings = hub_settings(tmp_path_factory.mktemp("hub"), free_port())
    with RunningHub(settings, tokens=TOKENS, open_board=False) as running:
        yield running


def test_every_websocket_stands_in_the_table() -> None:
    assert {route.path for route in sockets.router.routes if isinstance(route, APIWebSocketRoute)} == set(MAY)


@pytest.mark.parametrize("path", MAY)
@pytest.mark.parametrize("token", [None, "wrong-token", *ROLES])
def test_a_websocket_opens_for_its_roles_only(hub: RunningHub, path: str, token: str | None) -> None:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    addresses = [(f"{hub.socket_url}{path}", headers), (f"{hub.socket_url}{path}?token={token or ''}", {})]
    for address, sent in addresses:
        if token in MAY[path]:
            with connect(address, additional_headers=sent):
                pass
        else:
            with pytest.raises(InvalidStatus, match="403"), connect(address, additional_headers=sent):
                pass
