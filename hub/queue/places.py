"""Why a ticket is where it is: its place, who is before it, who passed it and by whose decision."""

import json
from datetime import datetime
from typing import Any, cast

from hub.clock import instant, micros
from hub.journal import RunSql
from hub.problems import Unknown
from hub.queue import sql
from hub.queue.hall import HallFacts
from hub.queue.rules import STATE_WORDS, counter_state
from hub.wire import Before, Language, Move, Overtaken, Place, Server, TicketState

#: More than this says nothing more to a person.
LIST_MOST = 100

_HOW = {"next": "moved", "chosen": "chosen", "second_choice": "second_choice", "proportional": "proportional"}


def place(run: RunSql, hall: HallFacts, ticket: str, now: datetime) -> Place:
    """The explanation, with sentences for people. Raises Unknown."""
    rows = run(sql.PLACE, id=ticket)
    if not rows:
        raise Unknown("ticket", ticket)
    number, state, priority, issued_at, rank_at, serial, line, day, service, called_at = rows[0]
    waiting = state == "waiting"
    where = {"day": day, "line": line, "rank_at": rank_at, "serial": serial, "id": ticket}
    before = [_before(hall, row, issued_at) for row in run(sql.BEFORE, **where, most=LIST_MOST)] if waiting else []
    until = micros(now) + 1 if waiting or called_at is None else called_at
    passed = run(
        sql.OVERTAKEN,
        id=ticket,
        service=service,
        issued_at=issued_at,
        until=until,
        rank_at=rank_at,
        serial=serial,
        most=LIST_MOST,
    )
    head_start = hall.head_starts.get(priority, 0.0) if hall.rules.policy == "head_start" else 0.0
    ahead = int(run(sql.AHEAD, **where)[0][0]) if waiting else None
    return Place(
        number=number,
        state=state,
        policy=hall.rules.policy,
        issued_at=hall.local(instant(issued_at)),
        head_start_minutes=head_start,
        rank_at=hall.local(instant(rank_at)),
        ahead=ahead,
        before=before,
        overtaken_by=[_overtaken(hall, row) for row in passed],
        counters=[_server(row) for row in run(sql.SERVERS, service=service)] if line[0] == "s" else [],
        moves=[_move(hall, row) for row in run(sql.MOVES, id=ticket, most=LIST_MOST)],
        sentences=_sentences(hall, number, state, priority, head_start, before, ahead, len(passed), line),
    )


def _before(hall: HallFacts, row: Any, issued_at: int) -> Before:
    number, priority, theirs, rank_at, returns = row
    if returns or rank_at > theirs:
        why = "moved"
    elif theirs > issued_at:
        why = "head_start"
    else:
        why = "same_moment" if theirs == issued_at else "came_earlier"
    return Before.model_validate(
        {
            "number": number,
            "priority": priority,
            "issued_at": hall.local(instant(theirs)),
            "rank_at": hall.local(instant(rank_at)),
            "why": why,
        }
    )


def _overtaken(hall: HallFacts, row: Any) -> Overtaken:
    number, counter, clerk, called_at, how, reason = row
    return Overtaken.model_validate(
        {
            "number": number,
            "counter": counter,
            "clerk": clerk,
            "called_at": hall.local(instant(called_at)),
            "how": _HOW[how],
            "reason": reason,
        }
    )


def _server(row: Any) -> Server:
    code, status, choice, second_after, visit_state = row
    return Server(
        counter=code,
        state=counter_state(status, visit_state),
        choice=choice,
        second_after_minutes=second_after if choice == 2 else None,
    )


def _move(hall: HallFacts, row: Any) -> Move:
    at, kind, who, counter, data = row
    told = json.loads(data)
    return Move(at=hall.local(instant(at)), kind=kind, who=who, counter=counter, reason=told.get("reason"))


def _sentences(
    hall: HallFacts,
    number: str,
    state: str,
    priority: str,
    head_start: float,
    before: list[Before],
    ahead: int | None,
    passed: int,
    line: str,
) -> dict[Language, list[str]]:
    names = hall.priorities[priority].names if priority in hall.priorities else {"zh": priority, "en": priority}
    zh, en = [f"{number} 号{STATE_WORDS[cast(TicketState, state)]}。"], [f"{number} is {state}."]
    if head_start:
        zh.append(f"优先级“{names['zh']}”提前 {head_start:g} 分钟排位。")
        en.append(f"Priority {names.get('en', priority)} counts {head_start:g} minutes earlier.")
    if ahead is not None:
        favoured = sum(other.why == "head_start" for other in before)
        told = _ahead(ahead, favoured)
        zh.append(told[0])
        en.append(told[1])
    if line[0] != "s":
        zh.append(f"此号已指定到 {line[2:]}（{'窗口' if line[0] == 'c' else '人员'}），只由其呼叫。")
        en.append(f"It was directed to {'counter' if line[0] == 'c' else 'clerk'} {line[2:]}, who alone calls it.")
    if passed:
        zh.append(f"有 {passed} 个排位靠后的号先被呼叫（见下列记录）。")
        en.append(f"{passed} with a later place were called first (listed with who and why).")
    return {"zh": zh, "en": en}


def _ahead(ahead: int, favoured: int) -> tuple[str, str]:
    if not ahead:
        return "前面没有人。", "Nobody is before it."
    zh, en = f"前面有 {ahead} 人", f"Before it: {ahead}"
    if favoured:
        return f"{zh}，其中 {favoured} 人晚到但享有优先。", f"{en}, of them {favoured} came later with a head start."
    return f"{zh}。", f"{en}."
