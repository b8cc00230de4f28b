"""One program at a time on a device: the second is told who has it, also where nothing but we could know."""

import asyncio
import contextlib
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from devices.errors import PortBusy
from devices.ports import open_port
from devices.transports.opening import device_of
from devices.twins.bench import ff68_bench, printer_bench

ROOT = Path(__file__).parents[2]


@contextlib.asynccontextmanager
async def trying(url: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """`hall devices test URL --as ff68` in another process, which has the device open."""
    command = "from devices.commands import devices; devices()"
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", command, "test", url, "--as", "ff68", "--seconds", "60"),
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert process.stdout
    async with asyncio.timeout(30):
        assert await process.stdout.readline()
    yield process
    if process.returncode is None:
        process.kill()
    await process.wait()
    process._transport.close()  # type: ignore[attr-defined]  # asyncio closes it only when collected


async def test_a_network_device_held_by_another_program_of_ours_names_it_and_is_free_when_it_dies() -> None:
    async with ff68_bench(port=0) as bench:
        async with trying(bench.urls[0]) as other:
            with pytest.raises(PortBusy) as caught:
                await open_port(bench.urls[0])
            assert caught.value.holder == f"pid {other.pid} (python): hall devices test".replace(
                "(python)", f"({Path(sys.executable).name})"
            )
            assert "占用者：pid" in caught.value.message("zh")
        await (await open_port(bench.urls[0])).close()


async def test_a_serial_port_held_by_another_program_of_ours_names_it_by_any_of_its_names(tmp_path: Path) -> None:
    by_link = str(tmp_path / "other" / ".." / "ff68-1")
    (tmp_path / "other").mkdir()
    async with ff68_bench(link=tmp_path) as bench, trying(bench.urls[0]) as other:
        with pytest.raises(PortBusy, match=rf"pid {other.pid} .*hall devices test"):
            await open_port(by_link)


async def test_two_users_inside_one_program_are_told_apart_by_name() -> None:
    async with printer_bench() as bench:
        async with await open_port(bench.urls[0], holder="kiosk-1"):
            with pytest.raises(PortBusy, match="held by kiosk-1"):
                await open_port(bench.urls[0])
            async with await open_port(bench.urls[0] + "?shared=yes"):
                pass
        async with await open_port(bench.urls[0]):
            pass


async def test_a_device_that_could_not_be_opened_is_not_held() -> None:
    for _ in range(2):
        with pytest.raises(FileNotFoundError):
            await open_port("/dev/no-such-terminal")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("socket://Printer:9100", "rfc2217://printer:9100"),
        ("usb://04B8:0E15", "usb://04b8:0e15/"),
        ("/dev/../dev/ttyS0", "serial:///dev/ttyS0?baud=19200"),
        ("file:///tmp/a", "loop://"),
    ],
)
def test_a_device_has_one_name_however_its_url_is_written(one: str, other: str) -> None:
    assert device_of(one) == device_of(other)
