"""Which file each sub-command takes."""

from hub.imports.cases import (
    APPOINTMENTS,
    CASES,
    COMPLAINTS,
    CONSULTATIONS,
    NOTICES,
    ONLINE_DESK,
    SERVICES,
)
from hub.imports.findings import FINDINGS
from hub.imports.register import Register
from hub.imports.staff import ATTENDANCE, BALLOTS, COUNTER_STATES, LEADER_VISITS, POSTS, SELF_CHECKS, STAFF
from hub.imports.visits import VISITS

#: Told apart by their header.
REGISTERS = (
    SERVICES,
    CONSULTATIONS,
    ONLINE_DESK,
    APPOINTMENTS,
    POSTS,
    COUNTER_STATES,
    NOTICES,
    LEADER_VISITS,
    BALLOTS,
    STAFF,
    SELF_CHECKS,
)

BY_COMMAND: dict[str, tuple[Register, ...]] = {
    "visits": (VISITS,),
    "cases": (CASES,),
    "complaints": (COMPLAINTS,),
    "attendance": (ATTENDANCE,),
    "registers": REGISTERS,
    "findings": (FINDINGS,),
}

#: Where the rows of each register go.
TABLES = {register.name: register.tables for registers in BY_COMMAND.values() for register in registers}
