"""Which ticket a keypad means: it names none, or only the last digits of one. Pure."""

from counter.keys import BY_KEYPAD, Command, Lookup, Refusal
from hub.wire import CallChosen, CounterQueue, Queued, Resume


def found(lookup: Lookup, lists: CounterQueue, counter: str) -> Command | Refusal:
    """The command for the ticket that is meant at `counter`, whose lists these are."""
    return _resumed(lists, counter) if lookup.verb == "resume" else _called(lookup, lists)


def _resumed(lists: CounterQueue, counter: str) -> Command | Refusal:
    """Whom this counter held last, not whom another one did."""
    own = [ticket for ticket in lists.held if ticket.counter == counter]
    if not own:
        return Refusal("nobody_held")
    last = max(own, key=lambda ticket: (ticket.held_at or ticket.issued_at, ticket.id))
    return Command("resume", Resume(ticket=last.id))


def _called(lookup: Lookup, lists: CounterQueue) -> Command | Refusal:
    """Typed digits are the end of a number: `7` is A007 and not A017, `17` is A017, A117 … if there is but one."""
    meant = [ticket for ticket in (*lists.waiting, *lists.held, *lists.missed) if _ends(ticket, lookup.ending)]
    if len(meant) != 1:
        return Refusal("several_numbers" if meant else "no_such_number")
    return Command("call", CallChosen(ticket=meant[0].id, reason=BY_KEYPAD))


def _ends(ticket: Queued, typed: str) -> bool:
    return ticket.number.endswith(typed.zfill(2))
