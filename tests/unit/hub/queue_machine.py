"""Any order of all verbs, eight clerks at once, against a plain model of the queue.

The model keeps what every ticket and counter should be; whom a counter calls is asked of `calling_order`, the rule in
Python. `desks` gives one desk for each hub process: SQLite has one, PostgreSQL several on the same hall.
"""

import asyncio
import shutil
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from hub.problems import NotAllowed
from hub.queue.calling_order import CounterView, Policy, Waiting, choose, heads
from hub.wire import Ticket
from tests.consistency import consistent
from tests.unit.hub.desk import Desk

MINUTE = 60_000_000
SERVICES = ("A", "B", "C")
HEAD_STARTS = {"ordinary": 0, "elderly": 15, "green": 30}
COUNTERS: dict[str, dict[str, Any]] = {
    "1": {"services": ["A"]},
    "2": {"services": ["A", "B"]},
    "3": {"services": ["B"], "second_services": ["A"]},
    "4": {"services": ["C"], "second_services": ["A", "B"], "second_after_minutes": 10},
    "5": {"services": ["A", "B", "C"]},
    "6": {"services": ["A"], "second_services": ["C"], "second_after_minutes": 0},
    "7": {"services": ["C"]},
    "8": {"services": ["B", "C"]},
}


WHICH = st.integers(0, 99)


def document(policy: str) -> dict[str, Any]:
    return {
        "service": [{"code": c, "prefix": c, "names": {"zh": c}, "estimate_minutes": 5} for c in SERVICES],
        "counter": [{"code": code, **settings} for code, settings in COUNTERS.items()],
        "priority": [{"name": n, "head_start_minutes": m} for n, m in HEAD_STARTS.items() if m],
        "queue": {"policy": policy, "recall_most": 2, "recall_interval_seconds": 0},
    }


@dataclass
class Card:
    """What the model knows of a ticket. `moved`: a person's decision gave it another place."""

    id: str
    service: str
    state: str
    line: str
    lane: Literal["ordinary", "priority"]
    rank_at: int
    serial: int
    issued_at: int
    head_start: int
    day: str
    left: list[str] = field(default_factory=list)
    returns: int = 0
    moved: bool = False
    recalls: int = 0

    def waiting(self) -> Waiting:
        return Waiting(self.id, self.line, self.lane, self.rank_at, self.serial, self.issued_at)


