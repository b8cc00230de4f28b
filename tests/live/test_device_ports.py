"""Ports over real pseudo-terminals, sockets and files."""

import asyncio
import contextlib
import os
import sys
import tty
from collections.abc import Iterator
from pathlib import Path

import pytest

from devices.errors import BadFrame, DeviceError, PortBusy, PortDenied, PortLost, PortMissing
from devices.ports import Port, open_port, tend
from devices.transports.opening import parse_serial, scheme_of


@pytest.fixture
def terminal() -> Iterator[tuple[int, str]]:
    near, far = os.openpty()
    tty.setraw(far)
    yield near, os.ttyname(far)
    for fd in (near, far):
        with contextlib.suppress(OSError):
            os.close(fd)


async def within(seconds: float, waiting: asyncio.Future[object] | object) -> object:
    async with asyncio.timeout(seconds):
        return await waiting  # type: ignore[misc]


@pytest.mark.parametrize(
    ("url", "scheme"),
    [("/dev/ttyS0", "serial"), ("COM3", "serial"), ("socket://h:1", "socket"), ("twin:printer", "twin")],
)
def test_plain_names_are_serial_ports(url: str, scheme: str) -> None:
    assert scheme_of(url) == scheme


def test_the_baud_rate_in_the_url_wins() -> None:
    assert parse_serial("serial:///dev/ttyUSB0?baud=19200", 9600) == ("/dev/ttyUSB0", 19200)
    assert parse_serial("serial://COM3", 9600) == ("COM3", 9600)
    assert parse_serial("/dev/ttyUSB0", 4800) == ("/dev/ttyUSB0", 4800)
    with pytest.raises(ValueError, match="not a number"):
        parse_serial("serial:///dev/ttyUSB0?baud=fast", 9600)


async def test_a_terminal_is_read_and_written(terminal: tuple[int, str]) -> None:
    near, name = terminal
    port = await open_port(name)
    os.write(near, b"\xff\x68\x0a\x0d\x03")
    assert await port.read() == b"\xff\x68\x0a\x0d\x03"
    await port.write(b"\x11\x13\x00")
    assert os.read(near, 10) == b"\x11\x13\x00"
    assert list(port.last_frames) == ["< ff 68 0a 0d 03", "> 11 13 00"]
    await port.close()


async def test_a_cancelled_read_loses_nothing(terminal: tuple[int, str]) -> None:
    near, name = terminal
    port = await open_port(name)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await port.read()
    os.write(near, b"\x0c")
    assert await port.read() == b"\x0c"
    await port.close()


async def test_a_second_user_is_told_who_has_the_port(terminal: tuple[int, str]) -> None:
    port = await open_port(terminal[1], holder="counter 3 keypad")
    with pytest.raises(PortBusy, match="counter 3 keypad"):
        await open_port(terminal[1])
    await port.close()
    await (await open_port(terminal[1])).close()


async def test_a_port_held_by_another_program_names_its_process(terminal: tuple[int, str]) -> None:
    holds = "import serial,sys; s=serial.Serial(sys.argv[1],exclusive=True); print('open',flush=True); sys.stdin.read()"
    other = await asyncio.create_subprocess_exec(
        sys.executable, "-c", holds, terminal[1], stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    assert other.stdout
    assert other.stdin
    await within(20, other.stdout.readline())
    with pytest.raises(PortBusy) as caught:
        await open_port(terminal[1])
    assert f"pid {other.pid} (" in caught.value.holder
    other.stdin.close()
    await other.wait()


async def test_a_missing_port_is_missing(tmp_path: Path) -> None:
    with pytest.raises(PortMissing):
        await open_port(str(tmp_path / "ttyUSB9"))


async def test_a_file_that_is_no_terminal_is_missing(tmp_path: Path) -> None:
    (tmp_path / "not-a-tty").write_bytes(b"")
    with pytest.raises(PortMissing):
        await open_port(str(tmp_path / "not-a-tty"))


async def test_the_errno_of_a_denied_port_says_dialout(monkeypatch: pytest.MonkeyPatch) -> None:
    import serial

    def denied(*args: object, **kwargs: object) -> None:
        raise serial.SerialException(13, "could not open port /dev/ttyUSB0: Permission denied")

    monkeypatch.setattr(serial, "Serial", denied)
    with pytest.raises(PortDenied, match="dialout"):
        await open_port("/dev/ttyUSB0")


async def test_an_unplugged_terminal_is_lost_with_its_last_frames(terminal: tuple[int, str]) -> None:
    near, name = terminal
    port = await open_port(name)
    await port.write(b"\x10\x04\x01")
    os.close(near)
    with pytest.raises(PortLost, match="> 10 04 01"):
        await within(5, port.read())
    with pytest.raises(PortLost):
        await port.write(b"\x00")
    await port.close()


async def test_writers_take_turns_and_no_frame_is_torn(terminal: tuple[int, str]) -> None:
    near, name = terminal
    port = await open_port(name)
    frames = [bytes((n,)) * 40 for n in range(50)]
    await asyncio.gather(*map(port.write, frames))
    taken = b""
    while len(taken) < 2000:
        taken += os.read(near, 4096)
    assert taken == b"".join(frames)
    await port.close()


async def test_a_network_port_that_hangs_up_is_lost() -> None:
    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"\x12")
        writer.close()

    async with await asyncio.start_server(hang_up, "127.0.0.1", 0) as server:
        port = await open_port(f"socket://127.0.0.1:{server.sockets[0].getsockname()[1]}")
        assert await port.read() == b"\x12"
        with pytest.raises(PortLost, match="hung up"):
            await port.read()
        await port.close()


