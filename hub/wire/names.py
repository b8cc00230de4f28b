"""The closed vocabularies. Names are stored and spoken inside; national and provincial codes exist only in exports."""

from typing import Literal, get_args

Language = Literal["zh", "en"]

#: Under this name the hub says on the network where it is, and stations look for it (zeroconf).
SERVICE_TYPE = "_servicehall._tcp.local."

TicketState = Literal["waiting", "called", "serving", "held", "no_show", "finished", "cancelled", "expired"]
CounterState = Literal["closed", "open", "calling", "serving", "away"]

#: How one stay at a counter ended.
VisitOutcome = Literal["served", "no_show", "held", "transferred"]

#: A ticket in one of these belongs to an open visit at a counter.
CALLED_STATES: tuple[TicketState, ...] = ("called", "serving")

#: 评价等级, best first. 满意 (satisfied) is the first three, 差评 the last two.
Level = Literal["very_satisfied", "satisfied", "basically_satisfied", "dissatisfied", "very_dissatisfied"]
LEVELS: tuple[Level, ...] = get_args(Level)

TicketChannel = Literal["kiosk", "staff", "web", "phone", "appointment"]

#: 评价渠道. `keypad` 按键评价器, `tablet` 平板评价器, `qr` 二维码; `paper` is a form typed in by staff and
#: never enters the satisfaction rate.
EvaluationChannel = Literal["keypad", "tablet", "qr", "kiosk", "web", "phone", "sms", "paper"]

#: People with an account, each of whom has exactly one role.
StaffRole = Literal["clerk", "duty_leader", "manager", "administrator", "auditor"]
STAFF_ROLES: tuple[StaffRole, ...] = get_args(StaffRole)

Role = Literal["citizen", "clerk", "duty_leader", "manager", "administrator", "auditor", "kiosk", "display", "counter"]

#: What the printer itself said about a slip: it came out, it did not, nobody can tell, or the printer stopped in the
#: middle and holds the rest, which comes out when the fault is mended.
PrintOutcome = Literal["printed", "not_printed", "unknown", "held"]
