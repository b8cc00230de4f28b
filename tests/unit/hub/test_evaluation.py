"""Evaluations: one a visit, only after it, only a citizen's own."""

import pytest

from hub.evaluation.rules import source_of
from hub.problems import AlreadyEvaluated, Forbidden, KeyReused, NotAllowed, Unknown
from tests.unit.hub.desk import Desk


@pytest.fixture
async def visit(desk: Desk) -> str:
    """A finished visit at counter 1."""
    await desk.open_counter("1")
    await desk.take()
    await desk.next("1")
    finished = await desk.finish("1")
    assert finished.visit is not None
    return finished.visit


async def test_a_press_is_stored_with_its_visit(desk: Desk, visit: str) -> None:
    taken = await desk.evaluate(visit, "very_satisfied")
    assert (taken.visit, taken.level) == (visit, "very_satisfied")


async def test_the_same_request_again_gives_the_same_answer_and_stores_nothing(desk: Desk, visit: str) -> None:
    first = await desk.evaluate(visit)
    assert await desk.evaluate(visit) == first
    assert await desk.rows("SELECT count(*) FROM evaluation") == [(1,)]


async def test_a_request_that_says_something_else_under_an_old_id_is_refused_not_lost(desk: Desk, visit: str) -> None:
    await desk.evaluate(visit, "satisfied")
    with pytest.raises(KeyReused):
        await desk.evaluate(visit, "dissatisfied")


async def test_a_second_evaluation_of_a_visit_is_refused(desk: Desk, visit: str) -> None:
    await desk.evaluate(visit)
    with pytest.raises(AlreadyEvaluated):
        await desk.evaluate(visit, "very_dissatisfied", request_id="request-2")
    assert await desk.rows("SELECT level FROM evaluation") == [("satisfied",)]


async def test_a_visit_that_is_not_finished_cannot_be_evaluated(desk: Desk) -> None:
    await desk.open_counter("1")
    await desk.take()
    called = await desk.next("1")
    assert called is not None
    assert called.visit is not None
    with pytest.raises(NotAllowed, match="finished"):
        await desk.evaluate(called.visit)


async def test_a_counter_program_speaks_for_its_own_counter_only(desk: Desk, visit: str) -> None:
    with pytest.raises(Forbidden):
        await desk.evaluate(visit, counter="2")


async def test_an_unknown_visit_is_named(desk: Desk) -> None:
    with pytest.raises(Unknown, match="nowhere"):
        await desk.evaluate("nowhere")


def test_what_staff_typed_in_is_never_a_citizens_own_answer() -> None:
    assert source_of("paper") == "typed"
    assert source_of("keypad") == "citizen"
