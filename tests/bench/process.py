"""A hub of the bench as a process: started, watched from outside by what Linux counts of it, stopped."""

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.running import free_port

READY_WITHIN_S = 60.0


@dataclass
class HubProcess:
    """The bench's hub. `broadcast_port` is where the floor of the `websockets` library listens."""

    pid: int
    port: int
    broadcast_port: int
    folder: Path
    ready_s: float

    def memory_mb(self) -> float:
        """Resident, of this process alone."""
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
        raise RuntimeError("no VmRSS")

    def cpu_s(self) -> float:
        """Processor time used so far."""
        return process_cpu_s(self.pid)


def process_cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@asynccontextmanager
async def hub_process(
    folder: Path, *, database_url: str = "", plain: bool = False, **environment: str
) -> AsyncIterator[HubProcess]:
    """A hub with the floors beside it, or `plain` as `hall hub` runs it; ready when it says so."""
    port, broadcast_port = free_port(), free_port()
    arguments = ("-m", "hub", "hub") if plain else ("-m", "tests.bench.hub_process", str(broadcast_port))
    started = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *arguments,
        env={
            **os.environ,
            "HALL_CONFIG": str(folder / "hall.toml"),
            "HALL_HUB__PORT": str(port),
            "HALL_HUB__DATABASE_URL": database_url or f"sqlite:///{folder / 'hall.db'}",
            "HALL_HUB__ANNOUNCE": "false",
            **environment,
        },
        stderr=(folder / "hub.log").open("ab"),
    )
    try:
        await _until_ready(port)
        yield HubProcess(process.pid, port, broadcast_port, folder, time.perf_counter() - started)
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def _until_ready(port: int) -> None:
    """Asks every few milliseconds: nothing tells another process that a port is served."""
    async with asyncio.timeout(READY_WITHIN_S):
        while not await _is_ready(port):
            await asyncio.sleep(0.005)


async def _is_ready(port: int) -> bool:
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.write(b"GET /readyz HTTP/1.1\r\nHost: hall\r\nConnection: close\r\n\r\n")
    answer = await reader.read()
    writer.close()
    return answer.startswith(b"HTTP/1.1 200")
