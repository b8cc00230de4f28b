"""What ports promise on every wire: order, bounds, datagrams, RFC 2217, and nothing personal in any error."""

import asyncio
import os
import socket
import time
import tty
from pathlib import Path

import pytest

from devices.errors import BadFrame, DeviceSilent, PortLost
from devices.keypad_ff68 import Ff68Bus
from devices.keypad_ff68_frames import Key
from devices.ports import WRITES_WAITING, Port, open_port, tend
from devices.transports.pipe import Inbox, LocalPipe
from devices.twins.bench import ff68_bench
from tests.live.rfc2217_bridge import rfc2217_bridge

of_pyserial = pytest.mark.filterwarnings("ignore:set(Daemon|Name)..:DeprecationWarning")
"""Its RFC 2217 client still calls threads' old names."""


async def test_each_datagram_is_one_read_and_goes_to_one_address() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as wall:
        wall.bind(("127.0.0.1", 0))
        async with await open_port(f"udp://127.0.0.1:{wall.getsockname()[1]}") as port:
            await port.write(b"\x41\x00 pixels")
            data, sender = wall.recvfrom(100)
            wall.sendto(b"one", sender)
            wall.sendto(b"two", sender)
            assert [data, await port.read(), await port.read()] == [b"\x41\x00 pixels", b"one", b"two"]


async def test_a_datagram_nobody_listens_for_is_a_lost_port() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as gone:
        gone.bind(("127.0.0.1", 0))
        number = gone.getsockname()[1]
    async with asyncio.timeout(5), await open_port(f"udp://127.0.0.1:{number}") as port:
        await port.write(b"\x41")
        with pytest.raises(PortLost, match="refused"):
            await port.read()


class StuckPipe(LocalPipe):
    """Takes nothing until it is let."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []
        self.let = asyncio.Event()
        super().__init__(Inbox(), self.taken.append)

    async def send(self, data: bytes) -> None:
        await self.let.wait()
        await super().send(data)


async def test_a_stuck_device_holds_its_writers_back_and_takes_frames_in_their_order() -> None:
    pipe = StuckPipe()
    async with Port(pipe, "test:") as port:
        frames = [bytes((n,)) for n in range(WRITES_WAITING + 10)]
        writing = [asyncio.create_task(port.write(frame)) for frame in frames]
        for _ in range(5):
            await asyncio.sleep(0)
        assert port._waiting.qsize() == WRITES_WAITING
        pipe.let.set()
        await asyncio.gather(*writing)
        assert pipe.taken == frames


async def test_what_a_private_port_read_is_in_no_error_whoever_raises_it(caplog: pytest.LogCaptureFixture) -> None:
    personal = "张三 110101199003078515".encode("utf-16-le")
    inbox = Inbox()
    inbox.deliver(personal)

    async def card_reader() -> None:
        async with Port(LocalPipe(inbox, lambda data: None), "test:", private=True) as port:
            await port.write(b"\xaa\xaa\xaa\x96\x69")
            data = await port.read()
            port.note("< SAM answers 90")
            raise BadFrame("wrong sum", data=data, frames=[data.hex(" ")])

    with pytest.raises(BadFrame) as caught:
        await card_reader()
    assert caught.value.frames == (
        "> aa aa aa 96 69",
        f"< ({len(personal)} bytes, personal: not shown)",
        "< SAM answers 90",
    )
    assert caught.value.data == b""
    assert personal.hex(" ")[:20] not in str(caught.value)


async def test_every_error_of_a_session_carries_url_and_last_frames() -> None:
    told: list[DeviceSilent] = []
    enough = asyncio.Event()

    async def session(port: Port) -> None:
        await port.write(b"\x05")
        await port.read()
        raise DeviceSilent

    def on_state(state: str, fault: object) -> None:
        if isinstance(fault, DeviceSilent):
            told.append(fault)
            enough.set()

    tending = asyncio.create_task(tend("loop://", session, on_state=on_state))
    async with asyncio.timeout(5):
        await enough.wait()
    tending.cancel()
    assert (told[0].url, told[0].frames) == ("loop://", ("> 05", "< 05"))


@of_pyserial
async def test_a_serial_port_of_another_machine_carries_bytes_both_ways_at_its_baud_rate() -> None:
    near, far = os.openpty()
    tty.setraw(far)
    async with (
        asyncio.timeout(20),
        rfc2217_bridge(os.ttyname(far)) as bridge,
        await open_port(bridge.url, baud=19200) as port,
    ):
        sent = bytes(range(256))  # 255 is telnet's own escape
        await port.write(sent)
        taken = b""
        while len(taken) < len(sent):
            taken += await asyncio.to_thread(os.read, near, 4096)
        assert taken == sent
        os.write(near, sent)
        heard = b""
        while len(heard) < len(sent):
            heard += await port.read()
        assert heard == sent
        assert set(bridge.bauds) == {19200}
        bridge.pull_network()
        with pytest.raises(PortLost):
            await port.read()
    os.close(near)
    os.close(far)


@of_pyserial
async def test_a_keypad_behind_a_serial_server_is_back_after_its_network_was_pulled(tmp_path: Path) -> None:
    keys: asyncio.Queue[Key] = asyncio.Queue()
    opened: asyncio.Queue[str] = asyncio.Queue()

    async def rated(address: int, value: int) -> None: ...

    async def session(port: Port) -> None:
        await Ff68Bus(port, on_key=keys.put, on_evaluation=rated, clock=time.monotonic).run()

    def on_state(state: str, fault: object) -> None:
        if state == "fine":
            opened.put_nowait(state)

    async with ff68_bench(link=tmp_path) as bench, rfc2217_bridge(bench.urls[0]) as bridge, asyncio.timeout(20):
        tending = asyncio.create_task(tend(bridge.url, session, on_state=on_state))
        await opened.get()
        bench.lines[0].press(1, b"\x0c")
        assert (await keys.get()).code == 0x0C
        bridge.pull_network()
        async with asyncio.timeout(3):
            await opened.get()
        bench.lines[0].press(1, b"\x03\x0f")
        assert (await keys.get()).digits == (3,)
        assert keys.empty()
        tending.cancel()
        await asyncio.wait([tending])
