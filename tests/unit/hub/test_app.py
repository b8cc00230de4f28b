"""What the hub does by itself, and in which order it tells what was done."""

import asyncio
from collections.abc import Callable, Iterator
from inspect import iscoroutinefunction
from types import SimpleNamespace
from typing import Any

from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts

from hub.app import create_app
from hub.board import Board
from hub.painter import Painter
from hub.problems import StoreUnavailable
from hub.settings import settings_from
from hub.steps import steadily


async def test_a_step_that_fails_is_taken_again() -> None:
    taken: list[int] = []
    enough = asyncio.Event()

    async def step() -> None:
        taken.append(len(taken))
        if len(taken) == 1:
            raise StoreUnavailable(why="locked")
        if len(taken) == 2:
            raise ZeroDivisionError
        enough.set()

    task = asyncio.create_task(steadily(step, 0))
    async with asyncio.timeout(10):
        await enough.wait()
    task.cancel()
    assert taken[:3] == [0, 1, 2]


def test_no_request_waits_for_a_thread() -> None:
    """A plain function as an endpoint or a dependency is run in a thread pool; that costs more than a ticket."""
    routes = iter_route_contexts(create_app(settings_from({}, origin="test")).routes)
    ours = [route.original_route for route in routes if isinstance(route.original_route, APIRoute)]
    plain = {called for route in ours for called in _called(route.dependant) if not iscoroutinefunction(called)}
    assert len(ours) > 20
    assert plain == set()


def _called(dependant: Dependant) -> Iterator[Callable[..., Any]]:
    if dependant.call:
        yield dependant.call
    for further in dependant.dependencies:
        yield from _called(further)


class Screen:
    def __init__(self, told: list[str]) -> None:
        self._told = told
        self.drew = asyncio.Event()

    def write(self, frame: bytes) -> None:
        self._told.append("the screens")
        self.drew.set()


async def test_whose_verb_it_was_is_answered_before_the_screens_are_told() -> None:
    """Even when the commit's answer and its drawing reach the event loop in one turn."""
    told: list[str] = []
    loop = asyncio.get_running_loop()
    hub: Any = SimpleNamespace(board=Board(), rights_changed=asyncio.Event())
    screen = Screen(told)
    hub.board.join(screen, hub.board.epoch, hub.board.seq)
    committed = loop.create_future()

    async def clerk() -> None:
        await committed
        told.append("the clerk")

    asking = asyncio.create_task(clerk())
    await asyncio.sleep(0)
    loop.call_soon_threadsafe(committed.set_result, None)
    Painter(hub, loop)._send({"calls": [1]}, [])
    async with asyncio.timeout(10):
        await asking
        await screen.drew.wait()
    assert told == ["the clerk", "the screens"]
