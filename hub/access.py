"""Who may do what. Tokens are kept as SHA-256 only; a station or clerk is bound to its counter by its token."""

import hashlib
import secrets
from collections.abc import Mapping
from typing import Literal

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from hub.clock import micros
from hub.journal import EntryKind, RunSql
from hub.problems import Forbidden, Invalid, Unauthorized, Unknown
from hub.store import Tx, Who
from hub.wire import STAFF_ROLES, Role

Act = Literal[
    "see_board",
    "see_ticket",
    "explain_place",
    "read_person",
    "take_ticket",
    "cancel_ticket",
    "requeue_ticket",
    "paper",
    "run_counter",
    "close_any_counter",
    "evaluate",
    "export",
    "stations",
    "pair_stations",
    "see_people",
    "manage_people",
    "see_journal",
    "configure",
    "see_calendar",
    "change_calendar",
    "see_findings",
    "enter_finding",
    "decide_finding",
    "appeal_finding",
    "keep_assessment",
    "see_cases",
    "keep_cases",
    "see_complaints",
    "file_complaint",
    "decide_complaint",
    "see_attendance",
    "keep_attendance",
    "import_registers",
    "publish",
]

#: Who may do what. Whoever makes accounts and settings (administrator 管理员) sees no figures and no journal, whoever
#: reads the journal (auditor 审计员) changes nothing, and nobody is both: GB/T 22239-2019 8.1.4.2 管理权限分离.
MAY: dict[Act, frozenset[Role]] = {
    # the hall, its board, the state of a counter
    "see_board": frozenset({*STAFF_ROLES, "kiosk", "display", "counter", "citizen"}),
    "see_ticket": frozenset({*STAFF_ROLES, "kiosk", "counter"}),
    "take_ticket": frozenset({"kiosk", "clerk", "duty_leader", "manager"}),
    "cancel_ticket": frozenset({"kiosk", "clerk", "duty_leader", "manager"}),
    # a no-show comes back into the queue
    "requeue_ticket": frozenset({"kiosk", "clerk", "counter", "duty_leader", "manager"}),
    # why a ticket is where it is
    "explain_place": frozenset({"clerk", "counter", "duty_leader", "manager", "auditor"}),
    # printed, not printed, print again
    "paper": frozenset({"kiosk", "duty_leader", "manager"}),
    # a ticket's holder: masked, or with a recorded reason
    "read_person": frozenset({"duty_leader", "manager"}),
    # everything at a counter, for whoever is bound to it: by sitting there, or by its token; whether a chosen ticket
    # may be called is the hall's own rule ([queue] chosen_call_roles)
    "run_counter": frozenset({"clerk", "duty_leader", "counter"}),
    # whose clerk went away and left it open
    "close_any_counter": frozenset({"duty_leader", "manager"}),
    "evaluate": frozenset({"counter", "kiosk"}),
    # figures and assessments
    "export": frozenset({"duty_leader", "manager", "auditor"}),
    # which stations are connected, and what they show
    "stations": frozenset({"duty_leader", "manager", "administrator"}),
    "pair_stations": frozenset({"manager", "administrator"}),
    # accounts and sessions, to look at
    "see_people": frozenset({"administrator", "auditor"}),
    "manage_people": frozenset({"administrator"}),
    "see_journal": frozenset({"auditor"}),
    # services, counters, the hall's rules
    "configure": frozenset({"administrator"}),
    "see_calendar": frozenset({*STAFF_ROLES, "kiosk", "display", "counter"}),
    # days off and make-up workdays
    "change_calendar": frozenset({"manager", "administrator"}),
    # registers: who works on cases, who hears of complaints and decides them, who keeps the attendance record
    "see_cases": frozenset({"clerk", "duty_leader", "manager", "auditor"}),
    "keep_cases": frozenset({"clerk", "duty_leader", "manager"}),
    # findings: a clerk those of their own counter; confirming, dismissing and reviewing is the manager's (督察)
    "see_findings": frozenset({"clerk", "duty_leader", "manager", "auditor"}),
    "enter_finding": frozenset({"duty_leader", "manager"}),
    "decide_finding": frozenset({"manager"}),
    "appeal_finding": frozenset({"clerk", "duty_leader", "manager"}),
    # periods closed and reopened, readings, classes
    "keep_assessment": frozenset({"manager"}),
    "see_complaints": frozenset({"duty_leader", "manager", "auditor"}),
    "file_complaint": frozenset({"duty_leader", "manager"}),
    "decide_complaint": frozenset({"manager"}),
    "see_attendance": frozenset({"duty_leader", "manager", "auditor"}),
    "keep_attendance": frozenset({"duty_leader", "manager"}),
    # files into the registers; an administrator brings a hall's past years without seeing any of it
    "import_registers": frozenset({"manager", "administrator"}),
    # what stands on the hall's screens as a notice
    "publish": frozenset({"manager"}),
}