class QueueMachine(RuleBasedStateMachine):
    """`Ticket`s are drawn from what the model knows; a verb the state does not allow must be refused."""

    async def desks(self, folder: Path, document: dict[str, Any]) -> list[Desk]:
        raise AssertionError("each database has its own")

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="hall-machine-"))
        self.loop = asyncio.new_event_loop()
        self.cards: dict[str, Card] = {}
        self.at: dict[str, str] = {}
        self.open: set[str] = set()
        self.away: set[str] = set()
        self.runs = dict.fromkeys(COUNTERS, 0)
        self.numbers: set[tuple[str, str]] = set()
        self.turn = 0

    @initialize(policy=st.sampled_from(["head_start", "proportional"]))
    def begin(self, policy: Literal["head_start", "proportional"]) -> None:
        self.policy = Policy(policy)
        self.all: list[Desk] = self.run(self.desks(self.folder, document(policy)))
        for counter in COUNTERS:
            self.run(self.desk.open_counter(counter))
            self.open.add(counter)

    def run(self, work: Any) -> Any:
        return self.loop.run_until_complete(work)

    @property
    def desk(self) -> Desk:
        """The next process in turn."""
        self.turn += 1
        return self.all[self.turn % len(self.all)]

    def teardown(self) -> None:
        desks: list[Desk] = getattr(self, "all", [])
        try:
            for desk in desks[:1]:
                self.loop.run_until_complete(desk.store.read(lambda reader: consistent(reader.rows)))
        finally:
            for desk in desks:
                desk.store.close()
        self.loop.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def now(self) -> int:
        return round(self.all[0].clock.at.timestamp() * 1_000_000)

    def pick(self, which: int, *states: str) -> Card | None:
        """One of the tickets in these states. What is drawn never depends on ids or on who was faster."""
        cards = [card for card in self.cards.values() if card.state in states]
        return cards[which % len(cards)] if cards else None

    def is_past(self, card: Card) -> bool:
        """A visit goes on over midnight; its ticket joins no queue again."""
        return card.day != self.all[0].hall.day(self.all[0].clock.at)

    def busy(self, which: int) -> str | None:
        """One of the counters that have a citizen."""
        return sorted(self.at)[which % len(self.at)] if self.at else None

    # -- time, takers

    @rule(minutes=st.sampled_from([0, 1, 7, 20]))
    def time_passes(self, minutes: int) -> None:
        for desk in self.all:
            desk.clock.forward(minutes=minutes)

    @rule(service=st.sampled_from(SERVICES), priority=st.sampled_from(sorted(HEAD_STARTS)), many=st.integers(1, 5))
    def some_take_at_once(self, service: str, priority: str, many: int) -> None:
        async def all_of_them() -> list[Ticket]:
            return await asyncio.gather(*(self.desk.take(service, priority=priority) for _ in range(many)))

        for ticket in self.run(all_of_them()):
            self.keep(ticket, HEAD_STARTS[priority])

    @rule(services=st.permutations(SERVICES), many=st.integers(2, 3))
    def one_takes_for_several_services(self, services: list[str], many: int) -> None:
        self.keep(self.run(self.desk.take_in_turn(*services[:many])), 0, services[1:many])

    def keep(self, ticket: Ticket, head_start: int, left: list[str] | None = None) -> None:
        day = ticket.issued_at.date().isoformat()
        assert (day, ticket.number) not in self.numbers, "a number twice"
        self.numbers.add((day, ticket.number))
        counts = head_start if self.policy.kind == "head_start" else 0
        self.cards[ticket.id] = Card(
            ticket.id,
            ticket.service,
            "waiting",
            f"s:{ticket.service}",
            "priority" if head_start else "ordinary",
            self.now - counts * MINUTE,
            int(ticket.number[1:]),
            self.now,
            counts,
            day,
            list(left or ()),
        )

    # -- counters

    @rule(counter=st.sampled_from(sorted(COUNTERS)))
    def open_or_close(self, counter: str) -> None:
        if counter not in self.open:
            self.run(self.desk.open_counter(counter))
            self.open.add(counter)
        elif counter in self.at:
            self.refused(self.desk.close_counter(counter))
        else:
            self.run(self.desk.close_counter(counter))
            self.open.discard(counter)
            self.away.discard(counter)
            for card in self.cards.values():
                if card.state == "waiting" and card.line in (f"c:{counter}", f"p:clerk-{counter}"):
                    card.line = f"s:{card.service}"

    @rule(counter=st.sampled_from(sorted(COUNTERS)))
    def go_away_or_come_back(self, counter: str) -> None:
        if counter in self.away:
            self.run(self.desk.back(counter))
            self.away.discard(counter)
        elif counter not in self.open or counter in self.at:
            self.refused(self.desk.away(counter))
            self.refused(self.desk.back(counter))
        else:
            self.run(self.desk.away(counter))
            self.away.add(counter)

    # -- calling

    def view(self, counter: str) -> CounterView:
        settings = COUNTERS[counter]
        return CounterView(
            counter,
            f"clerk-{counter}",
            frozenset(settings["services"]),
            frozenset(settings.get("second_services", ())),
            settings.get("second_after_minutes"),
            self.runs[counter],
        )

    def queue(self) -> list[Waiting]:
        return [card.waiting() for card in self.cards.values() if card.state == "waiting"]

    def expected(self, counter: str, queue: list[Waiting]) -> Waiting | None:
        view, known = self.view(counter), heads(queue, self.policy)
        first = [ticket for ticket in known if ticket.line in view.first_lines]
        second = [ticket for ticket in known if ticket.line in view.second_lines]
        return choose(first, second, self.now, view.second_after, view.ordinary_run, self.policy)

    @rule(counter=st.sampled_from(sorted(COUNTERS)), finish_current=st.booleans())
    def next(self, counter: str, finish_current: bool) -> None:
        if self.may_not_call(counter, finish_current):
            self.refused(self.desk.next(counter, finish_current=finish_current))
            return
        called = self.run(self.desk.next(counter, finish_current=finish_current))
        if counter in self.at:
            self.finished(counter)
        wanted = self.expected(counter, self.queue())
        assert (called.id if called else None) == (wanted.id if wanted else None)
        if called:
            self.nobody_is_overtaken_by_more_than_the_head_start(self.cards[called.id])
            self.called(counter, called.id)

    def may_not_call(self, counter: str, finish_current: bool) -> bool:
        return counter not in self.open or counter in self.away or (counter in self.at and not finish_current)

    def called(self, counter: str, ticket: str) -> None:
        card = self.cards[ticket]
        assert card.state == "waiting", "called twice"
        self.runs[counter] = 0 if card.lane == "priority" else self.runs[counter] + 1
        card.state, card.recalls = "called", 0
        self.at[counter] = ticket

    def nobody_is_overtaken_by_more_than_the_head_start(self, called: Card) -> None:
        if self.policy.kind == "proportional" or called.moved:
            return
        for other in self.cards.values():
            if other.state == "waiting" and other.line == called.line and not other.moved:
                assert other.issued_at >= called.issued_at - called.head_start * MINUTE

    @rule(finish_current=st.booleans())
    def eight_clerks_call_at_once(self, finish_current: bool) -> None:
        ready = [counter for counter in sorted(COUNTERS) if not self.may_not_call(counter, finish_current)]
        busy = [counter for counter in ready if counter in self.at]

        async def all_of_them() -> list[Ticket | None]:
            return await asyncio.gather(*(self.desk.next(c, finish_current=finish_current) for c in ready))

        answers = dict(zip(ready, self.run(all_of_them()), strict=True))
        for counter in busy:
            self.finished(counter)
        before = {ticket.id: ticket for ticket in self.queue()}
        for counter, ticket in answers.items():
            if ticket:
                self.called(counter, ticket.id)
        if not busy:
            self.in_order(before, answers)

    def in_order(self, before: dict[str, Waiting], answers: dict[str, Ticket | None]) -> None:
        """Who still waits has no better claim on a counter than whom it called; "nobody" means nobody."""
        still = self.queue()
        for counter, ticket in answers.items():
            view = replace(self.view(counter), ordinary_run=0)
            rest = [other for other in still if other.line in view.first_lines]
            if ticket is None:
                assert self.expected(counter, still) is None, "somebody waits"
            elif self.policy.kind == "head_start" and before[ticket.id].line in view.first_lines:
                mine = before[ticket.id]
                assert not [o for o in rest if (o.rank_at, o.serial, o.id) < (mine.rank_at, mine.serial, mine.id)]

    @rule(which=WHICH, counter=st.sampled_from(sorted(COUNTERS)))
    def choose_a_ticket(self, which: int, counter: str) -> None:
        card = self.pick(which, "waiting", "held", "no_show", "finished")
        if card is None:
            return
        if self.may_not_call(counter, False) or card.state == "finished" or self.is_past(card):
            self.refused(self.desk.choose(counter, card.id))
            return
        self.run(self.desk.choose(counter, card.id))
        card.state, card.recalls = "called", 0
        self.at[counter] = card.id

    # -- at the counter

    @rule(which=WHICH, verb=st.sampled_from(["start", "recall", "finish", "no_show", "hold"]))
    def serve(self, which: int, verb: str) -> None:
        counter = self.busy(which)
        if counter is None:
            return
        card = self.cards[self.at[counter]]
        too_late = verb in ("start", "no_show") and card.state == "serving"
        too_late = too_late or (verb == "hold" and self.is_past(card))
        if too_late or (verb == "recall" and card.recalls >= 2):
            self.refused(getattr(self.desk, verb)(counter))
            return
        self.run(getattr(self.desk, verb)(counter))
        if verb == "recall":
            card.recalls += 1
        elif verb == "start":
            card.state = "serving"
        elif verb == "finish":
            self.finished(counter)
        else:
            card.state = "held" if verb == "hold" else "no_show"
            del self.at[counter]

    def finished(self, counter: str) -> None:
        card = self.cards[self.at.pop(counter)]
        card.state = "finished"
        if card.left and not self.is_past(card):
            card.service = card.left.pop(0)
            card.state, card.line, card.moved = "waiting", f"s:{card.service}", True

    @rule(
        which=WHICH,
        other=st.sampled_from(sorted(COUNTERS)),
        service=st.sampled_from(SERVICES),
        where=st.sampled_from(["service", "counter", "clerk"]),
        keep=st.booleans(),
    )
    def transfer(self, which: int, other: str, service: str, where: str, keep: bool) -> None:
        counter = self.busy(which)
        target = {"service": service, "counter": other, "clerk": f"clerk-{other}"}
        body = {"service": service, where: target[where], "keep_place": keep}
        serves = [*COUNTERS[other]["services"], *COUNTERS[other].get("second_services", ())]
        if counter is None or (where != "service" and (other == counter or other not in self.open)):
            return
        if (where == "counter" and service not in serves) or self.is_past(self.cards[self.at[counter]]):
            self.refused(self.desk.transfer(counter, **body))
            return
        self.run(self.desk.transfer(counter, **body))
        card = self.cards[self.at.pop(counter)]
        card.state, card.service, card.moved = "waiting", service, True
        card.line = f"{where[0] if where != 'clerk' else 'p'}:{target[where]}"
        if not keep:
            card.rank_at = self.now - 10 * MINUTE

    @rule(which=WHICH, counter=st.sampled_from(sorted(COUNTERS)))
    def resume(self, which: int, counter: str) -> None:
        card = self.pick(which, "held")
        if card is None:
            return
        if self.may_not_call(counter, False):
            self.refused(self.desk.resume(counter, card.id))
            return
        self.run(self.desk.resume(counter, card.id))
        # a resumed visit has not been called: it may be recalled as often as the hall allows
        card.state, card.recalls = "serving", -1
        self.at[counter] = card.id

    @rule(which=WHICH)
    def requeue(self, which: int) -> None:
        card = self.pick(which, "held", "no_show", "waiting")
        if card is None:
            return
        if card.state == "waiting" or self.is_past(card) or (card.state == "no_show" and card.returns >= 2):
            self.refused(self.desk.requeue(card.id))
            return
        self.run(self.desk.requeue(card.id))
        line = f"s:{card.service}"
        if card.state == "no_show":
            others = sorted((w.rank_at, w.serial) for w in self.queue() if w.line == line)
            behind = others[2][0] + 1 if len(others) >= 3 else self.now
            card.rank_at = max(card.rank_at, min(behind, self.now))
            card.returns += 1
        card.state, card.line, card.moved = "waiting", line, True

    @rule(which=WHICH)
    def cancel(self, which: int) -> None:
        card = self.pick(which, "waiting", "held", "called")
        if card is None:
            return
        if card.state == "called":
            self.refused(self.desk.cancel(card.id))
            return
        self.run(self.desk.cancel(card.id))
        card.state = "cancelled"

    @rule()
    def the_day_ends(self) -> None:
        for desk in self.all:
            desk.clock.forward(days=1)

        async def on_every_process() -> list[int]:
            return await asyncio.gather(*(desk.end_day() for desk in self.all))

        over = [card for card in self.cards.values() if card.state in ("waiting", "held")]
        assert sum(self.run(on_every_process())) == len(over)
        for card in over:
            card.state = "expired"

    # -- always

    def refused(self, work: Any) -> None:
        try:
            self.run(work)
        except NotAllowed:
            return
        raise AssertionError("it should have been refused")

    @invariant()
    def every_ticket_is_where_it_should_be_and_nowhere_else(self) -> None:
        if not hasattr(self, "all"):
            return
        known = self.run(self.desk.rows("SELECT id, state, line, rank_at FROM ticket"))
        assert {row[0]: row[1] for row in known} == {card.id: card.state for card in self.cards.values()}
        assert {row[0]: (row[2], row[3]) for row in known if row[1] == "waiting"} == {
            card.id: (card.line, card.rank_at) for card in self.cards.values() if card.state == "waiting"
        }
        visits = self.run(self.desk.rows("SELECT counter, ticket FROM visit WHERE outcome IS NULL"))
        assert sorted(tuple(row) for row in visits) == sorted(self.at.items())
