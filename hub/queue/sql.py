"""The hot statements, plain SQL, the same on both databases. A claim is one statement, never read-then-write."""

ISSUE_NUMBER = """
INSERT INTO series (hall, day, prefix, last, last_at) VALUES (1, :day, :prefix, 1, :now)
ON CONFLICT (hall, day, prefix) DO UPDATE
SET last = series.last + 1,
    last_at = CASE WHEN excluded.last_at > series.last_at THEN excluded.last_at ELSE series.last_at END
RETURNING last, last_at
"""

INSERT_TICKET = """
INSERT INTO ticket (id, hall, day, prefix, serial, number, service, priority, channel, language, state,
                    rank_at, issued_at, issued_by, status_token, paper)
VALUES (:id, 1, :day, :prefix, :serial, :number, :service, :priority, :channel, :language, 'waiting',
        :rank_at, :issued_at, :issued_by, :status_token, '')
"""

CLAIM_NEXT = """
UPDATE ticket SET state = 'called', counter = :counter, visit = :visit, called_at = :now, started_at = NULL
WHERE id = (
    -- the first of the heads of the counter's services
    SELECT t.id FROM counter_service cs JOIN ticket t ON t.id = (
        SELECT head.id FROM ticket head
        WHERE head.state = 'waiting' AND head.day = :day AND head.service = cs.service
        ORDER BY head.rank_at, head.serial
        LIMIT 1
    )
    WHERE cs.counter = :counter AND cs.active
    ORDER BY t.rank_at, t.serial, t.id
    LIMIT 1
)
RETURNING id, number, service
"""

INSERT_VISIT = """
INSERT INTO visit (id, ticket, counter, service, clerk, called_at, announced)
VALUES (:id, :ticket, :counter, :service, :clerk, :now, 1)
"""

INSERT_CALL = """
INSERT INTO call (id, visit, number, counter, at, times, expires_at)
VALUES (:id, :visit, :number, :counter, :now, :times, :expires_at)
"""

OPEN_VISIT = """
SELECT v.id, v.ticket, v.service, v.called_at, v.started_at, v.announced, t.number, t.state
FROM visit v JOIN ticket t ON t.id = v.ticket
WHERE v.counter = :counter AND v.outcome IS NULL
"""

START_VISIT = "UPDATE visit SET started_at = :now WHERE id = :visit"
START_TICKET = "UPDATE ticket SET state = 'serving', started_at = :now WHERE id = :ticket"

CLOSE_VISIT = """
UPDATE visit SET outcome = :outcome, started_at = :started_at, finished_at = :now, finished_day = :day,
                 result = :result, case_no = :case_no
WHERE id = :visit
"""
CLOSE_TICKET = "UPDATE ticket SET state = :state, started_at = :started_at, finished_at = :now WHERE id = :ticket"

RECALL = "UPDATE visit SET announced = announced + 1 WHERE id = :visit RETURNING announced"

TICKET_COLUMNS = (
    "t.id, t.number, t.service, t.state, t.priority, t.counter, t.visit, t.issued_at, t.called_at, t.started_at,"
    " t.finished_at, t.status_token, t.day, t.rank_at, t.serial"
)
TICKET_BY_ID = f"SELECT {TICKET_COLUMNS} FROM ticket t WHERE t.id = :id"
TICKET_BY_TOKEN = f"SELECT {TICKET_COLUMNS} FROM ticket t WHERE t.status_token = :token"

AHEAD = """
SELECT count(*) FROM ticket
WHERE state = 'waiting' AND day = :day AND service = :service
  AND (rank_at < :rank_at OR (rank_at = :rank_at AND serial < :serial))
"""

WAITING_BY_SERVICE = """
SELECT service, count(*) FROM ticket WHERE state = 'waiting' AND day = :day GROUP BY service
"""

WAITING_OF_COUNTER = """
SELECT count(*) FROM ticket t
WHERE t.state = 'waiting' AND t.day = :day
  AND t.service IN (SELECT cs.service FROM counter_service cs WHERE cs.counter = :counter AND cs.active)
"""

SET_PAPER = "UPDATE ticket SET paper = :paper WHERE id = :id"

OPEN_COUNTERS = """
SELECT count(*) FROM counter_service cs JOIN counter c ON c.code = cs.counter
WHERE cs.service = :service AND cs.active AND c.status = 'open'
"""

RECENT_SERVICE_TIMES = """
SELECT finished_at - started_at FROM visit
WHERE service = :service AND outcome = 'served' AND finished_at > :since
ORDER BY finished_at DESC LIMIT 20
"""

COUNTERS = """
SELECT c.code, c.label, c.zone, c.status, v.id, t.number, t.state
FROM counter c
LEFT JOIN visit v ON v.counter = c.code AND v.outcome IS NULL
LEFT JOIN ticket t ON t.id = v.ticket
WHERE c.code = :only OR :only IS NULL
ORDER BY c.position
"""

ACTIVE_SERVICES = "SELECT counter, service FROM counter_service WHERE active ORDER BY counter, position"

SET_COUNTER = "UPDATE counter SET status = :status WHERE code = :counter"
COUNTER_STATUS = "SELECT status FROM counter WHERE code = :counter"
SET_ACTIVE = "UPDATE counter_service SET active = :active WHERE counter = :counter AND service = :service"

CANCEL_TICKET = "UPDATE ticket SET state = 'cancelled', finished_at = :now WHERE id = :id"

EXPIRE_PAST = """
UPDATE ticket SET state = 'expired', finished_at = :now
WHERE state = 'waiting' AND day < :day
RETURNING id, service, number
"""

CALLS = """
SELECT id, number, counter, at, times, expires_at FROM call
WHERE expires_at > :now ORDER BY at DESC, id DESC LIMIT :most
"""
RECENT = """
SELECT t.number, v.counter, v.called_at FROM visit v JOIN ticket t ON t.id = v.ticket
WHERE v.called_at >= :since ORDER BY v.called_at DESC, v.id DESC LIMIT :most
"""
MISSED = """
SELECT t.number, v.counter, v.finished_at FROM visit v JOIN ticket t ON t.id = v.ticket
WHERE v.called_at >= :since AND v.outcome = 'no_show' ORDER BY v.called_at DESC, v.id DESC LIMIT :most
"""
LAST_CALLED = """
SELECT t.number FROM visit v JOIN ticket t ON t.id = v.ticket
WHERE v.service = :service AND v.called_at >= :since ORDER BY v.called_at DESC, v.id DESC LIMIT 1
"""
