"""The printer twin against bytes written here, not by our encoder."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.twins.escpos_lexer import FIXED, VARIABLE, Lexer, Text, Token
from devices.twins.printer import PrinterTwin

HELLO = "1b40 1c26 c7eb41303035 0a 1d564200"


class Cable:
    """A printer with one connection, and what came back through it."""

    def __init__(self, *faults: str, paper_mm: int = 80) -> None:
        self.answers = b""
        self.timers: list[Callable[[], None]] = []
        self.printer = PrinterTwin(
            58 if paper_mm == 58 else 80, faults=faults, later=lambda seconds, call: self.timers.append(call)
        )
        self._connection = self.printer.attach(self._hear)

    def _hear(self, data: bytes) -> None:
        self.answers += data

    def send(self, data: str) -> bytes:
        """What came back for it."""
        before = len(self.answers)
        self._connection.receive(bytes.fromhex(data))
        return self.answers[before:]

    def lines(self) -> list[str]:
        return [line for slip in self.printer.slips for line in slip.text_lines]


def status(cable: Cable) -> str:
    return "".join(cable.send(f"1004{n:02x}").hex() for n in (1, 2, 3, 4))


def test_chinese_comes_out_in_chinese() -> None:
    cable = Cable()
    cable.send(HELLO)
    assert cable.lines() == ["请A005"]
    assert cable.printer.slips[0].cut == "partial"


def test_with_chinese_mode_off_the_same_bytes_are_code_page_letters() -> None:
    cable = Cable()
    cable.send("1c2e c7eb 0a 1d5600")
    assert cable.lines() == [bytes.fromhex("c7eb").decode("cp437")]
    assert cable.printer.slips[0].cut == "full"


def test_four_byte_characters_have_no_glyph() -> None:
    cable = Cable()
    cable.send("𠮷".encode("gb18030").hex() + "0a 1d5601")
    assert "𠮷" not in cable.lines()[0]


def test_a_long_line_wraps_at_the_edge_of_the_paper() -> None:
    cable = Cable(paper_mm=58)
    cable.send("41" * 40 + "0a 1d5601")
    assert [len(line) for line in cable.lines()] == [32, 8]


@pytest.mark.parametrize(
    ("faults", "answers"),
    [
        ((), "12121212"),
        (("near-end",), "1212121e"),
        (("paper-out",), "1a32127e"),
        (("cover-open",), "1a161212"),
        (("offline",), "1a121212"),
        (("cutter",), "1a521a12"),
        (("mute",), ""),
    ],
)
def test_dle_eot_is_answered_as_the_manuals_say(faults: tuple[str, ...], answers: str) -> None:
    assert status(Cable(*faults)) == answers


@pytest.mark.parametrize("fault", ["paper-out", "cover-open", "offline", "cutter"])
def test_a_blocked_job_is_held_and_comes_out_once_when_the_block_is_gone(fault: str) -> None:
    cable = Cable(fault)
    assert cable.send(HELLO + "1d7201") == b""
    assert cable.lines() == []
    cable.printer.set_faults(off=[fault])
    assert cable.lines() == ["请A005"]
    assert cable.answers == b"\x00"


def test_status_is_answered_while_a_job_is_held() -> None:
    cable = Cable("paper-out")
    cable.send(HELLO)
    assert cable.send("100404") == b"\x7e"


def test_paper_ends_in_the_middle_of_a_ticket_and_the_rest_follows_later() -> None:
    cable = Cable("paper-out-mid-ticket")
    cable.send("410a420a430a440a450a460a 1d564200 1d7201")
    assert [row.text for row in cable.printer.hanging.rows if hasattr(row, "text")] == ["A", "B", "C", "D"]
    assert cable.answers == b""
    cable.printer.set_faults(off=["paper-out"])
    assert cable.lines() == ["A", "B", "C", "D", "E", "F"]
    assert cable.answers == b"\x00"


def test_held_data_can_be_thrown_away() -> None:
    for order in ("100502", "101408 01031401060208"):
        cable = Cable("paper-out")
        cable.send(HELLO + order)
        cable.printer.set_faults(off=["paper-out"])
        assert cable.lines() == []


def test_a_status_question_inside_another_command_is_eaten_by_it() -> None:
    cable = Cable()
    assert cable.send("1d7630 00 0100 0300 100401") == b""


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("1d7201", "00"),
        ("1d7231", "00"),
        ("1d2848 0600 3030 41424344", "37224142434400"),
        ("1d4943", b"_TWIN-80\x00".hex()),
        ("1d610f", "10000000"),
    ],
)
def test_queued_questions_are_answered(asked: str, answer: str) -> None:
    assert Cable().send(asked).hex() == answer


def test_automatic_status_is_sent_on_each_change_until_reset() -> None:
    cable = Cable()
    cable.send("1d610f")
    cable.printer.set_faults(on=["near-end"])
    assert cable.answers.hex() == "10000000" + "10000300"
    cable.send("1b40")
    cable.printer.set_faults(off=["near-end"])
    assert cable.answers.hex() == "10000000" + "10000300"


def test_a_slow_printer_prints_row_by_row() -> None:
    cable = Cable("slow")
    cable.send(HELLO + "1d7201")
    assert cable.lines() == []
    while cable.timers:
        cable.timers.pop()()
    assert cable.lines() == ["请A005"]
    assert cable.answers == b"\x00"


OTHERS = (
    "1b2108 1b4501 1b2d02 1b6405 1b4a10 1b32 1b331e 1b7402 1b2a2101 00ff00ff 1d2111 1d4201 1d6850 1d7702 1d4802"
    "1d6b49067b4241303035 1d6b0441303035 00 1c2108 1c5701 1c530000 1c2e 1c26 1b420302 1b2841 0400 30330101 1b69 1b6d"
    "1b44 08 10 00 1d4c0000 1d574002 1b70003232 1d284c 0b00 3070 3001013108000100 80 1d284c 0200 3032 1d384c 0b000000"
    "3070 3001013108000100 80 1f 1b07 1d5600"
)


def test_other_commands_of_the_manuals_pass_and_unknown_ones_are_told() -> None:
    cable = Cable()
    cable.send(OTHERS + HELLO)
    assert cable.lines()[-1] == "请A005"
    assert cable.printer.unknown == [b"\x1f", b"\x1b\x07"]
    assert cable.printer.slips[0].codes == ["A005", "A005"]


@given(st.binary(max_size=80), st.integers(0, 80))
def test_the_cut_of_the_bytes_does_not_matter(noise: bytes, at: int) -> None:
    data = noise + bytes.fromhex(OTHERS)
    whole, halves = Lexer(), Lexer()
    assert _joined([*halves.feed(data[:at]), *halves.feed(data[at:])]) == _joined(list(whole.feed(data)))


COMMANDS = st.builds(
    lambda name, sizes, rest: name + sizes + rest,
    st.sampled_from([*FIXED, *VARIABLE, b"\x1d(k", b"\x1d(L", b"\x1d(H", b"\x1d8L"]),
    st.sampled_from([b"", b"\x02\x00", b"\x03\x001C", b"\x03\x001Q", b"\x05\x001P0", b"\x0a\x000p0", b"\x00\x00"]),
    st.binary(max_size=12),
)


@given(st.lists(COMMANDS, max_size=12).map(b"".join))
def test_no_bytes_break_the_printer(data: bytes) -> None:
    cable = Cable()
    cable.send(data.hex())
    for slip in cable.printer.slips:
        cable.printer.picture(slip.number)
    cable.printer.picture(cable.printer.hanging.number)


def test_a_fault_that_does_not_exist_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="no fault 'on-fire'"):
        Cable("on-fire")


def _joined(tokens: list[Token]) -> list[object]:
    """Text may come in pieces."""
    joined: list[object] = []
    for token in tokens:
        if isinstance(token, Text) and joined and isinstance(joined[-1], bytes):
            joined[-1] += token.data
        else:
            joined.append(token.data if isinstance(token, Text) else token)
    return joined
