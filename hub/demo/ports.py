"""Free ports of this machine."""

import socket
import sys


class PortUsed(OSError):
    """Another program listens there: the demo would talk to it and take it for its own hub."""


def claim(port: int) -> None:
    """Raises PortUsed when the hub could not listen on this port."""
    with socket.socket() as probe:
        if sys.platform != "win32":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
            probe.listen()
        except OSError as fault:
            raise PortUsed(
                f"端口 {port} 已被其他程序占用，请用 --port 换一个 · port {port} is taken; choose another: --port"
            ) from fault


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
