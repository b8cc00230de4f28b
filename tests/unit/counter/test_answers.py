"""What a tablet's answer counts for, beside the keys of an evaluator."""

import pytest

from counter.evaluating import Asking, Evaluation, NoEvaluation, Repeat, answered, invited, pressed
from counter.evaluations import Answer
from counter.tablet.desk import answer_of
from counter.tablet.page import page_for
from hub.wire import LEVELS, Invite

ASKED = invited(Asking(), Invite(visit="v1", counter="1", number="A001", seconds=60), at=0.0, window_s=60.0)


def test_it_counts_once_and_the_same_again_is_the_same() -> None:
    asking, first = answered(ASKED, "v1", "satisfied", at=5.0)
    assert first == Evaluation("v1", "A001", "satisfied")
    assert answered(asking, "v1", "satisfied", at=6.0)[1] == Repeat("v1")
    assert answered(asking, "v1", "dissatisfied", at=6.0)[1] == NoEvaluation("second_press")
    assert pressed(asking, 1, LEVELS, at=6.0)[1] == NoEvaluation("second_press")


def test_after_a_key_it_is_a_second_answer() -> None:
    asking, _ = pressed(ASKED, 1, LEVELS, at=5.0)
    assert answered(asking, "v1", "satisfied", at=6.0)[1] == NoEvaluation("second_press")


def test_too_late_or_about_another_visit_it_is_none() -> None:
    assert answered(ASKED, "v1", "satisfied", at=60.0)[1] == NoEvaluation("too_late")
    assert answered(ASKED, "v2", "satisfied", at=5.0)[1] == NoEvaluation("not_invited")
    assert answered(Asking(), "v1", "satisfied", at=5.0)[1] == NoEvaluation("not_invited")


@pytest.mark.parametrize(
    ("values", "answer"),
    [
        ((1,), Answer("v", "satisfied")),
        ((4,), Answer("v", "very_dissatisfied")),
        ((0, 0, 0, 0), Answer("v", "very_satisfied")),
        ((0, 3, 1, 4), Answer("v", "very_dissatisfied", ("完成质量", "廉洁自律"))),
        ((0, 5, 0, 0), None),
        ((), None),
    ],
)
def test_the_worst_of_several_parts_is_the_answer(values: tuple[int, ...], answer: Answer | None) -> None:
    assert answer_of("v", values, LEVELS) == answer


def test_the_buttons_say_the_place_of_their_level_whatever_the_order_of_the_keys() -> None:
    page = page_for("A<1>", "3", "大厅 & 中心", tuple(reversed(LEVELS)), "zh")
    assert 'class="very_satisfied" data-value="4"' in page
    assert "A&lt;1&gt;" in page
    assert "大厅 &amp; 中心" in page
    assert page.index("非常满意") < page.index("非常不满意")
    assert "[[" not in page
