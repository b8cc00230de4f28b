"""The statements of the queue, plain SQL, the same on both databases; claims stand in claims.py.

`/* FOR UPDATE */` marks rows that a verb reads and then changes: the store locks them where that is needed.
"""

ISSUE_NUMBER = """
INSERT INTO series (hall, day, prefix, last, last_at) VALUES (1, :day, :prefix, 1, :now)
ON CONFLICT (hall, day, prefix) DO UPDATE
SET last = series.last + 1,
    last_at = CASE WHEN excluded.last_at > series.last_at THEN excluded.last_at ELSE series.last_at END
RETURNING last, last_at
"""

_TICKET = (
    "id", "number", "service", "state", "priority", "counter", "visit", "issued_at", "called_at", "started_at",
    "finished_at", "status_token", "day", "rank_at", "serial", "line", "services_left", "held_until", "returns",
    "lane", "paper",
)  # fmt: skip

INSERT_TICKET = f"""
INSERT INTO ticket (id, hall, day, prefix, serial, number, service, priority, channel, language, state,
                    rank_at, issued_at, issued_by, status_token, paper, line, lane, services_left, returns)
VALUES (:id, 1, :day, :prefix, :serial, :number, :service, :priority, :channel, :language, 'waiting',
        :rank_at, :issued_at, :issued_by, :status_token, '', :line, :lane, :services_left, 0)
RETURNING {", ".join(_TICKET)}
"""

INSERT_VISIT = """
INSERT INTO visit (id, ticket, counter, service, clerk, called_at, announced, announced_at, started_at, how, reason)
VALUES (:id, :ticket, :counter, :service, :clerk, :now, :announced, :announced_at, :started_at, :how, :reason)
"""

INSERT_CALL = """
INSERT INTO call (id, visit, number, counter, at, times, expires_at)
VALUES (:id, :visit, :number, :counter, :now, :times, :expires_at)
"""

OPEN_VISIT = """
SELECT v.id, v.ticket, v.service, v.called_at, v.started_at, v.announced, v.announced_at, t.number, t.state,
       t.services_left, t.rank_at, t.day
FROM visit v JOIN ticket t ON t.id = v.ticket
WHERE v.counter = :counter AND v.outcome IS NULL /* FOR UPDATE */
"""

START_VISIT = "UPDATE visit SET started_at = :now WHERE id = :visit"
START_TICKET = "UPDATE ticket SET state = 'serving', started_at = :now WHERE id = :ticket"

CLOSE_VISIT = """
UPDATE visit SET outcome = :outcome, started_at = :started_at, finished_at = :now, finished_day = :day,
                 result = :result, case_no = :case_no
WHERE id = :visit
"""
CLOSE_TICKET = "UPDATE ticket SET state = :state, started_at = :started_at, finished_at = :now WHERE id = :ticket"

RECALL = "UPDATE visit SET announced = announced + 1, announced_at = :now WHERE id = :visit RETURNING announced"

HOLD_TICKET = "UPDATE ticket SET state = 'held', held_until = :until WHERE id = :ticket"
CHOOSE_TICKET = """
UPDATE ticket SET state = 'called', counter = :counter, visit = :visit, called_at = :now, started_at = NULL,
                  finished_at = NULL, held_until = NULL
WHERE id = :ticket
"""
RESUME_TICKET = """
UPDATE ticket SET state = 'serving', counter = :counter, visit = :visit, held_until = NULL,
                  started_at = CASE WHEN started_at IS NULL THEN :now ELSE started_at END
WHERE id = :ticket
"""
#: Back into a line: after a no-show, a hold, a transfer, or for the next of several services.
WAIT_AGAIN = """
UPDATE ticket SET state = 'waiting', service = :service, line = :line, rank_at = :rank_at,
                  returns = returns + :returned, services_left = :services_left,
                  held_until = NULL, started_at = NULL, finished_at = NULL
WHERE id = :ticket
"""
FIRST_RANKS = """
SELECT rank_at FROM ticket WHERE state = 'waiting' AND day = :day AND line = :line
ORDER BY rank_at, serial, id LIMIT :most
"""
#: A counter or clerk that leaves lets go of the tickets that were directed to it.
RELEASE = """
UPDATE ticket SET line = 's:' || service WHERE state = 'waiting' AND day = :day AND line = :line
RETURNING id, number, service
"""

