"""What a ticket says, on the screen and on its slip. Pure."""

from collections.abc import Sequence
from datetime import datetime

from devices.slip import TicketFacts
from hub.wire import HallAnswer, Language, Ticket
from kiosk.words import (
    SOON_MINUTES,
    ahead_words,
    go_words,
    hall_name,
    name_of,
    number_of,
    say,
    service_name,
    wait_words,
)

DOCUMENTS_ON_SLIP = 4


def ticket_lines(ticket: Ticket, hall: HallAnswer | None, lang: Language) -> tuple[str, ...]:
    """What a ticket says besides its number, the last line being where to go."""
    lines = [ahead_words(ticket.ahead, lang)] if ticket.ahead is not None else []
    if ticket.wait_minutes is not None and (ticket.ahead is None or ticket.wait_minutes.high > SOON_MINUTES):
        lines.append(wait_words(ticket.wait_minutes, lang))
    lines += [line for line in (priority_words(ticket, hall, lang), afterwards_words(ticket, hall, lang)) if line]
    return (*lines, where_words(ticket, hall, lang))


def priority_words(ticket: Ticket, hall: HallAnswer | None, lang: Language) -> str:
    """The priority it has; "" for an ordinary ticket."""
    known = hall.priorities if hall else []
    names = next((one.names for one in known if one.name == ticket.priority and one.head_start_minutes), None)
    return say("has_priority", lang, which=name_of(names, lang)) if names else ""


def afterwards_words(ticket: Ticket, hall: HallAnswer | None, lang: Language) -> str:
    """The services still to come with the same number; "" for none."""
    names = [service_name(code, hall, lang) for code in ticket.services_left or ()]
    return say("afterwards", lang, list=("、" if lang != "en" else ", ").join(names)) if names else ""


def counter_labels(codes: Sequence[str], hall: HallAnswer | None, lang: Language) -> list[str]:
    """What stands on these counters."""
    labels = {counter.code: counter.label or counter.code for counter in hall.counters} if hall else {}
    return [_told(code, labels.get(code, code), lang) for code in codes]


def where_words(ticket: Ticket, hall: HallAnswer | None, lang: Language) -> str:
    zones = {zone.code: name_of(zone.names, lang) for zone in hall.zones} if hall and len(hall.zones) > 1 else {}
    return go_words(counter_labels(ticket.counters, hall, lang), lang, zone=zones.get(ticket.zone or "", ""))


def _told(code: str, label: str, lang: Language) -> str:
    """Labels have one language: who reads no Chinese is sent to the counter's code."""
    label = number_of(label)
    return label if lang == "zh" or label.isascii() else code


def bring_words(ticket: Ticket, hall: HallAnswer | None, lang: Language) -> str:
    """The papers a citizen should have ready; "" when the service names none."""
    services = hall.services if hall else []
    documents = next((service.documents for service in services if service.code == ticket.service), [])
    names = [name_of(document, lang) for document in documents[:DOCUMENTS_ON_SLIP]]
    return say("bring", lang, list=("、" if lang != "en" else ", ").join(names)) if names else ""


def slip_facts(ticket: Ticket, hall: HallAnswer | None, issued_at: datetime, lang: Language) -> TicketFacts:
    """Everything the paper says; `issued_at` is in the hall's time zone."""
    *reading, where = ticket_lines(ticket, hall, lang)
    bring = bring_words(ticket, hall, lang)
    return TicketFacts(
        hall=hall_name(hall, lang),
        number=ticket.number,
        service=service_name(ticket.service, hall, lang),
        lines=(*reading, *([bring] if bring else []), say("watch", lang), where),
        time=f"{issued_at:%Y-%m-%d %H:%M}",
        url=ticket.status_url,
        url_caption=say("scan", lang),
        footer=say("slip_footer", lang),
    )
