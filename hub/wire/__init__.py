"""Every message that crosses a process: commands, answers, the board, station frames.

Pydantic only; knows nothing else of the house. Unknown fields are refused, absent optional
fields are left out of the JSON.
"""

from hub.wire.board import (
    BeatMessage,
    Board,
    BoardCall,
    BoardCounter,
    BoardHall,
    BoardMessage,
    BoardMissed,
    BoardRecent,
    BoardService,
    PatchMessage,
    merge,
)
from hub.wire.calendar import CalendarAnswer, CalendarDay, ClosedReason, DateKind, NewCalendar, Standing
from hub.wire.counters import CallAnswer, CallNext, Counter, Finish, OpenCounter
from hub.wire.evaluations import Evaluate, EvaluationTaken
from hub.wire.hall import HallAnswer, Opening, Service, Zone
from hub.wire.message import Message, Names, WaitRange
from hub.wire.names import (
    CALLED_STATES,
    LEVELS,
    CounterState,
    EvaluationChannel,
    Language,
    Level,
    PrintOutcome,
    Role,
    TicketChannel,
    TicketState,
)
from hub.wire.problems import Problem
from hub.wire.stations import (
    DeviceReport,
    DeviceState,
    Drawn,
    Hello,
    Invite,
    Screen,
    ShowScreen,
    Target,
    Touch,
    Welcome,
)
from hub.wire.tickets import IssueTicket, PrintFailed, PublicTicket, Ticket

__all__ = [
    "CALLED_STATES",
    "LEVELS",
    "BeatMessage",
    "Board",
    "BoardCall",
    "BoardCounter",
    "BoardHall",
    "BoardMessage",
    "BoardMissed",
    "BoardRecent",
    "BoardService",
    "CalendarAnswer",
    "CalendarDay",
    "CallAnswer",
    "CallNext",
    "ClosedReason",
    "Counter",
    "CounterState",
    "DateKind",
    "DeviceReport",
    "DeviceState",
    "Drawn",
    "Evaluate",
    "EvaluationChannel",
    "EvaluationTaken",
    "Finish",
    "HallAnswer",
    "Hello",
    "Invite",
    "IssueTicket",
    "Language",
    "Level",
    "Message",
    "Names",
    "NewCalendar",
    "OpenCounter",
    "Opening",
    "PatchMessage",
    "PrintFailed",
    "PrintOutcome",
    "Problem",
    "PublicTicket",
    "Role",
    "Screen",
    "Service",
    "ShowScreen",
    "Standing",
    "Target",
    "Ticket",
    "TicketChannel",
    "TicketState",
    "Touch",
    "WaitRange",
    "Welcome",
    "Zone",
    "merge",
]