TICKET_COLUMNS = ", ".join(f"t.{column}" for column in _TICKET)
LOCK_TICKET = f"SELECT {TICKET_COLUMNS} FROM ticket t WHERE t.id = :id /* FOR UPDATE */"
TICKET_BY_ID = f"SELECT {TICKET_COLUMNS} FROM ticket t WHERE t.id = :id"
TICKET_BY_TOKEN = f"SELECT {TICKET_COLUMNS} FROM ticket t WHERE t.status_token = :token"

#: The lanes are named so that every part of the index is used: who waits in other lines is not looked at.
AHEAD = """
SELECT count(*) FROM ticket
WHERE state = 'waiting' AND day = :day AND line = :line AND lane IN ('ordinary', 'priority')
  AND (rank_at, serial, id) < (:rank_at, :serial, :id)
"""

WAITING_BY_SERVICE = """
SELECT service, count(*) FROM ticket WHERE state = 'waiting' AND day = :day GROUP BY service
"""

WAITING_OF_COUNTER = """
SELECT count(*) FROM ticket t
WHERE t.state = 'waiting' AND t.day = :day
  AND t.line IN (
      SELECT 's:' || cs.service FROM counter_service cs WHERE cs.counter = :counter AND cs.active
      UNION ALL SELECT 'c:' || c.code FROM counter c WHERE c.code = :counter
      UNION ALL SELECT 'p:' || c.clerk FROM counter c WHERE c.code = :counter AND c.clerk IS NOT NULL
  )
"""

SET_PAPER = "UPDATE ticket SET paper = :paper WHERE id = :id"

COUNTERS = """
SELECT c.code, c.label, c.zone, c.status, v.id, t.number, t.state, c.back_at
FROM counter c
LEFT JOIN visit v ON v.counter = c.code AND v.outcome IS NULL
LEFT JOIN ticket t ON t.id = v.ticket
WHERE c.code = :only OR :every
ORDER BY c.position
"""

ACTIVE_SERVICES = "SELECT counter, service FROM counter_service WHERE active ORDER BY counter, position"

SET_COUNTER = """
UPDATE counter SET status = :status, clerk = :clerk, away_reason = :reason, back_at = :back_at, stand_in = :stand_in
WHERE code = :counter
"""
SEAT = "SELECT status, clerk, ordinary_run, second_after_minutes FROM counter WHERE code = :counter /* FOR UPDATE */"
SEAT_OF_CLERK = "SELECT code FROM counter WHERE clerk = :clerk"
COUNT_RUN = "UPDATE counter SET ordinary_run = :run WHERE code = :counter"
IDLE_COUNTERS = """
SELECT c.code, c.clerk FROM counter c
WHERE c.status <> 'closed' AND NOT EXISTS (SELECT 1 FROM visit v WHERE v.counter = c.code AND v.outcome IS NULL)
ORDER BY c.code /* FOR UPDATE */
"""
SET_ACTIVE = "UPDATE counter_service SET active = :active WHERE counter = :counter AND service = :service"

CANCEL_TICKET = "UPDATE ticket SET state = 'cancelled', finished_at = :now WHERE id = :id"

EXPIRE_PAST = """
UPDATE ticket SET state = 'expired', finished_at = :now
WHERE state = 'waiting' AND day < :day
RETURNING id, service, number
"""
EXPIRE_HELD = """
UPDATE ticket SET state = 'expired', finished_at = :now
WHERE state = 'held' AND day < :day
RETURNING id, service, number
"""

CALLS = """
SELECT id, number, counter, at, times, expires_at FROM call
WHERE expires_at > :now ORDER BY at DESC, id DESC LIMIT :most
"""
RECENT = """
SELECT t.number, v.counter, v.called_at FROM visit v JOIN ticket t ON t.id = v.ticket
WHERE v.called_at >= :since AND v.announced > 0 ORDER BY v.called_at DESC, v.id DESC LIMIT :most
"""
MISSED = """
SELECT t.number, v.counter, v.finished_at FROM visit v JOIN ticket t ON t.id = v.ticket
WHERE v.called_at >= :since AND v.outcome = 'no_show' AND t.state = 'no_show'
ORDER BY v.called_at DESC, v.id DESC LIMIT :most
"""
LAST_CALLED = """
SELECT t.number FROM visit v JOIN ticket t ON t.id = v.ticket
WHERE v.service = :service AND v.called_at >= :since AND v.announced > 0 ORDER BY v.called_at DESC, v.id DESC LIMIT 1
"""

