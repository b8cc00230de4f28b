"""Card reader and scanner against their twins, over pseudo-terminals and TCP, with faults and pulled plugs."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from devices.errors import CardUnreadable, DeviceError
from devices.health import Health
from devices.idcard_sam import IdCardReader
from devices.idcard_sam_frames import IdCard, check_character, frame
from devices.idcard_sam_frames import Parser as SamParser
from devices.ports import PortState, tend
from devices.scanner import Scanner
from devices.scanner_frames import Code, Debounce, Parser
from devices.scanner_hid_frames import HidParser
from devices.trials.trial import Trial, trial_of
from devices.twins.bench import TwinBench, twin_bench
from devices.twins.idcard_sam import SamReader, made_up
from devices.twins.scanner import ScannerTwin

LINK = "http://hall.example/t/AbC-_9xyz"
WIRES = pytest.mark.parametrize("wire", ["tcp", "pty"])


@pytest.fixture
async def reader_twin(tmp_path: Path) -> AsyncIterator[TwinBench]:
    async with twin_bench("idcard-sam", pty=tmp_path / "reader") as bench:
        yield bench


async def until(true: Callable[[], bool], within_s: float = 3.0) -> None:
    async with asyncio.timeout(within_s):
        while True:
            if true():
                return
            await asyncio.sleep(0.01)


class Desk:
    """What a program hears of its reader or scanner, which it looks after as a station does."""

    def __init__(self, url: str, *, scans: bool = False) -> None:
        self.cards: list[IdCard] = []
        self.codes: list[str] = []
        self.troubles: list[CardUnreadable] = []
        self.health = Health()
        self.open = False
        self.reader = IdCardReader(
            on_card=self.cards.append,
            on_trouble=self.troubles.append,
            health=self.health,
            clock=time.monotonic,
            poll_s=0.02,
            reply_timeout_s=0.4,
        )
        self.scanner = Scanner(
            on_code=self.codes.append,
            health=self.health,
            clock=time.monotonic,
            parser=Parser,
            debounce=Debounce(0.0),
        )
        session = self.scanner.session if scans else self.reader.session
        self._work = tend(url, session, on_state=self._on_state, baud=115200)

    def _on_state(self, state: PortState, fault: DeviceError | None) -> None:
        self.open = state == "fine"
        self.health.port(state, fault)

    async def __aenter__(self) -> "Desk":
        self._task = asyncio.create_task(self._work)
        return self

    async def __aexit__(self, *problem: object) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def until_state(self, state: str) -> None:
        await until(lambda: self.health.now.state == state)

    async def until_read(self, count: int) -> None:
        await until(lambda: len(self.cards) >= count)


async def asked_again(bench: TwinBench, times: int = 3) -> None:
    """The reader was asked a few times more."""
    asked = bench.twin.state()["asked"]
    await until(lambda: bench.twin.state()["asked"] >= asked + times)


def url_of(bench: TwinBench, wire: str) -> str:
    return next(url for url in bench.urls if url.startswith("socket") == (wire == "tcp"))


def numbers(cards: list[IdCard]) -> list[str]:
    return [card.number for card in cards]


@WIRES
async def test_a_card_is_read_once_until_it_is_lifted(reader_twin: TwinBench, wire: str) -> None:
    twin = reader_twin.twin
    async with Desk(url_of(reader_twin, wire)) as desk:
        await desk.until_state("fine")
        for told, at in enumerate((3, 3, 4), 1):
            twin.act({"card": at})
            await desk.until_read(told)
            await asked_again(reader_twin, 4)
            twin.act({"card": ""})
            await asked_again(reader_twin)
        assert numbers(desk.cards) == [made_up(at).number for at in (3, 3, 4)]
        assert desk.troubles == []


@WIRES
async def test_cards_laid_while_the_plug_goes_out_and_in_are_read_once_each(reader_twin: TwinBench, wire: str) -> None:
    twin = reader_twin.twin
    async with Desk(url_of(reader_twin, wire)) as desk:
        await desk.until_state("fine")
        for at in range(3):
            twin.act({"card": at})
            if at != 1:  # the second card is laid and the plug pulled at once
                await desk.until_read(at + 1)
            twin.set_faults(on=["unplugged"])
            await desk.until_state("faulty")
            back = time.monotonic()
            twin.set_faults(off=["unplugged"])
            await desk.until_state("fine")
            assert time.monotonic() - back < 3
            await desk.until_read(at + 1)
            await asked_again(reader_twin, 6)
            twin.act({"card": ""})
            await asked_again(reader_twin)
        assert numbers(desk.cards) == [made_up(at).number for at in range(3)]
        assert twin.state()["read"] > 3  # a card that lay there was read again, and not told again


@pytest.mark.parametrize(
    ("fault", "state"),
    [
        ("mute", "silent"),
        ("slow", "silent"),
        ("wrong-sum", "degraded"),
        ("half-frame", "degraded"),
        ("garbage", "degraded"),
        ("wrong-answer", "faulty"),
        ("not-authorised", "faulty"),
    ],
)
async def test_each_fault_is_told_and_a_card_laid_during_it_is_read_afterwards(
    reader_twin: TwinBench, fault: str, state: str
) -> None:
    twin = reader_twin.twin
    async with Desk(reader_twin.urls[0]) as desk:
        await desk.until_state("fine")
        twin.set_faults(on=[fault])
        await desk.until_state(state)
        twin.act({"card": 5})
        twin.set_faults(off=[fault])
        await desk.until_read(1)
        await desk.until_state("fine")
        assert numbers(desk.cards) == [made_up(5).number]


@pytest.mark.parametrize("fault", ["card-removed", "auth-failed"])
async def test_a_card_that_cannot_be_read_is_told_and_read_when_laid_again(reader_twin: TwinBench, fault: str) -> None:
    twin = reader_twin.twin
    async with Desk(reader_twin.urls[0]) as desk:
        twin.set_faults(on=[fault])
        twin.act({"card": 6})
        await until(lambda: bool(desk.troubles))
        assert desk.cards == []
        assert "放置" in desk.troubles[0].message("zh")
        twin.set_faults(off=[fault])
        twin.act({"card": ""})
        await asked_again(reader_twin)
        twin.act({"card": 6})
        await desk.until_read(1)


async def test_a_reading_cut_off_in_the_middle_is_begun_anew(reader_twin: TwinBench) -> None:
    """The answer to READ is cut on its way: the card, already used up, is found again after a reset."""
    twin = reader_twin.twin
    assert isinstance(twin, SamReader)
    whole, cuts = twin.say, iter([True])

    def cut_the_first_reading(frame: bytes, **rest: Any) -> None:
        short = len(frame) == 1295 and next(cuts, False)
        whole(frame[:700] if short else frame, **rest)

    twin.say = cut_the_first_reading  # type: ignore[method-assign]
    async with Desk(reader_twin.urls[0]) as desk:
        twin.act({"card": 8})
        await desk.until_read(1)
        assert (numbers(desk.cards), desk.troubles, twin.read) == ([made_up(8).number], [], 2)


@WIRES
async def test_codes_scanned_while_the_plug_goes_out_and_in_are_heard_once_each(tmp_path: Path, wire: str) -> None:
    twin = ScannerTwin()
    async with twin_bench(twin, pty=tmp_path / "scanner") as bench, Desk(url_of(bench, wire), scans=True) as desk:
        cables = 2 if wire == "tcp" else 1  # the terminal's own is always there
        for at in range(3):
            await until(lambda: desk.open and len(twin.cables) == cables)
            twin.act({"code": f"/t/token-{at}-abcdef"})
            await until(lambda at=at: len(desk.codes) > at)  # type: ignore[misc]
            assert desk.health.now.state == "fine"
            twin.set_faults(on=["unplugged"])
            await desk.until_state("faulty")
            back = time.monotonic()
            twin.set_faults(off=["unplugged"])
            await desk.until_state("silent")
            assert time.monotonic() - back < 3
        assert desk.codes == [f"/t/token-{at}-abcdef" for at in range(3)]


async def test_a_scanner_as_a_keyboard_is_heard() -> None:
    twin, heard = ScannerTwin(hid=True), bytearray()
    twin.attach(heard.extend)
    twin.act({"code": LINK})
    with pytest.raises(ValueError, match="cannot type"):
        twin.act({"code": "预约"})
    [code] = HidParser(long_bytes=8).feed(bytes(heard), 0.0)
    assert isinstance(code, Code)
    assert code.text == LINK


async def test_trials_show_the_end_of_a_number_and_the_beginning_of_a_code(reader_twin: TwinBench) -> None:
    said: list[str] = []
    reader_twin.twin.act({"card": 9})
    await trial_of("idcard-sam")(Trial(reader_twin.urls[0], "zh", said.append, seconds=5))
    person = made_up(9)
    assert said[-1] == f"已读取身份证 尾号 {person.number[-4:]}"
    assert not any(person.number in line or person.name in line for line in said)


@pytest.mark.parametrize(
    ("sent", "answers"),
    [
        ("20 01", ["9f"]),
        ("20 02", ["81"]),
        ("30 01", ["41"]),
        ("20 01 | 30 01", ["9f", "41"]),
        ("20 01 | 20 02 | 20 01", ["9f", "90", "80"]),
        ("20 01 | 20 02 | 30 01 | 30 01", ["9f", "90", "90", "41"]),
        ("20 01 | 20 02 | 10 ff | 20 01", ["9f", "90", "90", "9f"]),
        ("77 01", ["21"]),
        ("! 20 01", ["10"]),
    ],
)
def test_the_twin_is_as_strict_as_the_source_draws_it(sent: str, answers: list[str]) -> None:
    """`!` damages the check byte."""
    twin, heard = SamReader(), bytearray()
    cable = twin.attach(heard.extend)
    twin.act({"card": 1})
    for one in sent.split(" | "):
        raw = bytearray(frame(bytes.fromhex(one.removeprefix("! "))))
        raw[-1] ^= one.startswith("!")
        cable.receive(b"\x00\xaa" + bytes(raw))
    bodies = SamParser().feed(bytes(heard), 0.0)
    assert [f"{body[2]:02x}" for body in bodies if isinstance(body, bytes)] == answers


def test_made_up_citizens_are_right_by_check_character_and_nobody() -> None:
    numbers = {made_up(at).number for at in range(2000)}
    assert len(numbers) == 2000
    assert all(number[17] == check_character(number) and number.startswith("99") for number in numbers)
