"""The rules of the queue: which verb leads from which state to which, places and numbers. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

from hub.problems import NotAllowed
from hub.wire import CounterState, TicketState

Verb = Literal[
    "call",
    "choose",
    "start",
    "finish",
    "no_show",
    "recall",
    "cancel",
    "expire",
    "requeue",
    "hold",
    "resume",
    "transfer",
]

NEXT: dict[tuple[TicketState, Verb], TicketState] = {
    ("waiting", "call"): "called",
    ("waiting", "choose"): "called",
    ("waiting", "cancel"): "cancelled",
    ("waiting", "expire"): "expired",
    ("called", "recall"): "called",
    ("called", "start"): "serving",
    ("called", "finish"): "finished",
    ("called", "no_show"): "no_show",
    ("called", "hold"): "held",
    ("called", "transfer"): "waiting",
    ("serving", "recall"): "serving",
    ("serving", "finish"): "finished",
    ("serving", "hold"): "held",
    ("serving", "transfer"): "waiting",
    ("held", "resume"): "serving",
    ("held", "choose"): "called",
    ("held", "requeue"): "waiting",
    ("held", "cancel"): "cancelled",
    ("held", "expire"): "expired",
    ("no_show", "requeue"): "waiting",
    ("no_show", "choose"): "called",
}

STATE_WORDS: dict[str, str] = {
    "waiting": "等候中",
    "called": "已叫号",
    "serving": "办理中",
    "held": "已挂起",
    "no_show": "已过号",
    "finished": "已办结",
    "cancelled": "已取消",
    "expired": "已作废",
}

VERB_WORDS: dict[Verb, str] = {
    "call": "叫号",
    "choose": "指定叫号",
    "start": "开始办理",
    "finish": "办结",
    "no_show": "过号",
    "recall": "重呼",
    "cancel": "取消",
    "expire": "作废",
    "requeue": "重新排队",
    "hold": "挂起",
    "resume": "恢复办理",
    "transfer": "转移",
}

#: How long an announcement stays on the board, in hall seconds.
CALL_SHOWN = timedelta(seconds=120)
BOARD_LIST_MOST = 20
#: Numbers called lately, for a glance away; the widest screen has room for fewer.
RECENT_SHOWN = 10


def after(state: TicketState, number: str, verb: Verb) -> TicketState:
    """The state that follows. Raises NotAllowed naming the state."""
    try:
        return NEXT[state, verb]
    except KeyError:
        raise NotAllowed(
            state=state,
            zh=f"{number} 号{STATE_WORDS[state]}，不能{VERB_WORDS[verb]}。",
            en=f"{number} is {state}; {verb.replace('_', '-')} is not possible.",
        ) from None


def no_visit(counter: str, verb: Verb) -> NotAllowed:
    """The refusal of a verb that needs an open visit at the counter."""
    return NotAllowed(
        state="open",
        zh=f"{counter} 号窗口没有正在办理的号，不能{VERB_WORDS[verb]}，请先叫号。",
        en=f"nobody is at counter {counter}; call a ticket first.",
    )


def rank(took_place_at: datetime, head_start_minutes: float) -> datetime:
    """A ticket's place: the moment it took it, less the head start of its priority. Smallest is called first."""
    return took_place_at - timedelta(minutes=head_start_minutes)


def directed_line(*, counter: str | None = None, clerk: str | None = None, service: str = "") -> str:
    """The line a ticket stands in: one counter's, one clerk's, else its service's."""
    if counter is not None:
        return f"c:{counter}"
    return f"p:{clerk}" if clerk is not None else f"s:{service}"


def return_rank(others: Sequence[int], *, places: int, newcomer: int) -> int:
    """The `rank_at` of somebody who comes back behind `places` waiting people, never behind a newcomer.

    `others` are the first `places` (or fewer) ranks of the line in calling order, in microseconds.
    """
    if len(others) < places or not others:
        return newcomer
    return min(others[places - 1] + 1, newcomer) if places else min(others[0], newcomer)


def number_label(prefix: str, serial: int) -> str:
    """The printed number, `A007`; it grows a digit after 999."""
    return f"{prefix}{serial:03d}"


def counter_state(status: str, visit_state: str | None) -> CounterState:
    """What a counter is doing: its open visit decides, else what its people decided."""
    if visit_state == "called":
        return "calling"
    if visit_state == "serving":
        return "serving"
    return "away" if status == "away" else "open" if status == "open" else "closed"
