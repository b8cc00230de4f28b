"""The hall's days for deadlines: its calendar and the close of business of each day."""

from datetime import date

from hub.calendar.plan import Plan, hours_on
from hub.cases.deadlines import DayRules
from hub.settings import CasesSettings


def day_rules(plan: Plan, service: str | None, rule: CasesSettings) -> DayRules:
    """A service with hours of its own closes by them."""

    def closes(day: date) -> int | None:
        hours = hours_on(plan, service, day)
        return hours.spans[-1].end if hours.spans and not hours.always else None

    return DayRules(
        calendar=plan.calendar,
        zone=plan.zone,
        closes=closes,
        correction_days=rule.correction_days,
        restart_same_day=rule.restart == "same_day",
    )
