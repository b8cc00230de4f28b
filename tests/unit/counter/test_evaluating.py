"""Invitations and presses: exactly the first press inside an open invitation is an evaluation."""

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counter.evaluating import Asking, Evaluation, NoEvaluation, Repeat, invited, pressed
from hub.wire import LEVELS, Invite, Level

WINDOW_S = 10.0


def an_invite(visit: str = "v1") -> Invite:
    return Invite(visit=visit, counter="3", number="A007", seconds=WINDOW_S)


def asked(visit: str = "v1", *, at: float = 100.0, before: Asking = Asking()) -> Asking:
    return invited(before, an_invite(visit), at=at, window_s=WINDOW_S)


@pytest.mark.parametrize(("value", "level"), list(enumerate(LEVELS)))
def test_a_press_is_the_level_of_its_key(value: int, level: Level) -> None:
    _, outcome = pressed(asked(), value, LEVELS, at=103.0)
    assert outcome == Evaluation("v1", "A007", level)


def test_a_counter_may_have_other_keys() -> None:
    levels: tuple[Level, ...] = ("very_dissatisfied", "satisfied")
    _, outcome = pressed(asked(), 0, levels, at=103.0)
    assert outcome == Evaluation("v1", "A007", "very_dissatisfied")


@pytest.mark.parametrize(
    ("asking", "value", "at", "reason"),
    [
        (Asking(), 0, 100.0, "not_invited"),
        (asked(at=100.0), 0, 110.0, "too_late"),
        (asked(at=100.0), 5, 101.0, "no_level"),
        (asked(at=100.0), -1, 101.0, "no_level"),
    ],
)
def test_a_press_that_is_no_evaluation(asking: Asking, value: int, at: float, reason: str) -> None:
    after, outcome = pressed(asking, value, LEVELS, at=at)
    assert outcome == NoEvaluation(reason)  # type: ignore[arg-type]
    assert after == asking


def test_an_unmapped_press_leaves_the_invitation_open() -> None:
    asking, _ = pressed(asked(), 9, LEVELS, at=101.0)
    assert isinstance(pressed(asking, 1, LEVELS, at=102.0)[1], Evaluation)


def test_the_device_sending_again_is_the_same_press() -> None:
    asking, _ = pressed(asked(), 2, LEVELS, at=101.0)
    asking, again = pressed(asking, 2, LEVELS, at=102.0)
    assert again == Repeat("v1")
    assert pressed(asking, 2, LEVELS, at=103.0)[1] == Repeat("v1")


def test_a_second_thought_does_not_count() -> None:
    asking, _ = pressed(asked(), 2, LEVELS, at=101.0)
    assert pressed(asking, 4, LEVELS, at=102.0)[1] == NoEvaluation("second_press")


def test_a_newer_invitation_takes_the_place_of_the_older() -> None:
    asking = asked("v2", at=105.0, before=asked("v1"))
    assert pressed(asking, 0, LEVELS, at=112.0)[1] == Evaluation("v2", "A007", "very_satisfied")


def test_the_next_citizen_may_press_the_same_key() -> None:
    asking, _ = pressed(asked("v1"), 0, LEVELS, at=101.0)
    asking = asked("v2", at=101.2, before=asking)
    assert pressed(asking, 0, LEVELS, at=101.4)[1] == Evaluation("v2", "A007", "very_satisfied")


def test_a_frame_sent_again_across_two_invitations_is_not_the_next_citizens_press() -> None:
    asking, _ = pressed(asked("v1"), 0, LEVELS, at=101.0)
    asking = asked("v2", at=101.2, before=asking)
    assert pressed(asking, 0, LEVELS, at=101.25)[1] == Repeat("v1")


def test_an_invitation_told_again_neither_starts_anew_nor_opens_a_second_press() -> None:
    asking = asked("v1", at=108.0, before=asked("v1", at=100.0))
    assert pressed(asking, 0, LEVELS, at=111.0)[1] == NoEvaluation("too_late")
    asking, _ = pressed(asked("v1"), 0, LEVELS, at=101.0)
    assert asked("v1", at=102.0, before=asking) == asking


def test_an_old_answer_is_not_repeated_when_nobody_is_asked_any_more() -> None:
    asking, _ = pressed(asked(), 2, LEVELS, at=101.0)
    assert pressed(asking, 2, LEVELS, at=140.0)[1] == NoEvaluation("second_press")


@dataclass
class Counter:
    """The agent's evaluator with a disk that survives restarts."""

    asking: Asking = field(default_factory=Asking)
    disk: list[str] = field(default_factory=list)

    def invite(self, visit: str, now: float) -> None:
        if visit not in self.disk:
            self.asking = asked(visit, at=now, before=self.asking)

    def press(self, value: int, now: float) -> None:
        self.asking, outcome = pressed(self.asking, value, LEVELS, at=now)
        if isinstance(outcome, Evaluation):
            self.disk.append(outcome.visit)


@dataclass
class Truth:
    """What happened, told independently: who was asked last, until when, and whether they have answered."""

    visit: str | None = None
    until: float = 0.0
    expected: list[str] = field(default_factory=list)

    def invite(self, visit: str, now: float) -> None:
        if visit != self.visit and visit not in self.expected:
            self.visit, self.until = visit, now + WINDOW_S

    def press(self, value: int, now: float) -> None:
        if self.visit and self.visit not in self.expected and now < self.until and 0 <= value < len(LEVELS):
            self.expected.append(self.visit)


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("invite"), st.integers(1, 6)),
        st.tuples(st.just("press"), st.integers(-1, 6)),
        st.tuples(st.just("sent_again"), st.integers(0, 0)),
        st.tuples(st.just("restart"), st.integers(0, 0)),
        st.tuples(st.just("wait"), st.integers(1, 150)),
    ),
    max_size=60,
)


@given(STEPS)
def test_exactly_the_first_press_inside_an_open_invitation_is_an_evaluation(steps: list[tuple[str, int]]) -> None:
    """Whatever is pressed, sent again, asked, waited for and restarted. People take 0.2 s to read a question."""
    counter, truth, now, last = Counter(), Truth(), 0.0, -1
    for step, number in steps:
        now += 0.2
        if step == "wait":
            now += number / 10
        elif step == "restart":
            counter.asking, truth.visit = Asking(), None
        elif step == "invite":
            counter.invite(f"v{number}", now)
            truth.invite(f"v{number}", now)
        elif step == "press":
            last = number
            counter.press(number, now)
            truth.press(number, now)
        elif truth.visit in truth.expected:  # the device repeats what is on the disk but was not answered
            counter.press(last, now + 0.01)
    assert counter.disk == truth.expected
