"""Any order of the queue's verbs against a plain model: no ticket lost, none in two places, order kept."""

import asyncio
import shutil
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from hub.problems import NotAllowed
from tests.unit.hub.desk import Desk

COUNTERS = st.sampled_from(["1", "2", "3", "4"])
SERVICES = st.sampled_from(["A", "B", "G"])


class Queue(RuleBasedStateMachine):
    """The model: what waits in order of arrival with its head start, who is at which counter, what is over."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="hall-machine-"))
        self.loop = asyncio.new_event_loop()
        self.desk: Desk = self.run(
            Desk.open(self.folder / "hall.db", {"queue": {"recall_most": 1000, "recall_interval_seconds": 0}})
        )
        self.serves = {code: set(counter.services) for code, counter in self.desk.hall.counters.items()}
        self.open = {"1", "2", "4"}
        for counter in sorted(self.open):
            self.run(self.desk.open_counter(counter))
        self.waiting: dict[str, tuple[float, int, str]] = {}
        self.at: dict[str, str] = {}
        self.over: dict[str, str] = {}
        self.minute = 0.0

    def run(self, work: Any) -> Any:
        return self.loop.run_until_complete(work)

    def teardown(self) -> None:
        self.desk.store.close()
        self.loop.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    @rule(minutes=st.sampled_from([0, 1, 7, 20]))
    def time_passes(self, minutes: int) -> None:
        self.minute += minutes
        self.desk.clock.forward(minutes=minutes)

    @rule(service=SERVICES, elderly=st.booleans())
    def one_takes(self, service: str, elderly: bool) -> None:
        self.take(service, elderly=elderly)

    def take(self, service: str, *, elderly: bool) -> None:
        ticket = self.run(self.desk.take(service, priority="elderly" if elderly else None))
        place = (self.minute - (15 if elderly else 0), int(ticket.number[1:]), service)
        assert ticket.ahead == sum(other < place for other in self.waiting.values() if other[2] == service)
        self.waiting[ticket.id] = place

    @rule(service=SERVICES, many=st.integers(2, 4))
    def several_take(self, service: str, many: int) -> None:
        for _ in range(many):
            self.take(service, elderly=False)

    @rule(counter=COUNTERS)
    def open_or_close(self, counter: str) -> None:
        if counter not in self.open:
            self.run(self.desk.open_counter(counter))
            self.open.add(counter)
        elif counter not in self.at:
            self.run(self.desk.close_counter(counter))
            self.open.discard(counter)
        else:
            self.refused(self.desk.close_counter(counter))

    @rule(counter=COUNTERS, finish_current=st.booleans())
    def next(self, counter: str, finish_current: bool) -> None:
        if counter not in self.open or (counter in self.at and not finish_current):
            self.refused(self.desk.next(counter, finish_current=finish_current))
            return
        called = self.run(self.desk.next(counter, finish_current=finish_current))
        if counter in self.at:
            self.over[self.at.pop(counter)] = "finished"
        fits = {ticket: place for ticket, place in self.waiting.items() if place[2] in self.serves[counter]}
        if not fits:
            assert called is None
            return
        first = min(fits.values())[:2]
        assert self.waiting.pop(called.id)[:2] == first
        self.at[counter] = called.id

    @precondition(lambda self: self.at)
    @rule(data=st.data(), verb=st.sampled_from(["start", "recall", "finish", "no_show"]))
    def serve(self, data: st.DataObject, verb: str) -> None:
        counter = data.draw(st.sampled_from(sorted(self.at)))
        ticket = self.at[counter]
        state = self.run(self.desk.ticket(ticket)).state
        if verb in ("start", "no_show") and state == "serving":
            self.refused(getattr(self.desk, verb)(counter))
            return
        self.run(getattr(self.desk, verb)(counter))
        if verb in ("finish", "no_show"):
            self.over[self.at.pop(counter)] = "finished" if verb == "finish" else "no_show"

    @precondition(lambda self: self.waiting)
    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        ticket = data.draw(st.sampled_from(sorted(self.waiting)))
        self.run(self.desk.cancel(ticket))
        self.over[ticket] = "cancelled"
        del self.waiting[ticket]

    def refused(self, work: Any) -> None:
        try:
            self.run(work)
        except NotAllowed:
            return
        raise AssertionError("it should have been refused")

    @invariant()
    def every_ticket_is_in_exactly_one_place(self) -> None:
        states = dict(self.run(self.desk.rows("SELECT id, state FROM ticket")))
        assert {ticket for ticket, state in states.items() if state == "waiting"} == set(self.waiting)
        assert {ticket for ticket, state in states.items() if state in ("called", "serving")} == set(self.at.values())
        assert {ticket: state for ticket, state in states.items() if ticket in self.over} == self.over
        assert len(states) == len(self.waiting) + len(self.at) + len(self.over)


Queue.TestCase.settings = settings(
    max_examples=25, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
)
test_any_order_of_verbs = Queue.TestCase
