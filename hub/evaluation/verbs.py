"""Taking an evaluation. Nothing here makes one: only a citizen's act that came from outside does."""

import json

from hub.clock import instant, micros
from hub.evaluation.rules import source_of
from hub.evaluation.tables import EvaluationRow, InvitationRow
from hub.journal import Entry
from hub.problems import AlreadyEvaluated, Forbidden, KeyReused, NotAllowed, Unknown
from hub.store import Tx
from hub.wire import Evaluate, EvaluationTaken

_BY_REQUEST = "SELECT id, visit, level, channel, at, request_id FROM evaluation WHERE request_id = :request_id"
_BY_VISIT = "SELECT 1 FROM evaluation WHERE visit = :visit"
_VISIT = """
SELECT v.counter, v.outcome, i.visit FROM visit v LEFT JOIN invitation i ON i.visit = v.id WHERE v.id = :visit
/* FOR UPDATE OF v */
"""


def invite(tx: Tx, entry: Entry) -> None:
    """Hung on `visit_finished`: the finished visit may be evaluated from now on."""
    assert entry.visit is not None
    tx.insert(InvitationRow(visit=entry.visit, at=micros(tx.now)))
    tx.record("evaluation_invited", visit=entry.visit, counter=entry.counter, number=entry.data["number"])


def evaluate(tx: Tx, command: Evaluate) -> EvaluationTaken:
    """Store a citizen's answer; the same `request_id` gives the same answer again.

    Raises KeyReused when that one said something else, Unknown (visit), Forbidden for another counter's visit,
    NotAllowed before the visit is finished, AlreadyEvaluated for a second answer.
    """
    # the visit first: who sends the same to another process waits here, and then finds what was kept
    rows = tx.rows(_VISIT, visit=command.visit)
    kept = tx.rows(_BY_REQUEST, request_id=command.request_id)
    if kept:
        taken = _taken(kept[0])
        if (taken.visit, taken.level) != (command.visit, command.level):
            raise KeyReused
        return taken
    if not rows:
        raise Unknown("visit", command.visit, field="visit")
    counter, outcome, invited = rows[0]
    if tx.who.counter is not None and tx.who.counter != counter:
        raise Forbidden(role=tx.who.role)
    if invited is None:
        raise NotAllowed(
            state=outcome or "serving", zh="办结后才能评价。", en="a visit is evaluated after it has been finished."
        )
    if tx.rows(_BY_VISIT, visit=command.visit):
        raise AlreadyEvaluated
    return _store(tx, command, counter)


def _store(tx: Tx, command: Evaluate, counter: str) -> EvaluationTaken:
    evaluation = tx.new_id()
    tx.insert(
        EvaluationRow(
            id=evaluation,
            visit=command.visit,
            level=command.level,
            reasons=json.dumps(command.reasons, ensure_ascii=False),
            comment=command.comment,
            channel=command.channel,
            source=source_of(command.channel),
            pressed_at=micros(command.pressed_at) if command.pressed_at else None,
            at=micros(tx.now),
            taken_by=tx.who.name,
            request_id=command.request_id,
        )
    )
    tx.record("evaluation_given", visit=command.visit, counter=counter, level=command.level, channel=command.channel)
    return _taken(tx.rows(_BY_REQUEST, request_id=command.request_id)[0])


def _taken(row: tuple[str, str, str, str, int, str]) -> EvaluationTaken:
    return EvaluationTaken.model_validate(
        {
            "id": row[0],
            "visit": row[1],
            "level": row[2],
            "channel": row[3],
            "at": instant(row[4]),
            "request_id": row[5],
        }
    )
