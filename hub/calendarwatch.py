"""Watches the calendar: a year that is missing stands as a trouble until somebody imports it."""

from dataclasses import dataclass

from hub.calendar.standing import CODES, warnings
from hub.edges import Hub
from hub.troubles import Trouble


@dataclass
class CalendarWatch:
    """This year's data at any time, next year's from 1 November."""

    hub: Hub

    async def __call__(self) -> None:
        hub, now = self.hub, self.hub.store.now()
        found = {one.code: one.names for one in warnings(hub.hall.plan.calendar, hub.hall.local(now).date())}
        for code in CODES:
            if code in found:
                hub.troubles.tell(Trouble(code, found[code]["zh"], found[code]["en"], now))
            else:
                hub.troubles.clear(code)
