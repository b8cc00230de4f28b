"""What a key of the caller keypad 叫号器 asks of the hub. Pure.

| key | command |
|---|---|
| 0C 呼叫 | finish the open visit and call the next |
| one or two digits, 0C | call this number, if the hall lets keypads choose ([queue] chosen_call_roles) |
| 0B 评价 | finish the open visit, which asks the citizen to evaluate |
| 0D 重呼 | recall |
| 06 0F 弃号 | no-show |
| 00 0F 挂起 | hold for the hall's usual time |
| 03 0F 回呼 | resume whom this counter held last |
| 12 暂停 | pause the counter, or end the pause |
| digits, 13 转移 | transfer to the counter with this number |

A keypad sends at most two digits before a function key, so a number is typed by its end: 17 is A017.
There is no key for "start": finishing a called visit sets started = called (contract).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from devices.keypad_ff68_frames import KeyName
from hub.wire import Away, CallNext, CounterState, Finish, Hold, Message, Transfer

Verb = Literal["next", "finish", "recall", "no-show", "hold", "resume", "call", "transfer", "away", "back"]
Reason = Literal[
    "unused_key", "unknown_key", "hub_away", "unknown_counter", "closed", "busy", "no_target", "no_time", "nobody_held",
    "no_such_number", "several_numbers",
]  # fmt: skip


@dataclass(frozen=True)
class Command:
    """`POST /counters/{counter}/{verb}`."""

    verb: Verb
    body: Message | None = None


@dataclass(frozen=True)
class Lookup:
    """A command whose ticket stands in the counter's lists: `choosing` finds it. `ending` is what was typed."""

    verb: Literal["resume", "call"]
    ending: str = ""


@dataclass(frozen=True)
class Refusal:
    """The pad beeps and nothing is queued: a call made up ten minutes later is worse than none."""

    reason: Reason


@dataclass(frozen=True)
class Press:
    """`at` in monotonic seconds; `digits` were typed before the key."""

    name: KeyName
    at: float
    digits: tuple[int, ...] = ()


@dataclass(frozen=True)
class Pad:
    """What decides over a key. `counter` is None while the board does not know this counter; `last` was accepted."""

    connected: bool = False
    counter: CounterState | None = None
    number: str | None = None
    in_flight: bool = False
    last: Press | None = None


@dataclass(frozen=True)
class Habits:
    """What a keypad cannot say: why and for how long a counter pauses, why a number is called out of turn."""

    debounce_ms: float = 500
    pause_reason: str = "暂时离开"
    pause_minutes: float = 15.0


#: Said in the journal of a chosen call or a transfer that came from a keypad.
BY_KEYPAD = "叫号器"

COMMANDS: dict[KeyName, Command | Lookup] = {
    "call_next": Command("next", CallNext(finish_current=True)),
    "evaluate": Command("finish", Finish()),
    "recall": Command("recall"),
    "give_up": Command("no-show"),
    "hang": Command("hold", Hold()),
    "call_back": Lookup("resume"),
}

#: Keys that the source of the protocol names and never uses.
UNUSED: frozenset[KeyName] = frozenset({"one_metre", "cancel"})

SENTENCES: dict[Reason, str] = {
    "unused_key": "this key has no function",
    "unknown_key": "this key means nothing here",
    "hub_away": "the hub is away; press again when it is back",
    "unknown_counter": "the hub's board does not have this counter",
    "closed": "the counter is closed; open it at the console first",
    "busy": "another command is still on its way to the hub",
    "no_target": "type the number of the counter before the transfer key",
    "no_time": "hall time is not known yet; press again in a moment",
    "nobody_held": "this counter holds nobody",
    "no_such_number": "no ticket of this counter ends with what was typed",
    "several_numbers": "several tickets end with what was typed; choose at the console",
}


def command_for(press: Press, pad: Pad, habits: Habits, now: datetime | None) -> Command | Lookup | Refusal | None:
    """The command, or why not; None for a key that bounced or was pressed twice: it must not skip a citizen.

    `now` is hall time, where it is known.
    """
    if press.name not in (*COMMANDS, "pause", "transfer"):
        return Refusal("unused_key" if press.name in UNUSED else "unknown_key")
    if _pressed_twice(press, pad, habits.debounce_ms):
        return None
    reason = _obstacle(pad)
    if reason:
        return Refusal(reason)
    if press.name == "pause":
        return _pause(pad, habits, now)
    typed = "".join(map(str, press.digits))
    if press.name == "transfer":
        return (
            Command("transfer", Transfer(counter=str(int(typed)), reason=BY_KEYPAD)) if typed else Refusal("no_target")
        )
    return Lookup("call", typed) if press.name == "call_next" and typed else COMMANDS[press.name]


def _pause(pad: Pad, habits: Habits, now: datetime | None) -> Command | Refusal:
    if pad.counter == "away":
        return Command("back")
    if now is None:
        return Refusal("no_time")
    return Command("away", Away(reason=habits.pause_reason, back_at=now + timedelta(minutes=habits.pause_minutes)))


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