QUEUED = (
    "t.id, t.number, t.service, t.state, t.priority, t.issued_at, t.line, t.returns, t.held_until, t.counter,"
    " t.services_left"
)
WAITING_FOR_COUNTER = f"""
SELECT {QUEUED} FROM ticket t
WHERE t.state = 'waiting' AND t.day = :day
  AND t.line IN (
      SELECT 's:' || cs.service FROM counter_service cs WHERE cs.counter = :counter AND cs.active
      UNION ALL SELECT 'c:' || c.code FROM counter c WHERE c.code = :counter
      UNION ALL SELECT 'p:' || c.clerk FROM counter c WHERE c.code = :counter AND c.clerk IS NOT NULL
  )
ORDER BY t.rank_at, t.serial, t.id LIMIT :most
"""
HELD = f"""
SELECT {QUEUED}, v.finished_at FROM ticket t JOIN visit v ON v.id = t.visit
WHERE t.state = 'held' AND t.day = :day ORDER BY t.held_until, t.id LIMIT :most
"""
MISSED_TODAY = f"""
SELECT {QUEUED} FROM ticket t WHERE t.state = 'no_show' AND t.day = :day
ORDER BY t.finished_at DESC, t.id LIMIT :most
"""

AT_COUNTER = f"""
SELECT v.announced, v.announced_at, {QUEUED} FROM visit v JOIN ticket t ON t.id = v.ticket
WHERE v.counter = :counter AND v.outcome IS NULL
"""
LEFT_LAST = """
SELECT t.number, v.outcome FROM visit v JOIN ticket t ON t.id = v.ticket
WHERE v.called_at >= :since AND v.counter = :counter AND v.outcome IS NOT NULL
ORDER BY v.finished_at DESC, v.id DESC LIMIT 1
"""
SEATED = "SELECT code, clerk FROM counter WHERE clerk IS NOT NULL AND code <> :counter ORDER BY position"

PLACE = """
SELECT t.number, t.state, t.priority, t.issued_at, t.rank_at, t.serial, t.line, t.day, t.service, t.called_at
FROM ticket t WHERE t.id = :id
"""
BEFORE = """
SELECT number, priority, issued_at, rank_at, returns FROM ticket
WHERE state = 'waiting' AND day = :day AND line = :line
  AND (rank_at, serial, id) < (:rank_at, :serial, :id)
ORDER BY rank_at, serial, id LIMIT :most
"""
OVERTAKEN = """
SELECT t.number, v.counter, v.clerk, v.called_at, v.how, v.reason
FROM visit v JOIN ticket t ON t.id = v.ticket
WHERE v.service = :service AND v.called_at >= :issued_at AND v.called_at < :until AND v.announced > 0
  AND (t.rank_at, t.serial, t.id) > (:rank_at, :serial, :id)
ORDER BY v.called_at LIMIT :most
"""
SERVERS = """
SELECT c.code, c.status, cs.choice, c.second_after_minutes, t.state
FROM counter_service cs JOIN counter c ON c.code = cs.counter
LEFT JOIN visit v ON v.counter = c.code AND v.outcome IS NULL LEFT JOIN ticket t ON t.id = v.ticket
WHERE cs.service = :service AND cs.active ORDER BY cs.choice, c.position
"""
MOVES = """
SELECT at, kind, who, counter, data FROM journal WHERE ticket = :id ORDER BY seq LIMIT :most
"""

#: What a forecast looks at. Its cost follows the day, not the years behind it.
WAITING_NOW = """
SELECT id, line, lane, rank_at, serial, issued_at, service FROM ticket WHERE state = 'waiting' AND day = :day
"""
COUNTERS_NOW = """
SELECT c.code, c.status, c.clerk, c.second_after_minutes, c.ordinary_run, c.back_at, v.service, v.called_at
FROM counter c LEFT JOIN visit v ON v.counter = c.code AND v.outcome IS NULL
ORDER BY c.position
"""
SERVED_NOW = "SELECT counter, service, choice FROM counter_service WHERE active"
CAME = """
SELECT service, priority, count(*), min(issued_at) FROM ticket
WHERE id > :since_id AND issued_at > :since AND day = :day GROUP BY service, priority
"""
TURNS_SINCE = """
SELECT v.id, v.service, v.counter, t.issued_at, v.called_at, v.finished_at
FROM visit v JOIN ticket t ON t.id = v.ticket WHERE v.called_at >= :since
"""
EARLIER_TURNS = """
SELECT v.id, v.service, v.counter, t.issued_at, v.called_at, v.finished_at
FROM visit v JOIN ticket t ON t.id = v.ticket
WHERE v.service = :service AND v.finished_at >= :since AND v.called_at < :until
ORDER BY v.finished_at DESC LIMIT :most
"""