#: Roles that a token may be made for, and whether it must be bound to a counter.
TOKEN_ROLES: dict[str, bool] = {
    "clerk": True,
    "counter": True,
    "kiosk": False,
    "display": False,
    "duty_leader": False,
    "manager": False,
    "administrator": False,
    "auditor": False,
}


class TokenRow(SQLModel, table=True):
    """A token of a station, program or person; the token itself is shown once and never stored."""

    __tablename__ = "token"

    name: str = Field(primary_key=True)
    role: str
    counter: str | None = Field(default=None, foreign_key="counter.code")
    hash: str = Field(unique=True)
    added_at: int = Field(sa_type=BigInteger)


def token_hash(token: str) -> str:
    """Tokens are 256 random bits, so a plain hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


#: What changes who may come in.
TOKEN_KINDS: frozenset[EntryKind] = frozenset({"token_added", "token_removed", "station_paired"})


def add_token(tx: Tx, name: str, role: str, counter: str | None, token: str) -> Who:
    """Store a new token. Raises Invalid (role, name in use, counter missing), Unknown (counter)."""
    who = keep_token(tx, name, role, counter, token_hash(token))
    tx.record("token_added", name=name, role=role, counter_bound=counter)
    return who


def keep_token(tx: Tx, name: str, role: str, counter: str | None, hashed: str) -> Who:
    """Store a token of which only the hash is known; the caller records it. Raises as `add_token`."""
    if role not in TOKEN_ROLES:
        raise Invalid("role", "、".join(TOKEN_ROLES))
    if TOKEN_ROLES[role] != (counter is not None):
        raise Invalid("counter", f"role {role}: {'needs --counter' if TOKEN_ROLES[role] else 'takes no --counter'}")
    if counter is not None and not tx.rows("SELECT 1 FROM counter WHERE code = :code", code=counter):
        raise Unknown("counter", counter, field="counter")
    if name_taken(tx.rows, name):
        raise Invalid("name", f"{name}: already in use / 已存在")
    tx.insert(TokenRow(name=name, role=role, counter=counter, hash=hashed, added_at=micros(tx.now)))
    return Who(name, role, counter)  # type: ignore[arg-type]  # checked against TOKEN_ROLES


def remove_token(tx: Tx, name: str) -> None:
    """It stands for nobody any more, on every process. Raises Unknown."""
    if not tx.rows("DELETE FROM token WHERE name = :name RETURNING name", name=name):
        raise Unknown("token", name)
    tx.record("token_removed", name=name)


def name_taken(run: RunSql, name: str) -> bool:
    """Whether a token or an account has it: in the journal a name stands for one of them."""
    rows = run("SELECT name FROM token WHERE name = :name UNION SELECT name FROM account WHERE name = :name", name=name)
    return bool(rows)


def new_token() -> str:
    return secrets.token_urlsafe(32)


def load_tokens(run: RunSql) -> dict[str, Who]:
    """All tokens by their hash."""
    return {row[0]: Who(row[1], row[2], row[3]) for row in run("SELECT hash, name, role, counter FROM token")}


class Access:
    """Answers who a token stands for and refuses what the role may not do. `fixed` are the demo's tokens."""

    def __init__(self, *, public_board: bool, fixed: Mapping[str, Who] | None = None) -> None:
        self.public_board = public_board
        self._fixed = {token_hash(token): who for token, who in (fixed or {}).items()}
        self._known: dict[str, Who] = dict(self._fixed)

    def reload(self, tokens: Mapping[str, Who]) -> None:
        self._known = {**tokens, **self._fixed}

    def who(self, token: str | None) -> Who | None:
        """The holder of a token; None without one. Raises Unauthorized for a wrong one."""
        if not token:
            return None
        who = self._known.get(token_hash(token))
        if who is None:
            raise Unauthorized
        return who

    def holds(self, hashed: str) -> bool:
        """Whether the token with this hash still stands for somebody."""
        return hashed in self._known

    def check(self, who: Who | None, act: Act) -> Who:
        """Raises Unauthorized for nobody, Forbidden for the wrong role."""
        if who is None:
            if act == "see_board" and self.public_board:
                return Who("anyone", "citizen")
            raise Unauthorized
        if who.role not in MAY[act]:
            raise Forbidden(role=who.role)
        return who

    def check_counter(self, who: Who | None, counter: str) -> Who:
        """Only who is bound to the counter may act there: nobody calls for another's counter."""
        known = self.check(who, "run_counter")
        if known.counter != counter:
            raise Forbidden(role=known.role)
        return known


def bearer(header: str | None) -> str | None:
    """The token of an `Authorization` header."""
    scheme, _, token = (header or "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None
