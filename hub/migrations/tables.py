"""Every table of the hub, imported so that the metadata is whole."""

from hub.access import TokenRow
from hub.backup import BackupRow
from hub.calendar.tables import (
    CalendarDateRow,
    CalendarVersionRow,
    QuotaReturnedRow,
    QuotaTakenRow,
    RotaRow,
    ServiceOpeningRow,
    SpecialDayRow,
)
from hub.cases.tables import (
    CaseRow,
    ComplaintRow,
    ConsultationRow,
    DeadlineRow,
    NoticeRow,
    OnlineDeskRow,
    PastAppointmentRow,
    ServiceTermsRow,
    StepRow,
    SuspensionRow,
)
from hub.devices.tables import AlertLetterRow, AlertRow, DeviceHubRow, DeviceSpellRow
from hub.evaluation.tables import EvaluationRow, InvitationRow
from hub.journal import JournalHead, JournalRow
from hub.keys import KeyMark
from hub.once import IdempotencyRow
from hub.people.tables import AccountRow, FailureRow, SessionRow
from hub.queue.tables import (
    CallRow,
    CounterRow,
    CounterServiceRow,
    HallRow,
    PriorityRow,
    SeriesRow,
    ServiceRow,
    TicketRow,
    VisitRow,
    ZoneRow,
)
from hub.seals import SealRow
from hub.staff.tables import (
    AttendanceRow,
    BallotRow,
    CounterStateRow,
    DepartmentRow,
    HistoricRow,
    ImportRunRow,
    LeaderVisitRow,
    PostRow,
    SelfCheckRow,
    StaffRow,
)

ALL = (
    AlertLetterRow,
    AlertRow,
    DeviceHubRow,
    DeviceSpellRow,
    BackupRow,
    CalendarDateRow,
    CalendarVersionRow,
    QuotaReturnedRow,
    QuotaTakenRow,
    RotaRow,
    ServiceOpeningRow,
    SpecialDayRow,
    AccountRow,
    FailureRow,
    SessionRow,
    CallRow,
    CounterRow,
    CounterServiceRow,
    EvaluationRow,
    HallRow,
    IdempotencyRow,
    InvitationRow,
    JournalHead,
    JournalRow,
    KeyMark,
    PriorityRow,
    SealRow,
    SeriesRow,
    ServiceRow,
    TicketRow,
    TokenRow,
    VisitRow,
    ZoneRow,
    CaseRow,
    ComplaintRow,
    ConsultationRow,
    DeadlineRow,
    NoticeRow,
    OnlineDeskRow,
    PastAppointmentRow,
    ServiceTermsRow,
    StepRow,
    SuspensionRow,
    AttendanceRow,
    BallotRow,
    CounterStateRow,
    DepartmentRow,
    HistoricRow,
    ImportRunRow,
    LeaderVisitRow,
    PostRow,
    SelfCheckRow,
    StaffRow,
)
