"""What a key of the caller keypad 叫号器 asks of the hub. Pure.

| key | command |
|---|---|
| 0C 呼叫 | finish the open visit and call the next |
| 0B 评价 | finish the open visit, which asks the citizen to evaluate |
| 0D 重呼 | recall |
| 06 0F 弃号 | no-show |

There is no key for "start": finishing a called visit sets started = called (contract).
"""

from dataclasses import dataclass
from typing import Literal

from devices.keypad_ff68_frames import KeyName
from hub.wire import CallNext, CounterState, Finish, Message

Verb = Literal["next", "finish", "recall", "no-show"]
Reason = Literal["later", "unknown_key", "hub_away", "unknown_counter", "closed", "busy"]


@dataclass(frozen=True)
class Command:
    """`POST /counters/{counter}/{verb}`."""

    verb: Verb
    body: Message | None = None


@dataclass(frozen=True)
class Refusal:
    """The pad beeps and nothing is queued: a call made up ten minutes later is worse than none."""

    reason: Reason


@dataclass(frozen=True)
class Press:
    """`at` in monotonic seconds."""

    name: KeyName
    at: float


@dataclass(frozen=True)
class Pad:
    """What decides over a key. `counter` is None while the board does not know this counter; `last` was accepted."""

    connected: bool = False
    counter: CounterState | None = None
    number: str | None = None
    in_flight: bool = False
    last: Press | None = None


COMMANDS: dict[KeyName, Command] = {
    "call_next": Command("next", CallNext(finish_current=True)),
    "evaluate": Command("finish", Finish()),
    "recall": Command("recall"),
    "give_up": Command("no-show"),
}

#: Keys of functions that Hall does not have yet.
LATER: frozenset[KeyName] = frozenset({"hang", "call_back", "pause", "transfer", "one_metre", "cancel"})

SENTENCES: dict[Reason, str] = {
    "later": "this key's function does not exist yet",
    "unknown_key": "this key means nothing here",
    "hub_away": "the hub is away; press again when it is back",
    "unknown_counter": "the hub's board does not have this counter",
    "closed": "the counter is closed; open it at the console first",
    "busy": "another command is still on its way to the hub",
}


def command_for(press: Press, pad: Pad, *, debounce_ms: float) -> Command | Refusal | None:
    """The command, or why not; None for a key that bounced or was pressed twice: it must not skip a citizen."""
    if press.name not in COMMANDS:
        return Refusal("later" if press.name in LATER else "unknown_key")
    if _pressed_twice(press, pad, debounce_ms):
        return None
    reason = _obstacle(pad)
    return Refusal(reason) if reason else COMMANDS[press.name]


def _pressed_twice(press: Press, pad: Pad, debounce_ms: float) -> bool:
    if pad.last is None or pad.last.name != press.name:
        return False
    return pad.in_flight or (press.at - pad.last.at) * 1000 < debounce_ms


def _obstacle(pad: Pad) -> Reason | None:
    """Everything else is the hub's to judge: the board may be a moment behind, and its 409 is a beep too."""
    obstacles: tuple[tuple[Reason, bool], ...] = (
        ("hub_away", not pad.connected),
        ("unknown_counter", pad.counter is None),
        ("busy", pad.in_flight),
        ("closed", pad.counter == "closed"),
    )
    return next((reason for reason, holds in obstacles if holds), None)


@dataclass(frozen=True)
class Unanswered:
    """A command whose outcome nobody knows: sent with `key`, while the counter showed `number`."""

    command: Command
    key: str
    number: str | None
    at: float


#: Longer ago, the same key is a new wish.
SAME_WISH_S = 10.0


def key_for(command: Command, pad: Pad, unanswered: Unanswered | None, *, at: float, fresh: str) -> str:
    """The Idempotency-Key of a command.

    Pressed again after an unknown outcome it is the same one, so that a call which did reach the hub is not made twice;
    once the board shows another number the command took effect, and a new press is a new wish.
    """
    if (
        unanswered is not None
        and unanswered.command == command
        and unanswered.number == pad.number
        and at - unanswered.at < SAME_WISH_S
    ):
        return unanswered.key
    return fresh
