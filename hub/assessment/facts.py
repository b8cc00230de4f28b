"""What metrics read: the facts of one unit, as the registers have them. Pure; all moments are hall time (aware).

`reading.py` fills these from the database, tests write them by hand.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from typing import Literal

from hub.wire import Level

CaseOutcome = Literal["approved", "refused", "withdrawn", "returned", "not_accepted", "open"]
Effect = Literal["deduct", "bonus", "zero", "score", "veto"]


@dataclass(frozen=True, slots=True)
class Case:
    """办件. `due` is when its time ends by the register's rules; `level` only what a citizen answered themselves."""

    case_no: str
    closed: datetime | None = None
    outcome: CaseOutcome = "open"
    due: datetime | None = None
    overdue: bool = False
    on_site: bool = True
    kind: str = "promised"
    online: bool = False
    level: Level | None = None
    prereview_due: datetime | None = None
    prereview_at: datetime | None = None
    prereview_passed: bool = False
    service: str = ""
    counter: str = ""
    clerk: str = ""
    applicant: str = ""
    corrections: int = 0
    return_reason: str = ""
    offsite_stages: tuple[str, ...] = ()
    council_approved: bool = False
    signed_by: str = ""
    issued_counter: str = ""
    has_paper: bool = True


@dataclass(frozen=True, slots=True)
class Complaint:
    """投诉. Only `verified` ones count (有效投诉, 经查属实); `event` ties it to findings of the same happening."""

    complaint_no: str
    made: datetime
    verified: bool
    decided: datetime | None = None
    event: str = ""
    clerk: str = ""


@dataclass(frozen=True, slots=True)
class Absence:
    """A line of the attendance register: what was recorded; the scheme's rules decide by the minutes."""

    clerk: str
    day: date
    kind: Literal["late", "early", "off_post", "absent"]
    minutes: int = 0
    session: Literal["am", "pm", "day"] = "day"
    excused: Literal["none", "leave", "public"] = "none"
    stand_in: str = ""
    whereabouts: str = ""
    counter: str = ""


@dataclass(frozen=True, slots=True)
class Tally:
    """Visits of a unit finished in one month (`2026-03`): citizens' own answers by level, and waiting."""

    month: str
    levels: Mapping[Level, int] = field(default_factory=dict)
    finished: int = 0
    defaulted: int = 0
    typed: int = 0
    waited: int = 0
    waited_s: int = 0


@dataclass(frozen=True, slots=True)
class BadAnswer:
    """A visit that its citizen was not satisfied with."""

    visit: str
    number: str
    at: datetime
    level: Level
    counter: str = ""


@dataclass(frozen=True, slots=True)
class Consultation:
    """咨询. `level` is a citizen's own answer."""

    consult_no: str
    asked: datetime
    answered: datetime | None = None
    channel: str = "web"
    service: str = ""
    person: str = ""
    case_no: str = ""
    level: Level | None = None


@dataclass(frozen=True, slots=True)
class DeskTime:
    """The online desk was staffed from … to."""

    begin: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class ServiceTerms:
    """A service's days by law and as promised, and whether its steps, sample and guide are there (None: unrecorded)."""

    service: str
    legal_days: int | None = None
    promised_days: int | None = None
    steps_complete: bool | None = None
    sample: bool | None = None
    guide: bool | None = None
    valid_from: date | None = None


@dataclass(frozen=True, slots=True)
class SelfCheck:
    """自查自评 of one month, 0–100."""

    month: str
    score: Fraction


@dataclass(frozen=True, slots=True)
class Ballot:
    """民主测评 of one voter, 0–100."""

    ballot_no: str
    year: int
    target: str
    voter_group: str
    score: Fraction


@dataclass(frozen=True, slots=True)
class LeaderVisit:
    """A leader came to the counter: `principal` 主要领导, `in_charge` 分管领导."""

    at: datetime
    person: str
    rank: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A confirmed finding. `points` are for one of `quantity`, positive; None takes the item's own."""

    id: str
    item: str
    at: datetime
    effect: Effect
    points: Fraction | None = None
    quantity: int = 1
    event: str = ""
    compare_to: str = ""
    counter: str = ""
    clerk: str = ""
    note: str = ""
    entered_by: str = ""
    confirmed_by: str = ""
    origin: str = "entered"
    entered: datetime | None = None
    confirmed: datetime | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """岗位 and who steps in (B岗), in order."""

    post: str
    clerk: str
    stand_ins: tuple[str, ...]
    valid_from: date
    valid_to: date | None = None
    counter: str = ""


@dataclass(frozen=True, slots=True)
class CounterSpan:
    """A counter was `open`, `away`, `closed` … from … to."""

    counter: str
    begin: datetime
    end: datetime
    state: str
    stand_in: str = ""


@dataclass(frozen=True, slots=True)
class Booking:
    """预约. `online` when it did not come by telephone or at the desk."""

    appointment_no: str
    slot: datetime
    state: str
    requested: datetime
    counter: str = ""
    online: bool = True


@dataclass(frozen=True, slots=True)
class KindChange:
    """A case was made another kind after it was taken in."""

    case_no: str
    at: datetime
    before: str
    after: str
    clerk: str = ""


@dataclass(frozen=True, slots=True)
class Colleague:
    """窗口人员 of the unit."""

    clerk: str
    valid_from: date
    valid_to: date | None = None
    counter: str = ""
    established: bool | None = None
    chief: bool = False


@dataclass(frozen=True)
class Facts:
    """Everything about one unit. `since` is the first day that anything is known of it; `working_days`,
    `statutory_days` and `calendar_version` are the calendar's, `closing` when work ends on a day; `now` is when the
    score is computed.
    """

    unit: str = ""
    now: datetime | None = None
    since: date | None = None
    cases: tuple[Case, ...] = ()
    complaints: tuple[Complaint, ...] = ()
    absences: tuple[Absence, ...] = ()
    tallies: tuple[Tally, ...] = ()
    bad_answers: tuple[BadAnswer, ...] = ()
    consultations: tuple[Consultation, ...] = ()
    desk_times: tuple[DeskTime, ...] = ()
    services: tuple[ServiceTerms, ...] = ()
    self_checks: tuple[SelfCheck, ...] = ()
    ballots: tuple[Ballot, ...] = ()
    leader_visits: tuple[LeaderVisit, ...] = ()
    findings: tuple[Finding, ...] = ()
    colleagues: tuple[Colleague, ...] = ()
    posts: tuple[Post, ...] = ()
    counter_spans: tuple[CounterSpan, ...] = ()
    bookings: tuple[Booking, ...] = ()
    kind_changes: tuple[KindChange, ...] = ()
    class_: str = ""
    working_days: frozenset[date] = frozenset()
    statutory_days: frozenset[date] = frozenset()
    closing: Mapping[date, datetime] = field(default_factory=dict)
    calendar_version: int = 0


def terms_at(services: Iterable[ServiceTerms], last: date) -> list[ServiceTerms]:
    """The newest terms of every service that were valid on that day."""
    newest: dict[str, ServiceTerms] = {}
    for one in services:
        since = one.valid_from or date.min
        if since <= last and since >= (
            newest[one.service].valid_from or date.min if one.service in newest else date.min
        ):
            newest[one.service] = one
    return [newest[service] for service in sorted(newest)]


def months_of(tallies: Iterable[Tally], first: date, last: date) -> list[Tally]:
    """The tallies of the months from `first` to `last`."""
    return [tally for tally in tallies if f"{first:%Y-%m}" <= tally.month <= f"{last:%Y-%m}"]
