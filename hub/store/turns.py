"""In what order the verbs of a batch are done, so that hub processes on one database do not wait for each other.

Claims go first: others skip what they have locked. Verbs that take numbers go last, sorted by what they lock: two
processes that lock A then B never wait in a circle. A slow verb is committed by itself, after everybody else.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, TypeVar

Verb = TypeVar("Verb", bound=Callable[..., Any])


class Rank(IntEnum):
    CLAIM = 0
    ORDINARY = 1
    NUMBER = 2
    SLOW = 3


@dataclass(frozen=True, order=True)
class Turn:
    """Verbs of one turn keep the order in which they came."""

    rank: Rank = Rank.ORDINARY
    key: str = ""


def in_turn(rank: Rank, key: Callable[..., str] | None = None) -> Callable[[Verb], Verb]:
    """Marks a verb; `key` names what it locks from the verb's arguments (without `tx`)."""

    def marked(verb: Verb) -> Verb:
        verb.__turn__ = (rank, key)  # type: ignore[attr-defined]
        return verb

    return marked


def turn_of(verb: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Turn:
    rank, key = getattr(verb, "__turn__", (Rank.ORDINARY, None))
    return Turn(rank, key(*args, **kwargs) if key else "")
