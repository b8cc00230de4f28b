"""The FF68 twin against bytes written here, not by our driver."""

from collections.abc import Callable

import pytest

from devices.twins.ff68 import Ff68Line

ASK = "ff 68 03 03 68 01 01 0b 0d 16"
ANSWER_1 = "ff 68 03 03 68 01 01 01 03 16"
PRESS_1 = bytes.fromhex("ff 68 03 03 68 01 11 01 13 16")
CALL = bytes.fromhex("ff 68 03 03 68 01 01 0c 0e 16")


class Cable:
    def __init__(self, *faults: str) -> None:
        self.heard = b""
        self.timers: list[tuple[float, Callable[[], None]]] = []
        self.line = Ff68Line(
            faults=faults, window_s=10, resend_s=1, later=lambda seconds, call: self.timers.append((seconds, call))
        )
        self._end = self.line.attach(self._hear)
        self.evaluator = self.line.evaluators[1]
        self.pad = self.line.pads[1]

    def _hear(self, data: bytes) -> None:
        self.heard += data

    def send(self, data: str) -> None:
        self._end.receive(bytes.fromhex(data))

    def time_over(self, seconds: float) -> None:
        due = [call for after, call in self.timers if after == seconds]
        self.timers = [timer for timer in self.timers if timer[0] != seconds]
        for call in due:
            call()


def test_a_key_goes_out_as_the_source_has_it() -> None:
    cable = Cable()
    cable.line.press(1, b"\x0c")
    assert cable.heard == CALL


def test_the_echo_is_counted() -> None:
    cable = Cable()
    cable.line.press(1, b"\x0c")
    assert (cable.pad.sent, cable.pad.answered) == (1, 0)
    cable.send(CALL.hex())
    assert (cable.pad.sent, cable.pad.answered) == (1, 1)


def test_the_pad_shows_six_digits_and_beeps() -> None:
    cable = Cable()
    cable.send("ff 68 08 08 68 01 02 00 01 02 0a 00 07 17 16 ff 68 02 02 68 01 03 04 16")
    assert (cable.pad.waiting, cable.pad.number, cable.pad.beeps) == ("012", " 07", 1)


def test_nobody_is_asked_without_being_told_to() -> None:
    cable = Cable()
    assert not cable.line.evaluate(1, 1)
    assert (cable.heard, cable.evaluator.refused, cable.evaluator.pressed) == (b"", 1, 0)


def test_one_press_in_an_invitation_counts_and_a_second_is_refused() -> None:
    cable = Cable()
    cable.send(ASK)
    assert cable.line.evaluate(1, 1)
    assert not cable.line.evaluate(1, 4)
    assert cable.heard == PRESS_1
    assert (cable.evaluator.pressed, cable.evaluator.refused, cable.evaluator.unanswered) == (1, 1, 1)


def test_the_host_answers_and_the_press_is_done() -> None:
    cable = Cable()
    cable.send(ASK)
    cable.line.evaluate(1, 1)
    cable.send(ANSWER_1)
    assert cable.evaluator.unanswered == 0


def test_the_echo_of_the_clerks_evaluate_key_asks_the_citizen() -> None:
    cable = Cable()
    cable.line.press(1, b"\x0b")
    cable.send(cable.heard.hex())
    assert cable.evaluator.asking


def test_after_its_window_a_press_is_refused() -> None:
    cable = Cable()
    cable.send(ASK)
    cable.time_over(10)
    assert not cable.line.evaluate(1, 1)
    assert cable.evaluator.refused == 1


def test_a_new_question_outlives_the_window_of_the_old_one() -> None:
    cable = Cable()
    cable.send(ASK)
    old_windows, cable.timers = cable.timers, []
    cable.send(ASK)
    for _, over in old_windows:
        over()
    assert cable.line.evaluate(1, 1)


def test_an_unanswered_press_is_repeated_only_with_the_fault_and_until_it_is_answered() -> None:
    cable = Cable()
    cable.send(ASK)
    cable.line.evaluate(1, 1)
    cable.time_over(1)
    assert cable.heard == PRESS_1
    cable.line.set_faults(on=["resend"])
    cable.time_over(1)
    assert cable.heard == PRESS_1 * 2
    cable.send(ANSWER_1)
    cable.time_over(1)
    assert cable.heard == PRESS_1 * 2


@pytest.mark.parametrize(
    ("fault", "heard"),
    [
        ("mute", b""),
        ("unplugged", b""),
        ("wrong-sum", CALL[:-2] + b"\x0f\x16"),
        ("half-frame", CALL[:5]),
        ("garbage", bytes.fromhex("00 ff 68 07 3c") + CALL),
    ],
)
def test_faults_damage_what_is_sent(fault: str, heard: bytes) -> None:
    cable = Cable(fault)
    cable.line.press(1, b"\x0c")
    assert cable.heard == heard


def test_damaged_frames_of_the_host_are_ignored() -> None:
    cable = Cable()
    cable.send("ff 68 03 03 68 01 01 0b 0e 16 00 ff 68" + ASK)
    assert cable.evaluator.invitations == 1


def test_an_address_that_is_not_there_keeps_still() -> None:
    cable = Cable()
    cable.send("ff 68 03 03 68 07 01 0b 13 16")
    assert cable.evaluator.invitations == 0


def test_what_cannot_be_pressed_is_refused() -> None:
    cable = Cable()
    with pytest.raises(ValueError, match="0 to 4"):
        cable.line.evaluate(1, 5)
    with pytest.raises(ValueError, match="1 to 3 keys"):
        cable.line.press(1, b"")
    with pytest.raises(ValueError, match="no fault 'on-fire'"):
        cable.line.set_faults(on=["on-fire"])
