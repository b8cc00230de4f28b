"""Leads into proposals: read what the registers show, then write what is new."""

from hub.assessment.leads import Lead, leads
from hub.assessment.periods import Period
from hub.assessment.reading import EVERY_UNIT, read_facts
from hub.assessment.results import question, readings_of
from hub.assessment.rules import checked_effect
from hub.assessment.scheme import Scheme
from hub.assessment.tables import FindingRow
from hub.assessment.verbs import propose_leads
from hub.clock import hall_day, micros
from hub.edges import Hub
from hub.opening_hours import CalendarSettings
from hub.store import Reader, Who
from hub.wire import Proposed

#: The column of a finding's note.
_NOTE_MOST = 500


async def propose(hub: Hub, who: Who, scheme: Scheme, period: str) -> Proposed:
    """Raises Invalid (period), NotAllowed (period closed)."""
    asked = question(scheme, period)
    seen = await hub.store.read(_leads, scheme, asked.period, hub.settings.calendar)
    zone = hub.hall.zone_info
    rows = [_row(scheme, lead, hall_day(lead.at, zone)) for lead in seen]
    proposed = await hub.store.write(propose_leads, who, None, scheme.code, rows, asked.period)
    return Proposed(seen=len(rows), proposed=proposed)


def _leads(reader: Reader, scheme: Scheme, period: Period, rules: CalendarSettings) -> list[Lead]:
    known = read_facts(reader.rows, scheme, period, rules, reader.now, unit=EVERY_UNIT)
    chosen = readings_of(reader.rows, scheme)
    return [lead for facts in known.units.values() for lead in leads(scheme, period, facts, chosen)]


def _row(scheme: Scheme, lead: Lead, day: str) -> FindingRow:
    seen = lead.seen
    by_counter = scheme.unit == "counter"
    return FindingRow(
        id="",
        scheme=scheme.code,
        item=lead.item.code,
        at=micros(seen.at),
        day=day,
        department="" if by_counter else lead.unit,
        counter=lead.unit if by_counter else seen.counter or None,
        clerk=seen.clerk or None,
        effect=checked_effect(scheme, lead.item, None, lead.compare_to or None),
        event=seen.event or None,
        compare_to=lead.compare_to or None,
        note=seen.note[:_NOTE_MOST],
        state="proposed",
        lead=lead.key,
        made_at=0,
        made_by="",
    )