async def test_a_network_port_where_nobody_listens_is_missing() -> None:
    server = await asyncio.start_server(lambda reader, writer: None, "127.0.0.1", 0)
    number = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    with pytest.raises(PortMissing, match="cannot be reached"):
        await open_port(f"socket://127.0.0.1:{number}")


@pytest.mark.parametrize("url", ["gopher://x", "socket://host", "usb://zz", "ttyUSB0"])
async def test_what_is_no_port_is_a_wrong_setting(url: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        await open_port(url)


async def test_a_twin_is_found_only_by_its_name() -> None:
    port = await open_port("twin:printer")
    await port.write(b"\x10\x04\x01")
    assert await port.read() == b"\x12"
    await port.close()
    with pytest.raises(PortMissing, match="no twin 'toaster'"):
        await open_port("twin:toaster")


async def test_a_file_takes_bytes_at_its_end_and_never_answers(tmp_path: Path) -> None:
    path = tmp_path / "printer.bin"
    path.write_bytes(b"old ")
    port = await open_port(f"file://{path}")
    await port.write(b"new")
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await port.read()
    await port.close()
    assert path.read_bytes() == b"old new"


async def test_loop_echoes() -> None:
    port = await open_port("loop://")
    await port.write(b"abc")
    assert await port.read() == b"abc"
    await port.close()


class Log:
    """What tend told, and the pauses it made (none of them slept)."""

    def __init__(self) -> None:
        self.states: list[tuple[str, type[DeviceError] | None]] = []
        self.pauses: list[float] = []
        self.slept_enough = asyncio.Event()

    def on_state(self, state: str, fault: DeviceError | None) -> None:
        self.states.append((state, type(fault) if fault else None))

    async def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        if len(self.pauses) == 8:
            self.slept_enough.set()
        await asyncio.sleep(0)


async def test_tend_waits_longer_and_longer_and_tells_once(tmp_path: Path) -> None:
    log = Log()

    async def session(port: Port) -> None:
        await port.read()

    tending = asyncio.create_task(tend(str(tmp_path / "no"), session, on_state=log.on_state, sleep=log.sleep))
    async with asyncio.timeout(5):
        await log.slept_enough.wait()
    tending.cancel()
    assert log.pauses[:8] == [0.2, 0.4, 0.8, 1.6, 2.0, 2.0, 2.0, 2.0]
    assert log.states == [("faulty", PortMissing)]


async def test_a_server_that_hangs_up_at_once_is_one_fault_and_not_one_after_the_other() -> None:
    """As serial servers do that have another client: each new try opens, and is lost before a byte came."""
    log = Log()

    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.transport.abort()

    async def session(port: Port) -> None:
        await port.read()

    async with await asyncio.start_server(hang_up, "127.0.0.1", 0) as server:
        url = f"socket://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        tending = asyncio.create_task(tend(url, session, on_state=log.on_state, sleep=log.sleep))
        async with asyncio.timeout(5):
            await log.slept_enough.wait()
        tending.cancel()
        await asyncio.gather(tending, return_exceptions=True)
    assert log.states == [("fine", None), ("faulty", PortLost)]


async def test_tend_finds_the_port_again_when_it_comes_back() -> None:
    log = Log()
    sessions: asyncio.Queue[Port] = asyncio.Queue()

    async def session(port: Port) -> None:
        sessions.put_nowait(port)
        await port.write(b"x")
        while True:
            if await port.read() == b"x":
                raise BadFrame("the test's own", url=port.url)

    tending = asyncio.create_task(tend("loop://", session, on_state=log.on_state, sleep=log.sleep))
    async with asyncio.timeout(5):
        first, second = await sessions.get(), await sessions.get()
        await log.slept_enough.wait()
    tending.cancel()
    assert first is not second
    assert log.states[:3] == [("fine", None), ("faulty", BadFrame), ("fine", None)]
    assert log.pauses[0] == 0.2
