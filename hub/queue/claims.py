"""The claim: calling the next ticket is one statement on either database, never read-then-write.

`calling_order.next_called` is the same rule in Python; the proofs hold both against each other.
"""

from typing import Any

from hub.problems import StoreUnavailable
from hub.queue.calling_order import Lane
from hub.store import Tx

_LINES = """
WITH line (line, choice) AS (
    SELECT 's:' || service, choice FROM counter_service WHERE counter = :counter AND active
    UNION ALL SELECT 'c:' || code, 1 FROM counter WHERE code = :counter
    UNION ALL SELECT 'p:' || clerk, 1 FROM counter WHERE code = :counter AND clerk IS NOT NULL
)"""

#: The head of every line and lane: a few look-ups in one index, however many wait.
_HEADS = f"""
{_LINES}, lane_head AS MATERIALIZED (
    SELECT t.id, t.rank_at, t.serial, t.issued_at, line.line, line.choice, lanes.lane
    FROM line CROSS JOIN (SELECT 'ordinary' AS lane UNION ALL SELECT 'priority') lanes
    JOIN ticket t ON t.id = (
        SELECT first.id FROM ticket first
        WHERE first.state = 'waiting' AND first.day = :day AND first.line = line.line AND first.lane = lanes.lane
        ORDER BY first.rank_at, first.serial, first.id
        LIMIT 1
    )
)
SELECT h.id FROM lane_head h
WHERE (h.choice = 1 OR h.issued_at <= :second_since OR NOT EXISTS (SELECT 1 FROM lane_head f WHERE f.choice = 1))
{{head_only}}
ORDER BY {{lane_first}} h.rank_at, h.serial, h.id
LIMIT 1
"""
#: By place alone a line has one head, whatever its lane.
_HEAD_ONLY = """AND NOT EXISTS (
    SELECT 1 FROM lane_head o
    WHERE o.line = h.line AND (o.rank_at, o.serial, o.id) < (h.rank_at, h.serial, h.id)
)"""

#: The waiting tickets in calling order: one that another process has in its hands is passed over, and only the row
#: that is taken is locked. A second choice competes when its head has waited long enough: a line is never jumped.
_WALK = f"""
{_LINES}
SELECT h.id FROM ticket h JOIN line ON line.line = h.line
WHERE h.state = 'waiting' AND h.day = :day
  AND (line.choice = 1
       OR :second_since >= (
           SELECT first.issued_at FROM ticket first
           WHERE first.state = 'waiting' AND first.day = :day AND first.line = h.line {{same_lane}}
           ORDER BY first.rank_at, first.serial, first.id LIMIT 1
       )
       OR NOT EXISTS (
           SELECT 1 FROM ticket f JOIN line fl ON fl.line = f.line AND fl.choice = 1
           WHERE f.state = 'waiting' AND f.day = :day
       ))
ORDER BY {{lane_first}} h.rank_at, h.serial, h.id
LIMIT 1
"""
_LANE_FIRST = "CASE WHEN h.lane = :preferred THEN 0 ELSE 1 END,"

_TAKE = """
UPDATE ticket SET state = 'called', counter = :counter, visit = :visit, called_at = :now, started_at = NULL
WHERE id = ({first}) AND state = 'waiting'
RETURNING id, number, service, line, lane
"""


#: By the policy: False by place alone, True in proportion.
_OF_HEADS = {
    False: _TAKE.format(first=_HEADS.format(head_only=_HEAD_ONLY, lane_first="")),
    True: _TAKE.format(first=_HEADS.format(head_only="", lane_first=_LANE_FIRST)),
}
_ANYBODY = {
    False: _WALK.format(same_lane="", lane_first=""),
    True: _WALK.format(same_lane="AND first.lane = h.lane", lane_first=_LANE_FIRST),
}
_PASSING_OVER = {turns: _TAKE.format(first=walk + "FOR UPDATE OF h SKIP LOCKED") for turns, walk in _ANYBODY.items()}
_WAITING_FOR = {turns: _TAKE.format(first=walk + "FOR UPDATE OF h") for turns, walk in _ANYBODY.items()}

#: On PostgreSQL the head may change hands while a claim waits for it; it is looked for again this often.
TRIES = 20


def claim(tx: Tx, *, preferred: Lane | None, **values: Any) -> Any:
    """Take the next ticket for a counter: (id, number, service, line, lane), or None when nobody waits.

    `values`: counter, visit, day, now, second_since (microseconds). `preferred` is the lane whose turn it is under
    proportional calling. "Nobody" is answered on PostgreSQL only after waiting for those whom another process
    had in its hands: their claim may have been undone.
    """
    values["preferred"] = preferred or ""
    turns = preferred is not None
    if tx.dialect == "sqlite":
        return _first(tx.rows(_OF_HEADS[turns], **values))
    taken = _first(tx.rows(_PASSING_OVER[turns], **values))
    if taken or not tx.rows(_ANYBODY[turns], **values):
        return taken
    tx.by_itself()
    for _ in range(TRIES):
        taken = _first(tx.rows(_WAITING_FOR[turns], **values))
        if taken or not tx.rows(_ANYBODY[turns], **values):
            return taken
    raise StoreUnavailable(why="the next ticket changes hands all the time")


def _first(rows: list[Any]) -> Any:
    return rows[0] if rows else None
