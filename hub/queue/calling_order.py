"""Who is called next at a counter: the one statement of the calling order. Pure.

The claim in `sql.py` is the fast form of the same rule, the forecast plays it forward, the proofs hold both against it.
Instants are stored microseconds.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter
from typing import Literal

Lane = Literal["ordinary", "priority"]

MINUTE = 60_000_000


@dataclass(frozen=True, slots=True)
class Waiting:
    """A waiting ticket. `line` is `s:<service>`, `c:<counter>` or `p:<clerk>`; the smallest `rank_at` goes first."""

    id: str
    line: str
    lane: Lane
    rank_at: int
    serial: int
    issued_at: int


@dataclass(frozen=True)
class CounterView:
    """What a counter calls: its services of first and second choice, and what is directed to it or to its clerk.

    `second_after` is in minutes (None: only when no first choice waits); `ordinary_run` counts its ordinary calls
    since its last priority call.
    """

    code: str
    clerk: str | None
    first: frozenset[str]
    second: frozenset[str] = frozenset()
    second_after: float | None = None
    ordinary_run: int = 0

    @cached_property
    def first_lines(self) -> frozenset[str]:
        directed = [f"c:{self.code}"] + ([f"p:{self.clerk}"] if self.clerk else [])
        return frozenset([*directed, *(f"s:{service}" for service in self.first)])

    @cached_property
    def second_lines(self) -> frozenset[str]:
        return frozenset(f"s:{service}" for service in self.second) - self.first_lines


@dataclass(frozen=True)
class Policy:
    """`head_start`: by place alone. `proportional`: so many ordinary calls at a counter, then a priority one."""

    kind: Literal["head_start", "proportional"] = "head_start"
    ordinary_per_priority: int = 2


#: The order inside a line; the id only decides where two series gave the same place.
place = attrgetter("rank_at", "serial", "id")


def heads(waiting: Iterable[Waiting], policy: Policy) -> list[Waiting]:
    """The first of every line; under the proportional policy the first of every lane of every line."""
    first: dict[tuple[str, str], Waiting] = {}
    for ticket in waiting:
        key = (ticket.line, ticket.lane if policy.kind == "proportional" else "")
        known = first.get(key)
        if known is None or place(ticket) < place(known):
            first[key] = ticket
    return list(first.values())


def next_called(counter: CounterView, waiting: Iterable[Waiting], at: int, policy: Policy) -> Waiting | None:
    """Whom the counter calls at this instant among all who wait (their heads are enough); None when nobody.

    A line is never jumped: whoever stands behind a head waits for it, however long.
    """
    known = heads(waiting, policy)
    first = [ticket for ticket in known if ticket.line in counter.first_lines]
    second = [ticket for ticket in known if ticket.line in counter.second_lines]
    return choose(first, second, at, counter.second_after, counter.ordinary_run, policy)


def choose(
    first: list[Waiting],
    second: list[Waiting],
    at: int,
    second_after: float | None,
    ordinary_run: int,
    policy: Policy,
) -> Waiting | None:
    """The rule among heads. Second choices compete once they have waited long enough; alone they always may."""
    candidates = first or second
    if first and second and second_after is not None:
        since = at - second_after * MINUTE
        candidates = first + [ticket for ticket in second if ticket.issued_at <= since]
    if not candidates:
        return None
    if policy.kind == "proportional":
        wanted = "priority" if ordinary_run >= policy.ordinary_per_priority else "ordinary"
        candidates = [ticket for ticket in candidates if ticket.lane == wanted] or candidates
    return min(candidates, key=place)
