"""What can be done with the holders of tickets; each function is one verb, run in one transaction."""

from dataclasses import dataclass
from datetime import timedelta

from hub.clock import micros
from hub.persons.rules import TAIL, good_reason, id_number, masked, phone_number
from hub.persons.safe import NONCE_BYTES, Safe
from hub.persons.tables import PersonRow
from hub.problems import Invalid, LiveTicketExists, Unknown
from hub.queue import tickets
from hub.queue.hall import HallFacts
from hub.settings import PrivacySettings
from hub.store import Rank, Tx, in_turn
from hub.wire import Holder, HolderKept, IssueTicket, Ticket

ID_LENGTH = 18
PHONE_LENGTH = 11

_LIVE = """
SELECT ticket.number FROM person JOIN ticket ON ticket.id = person.ticket
WHERE person.id_hash = :id_hash AND ticket.service = :service
  AND ticket.state IN ('waiting', 'called', 'serving', 'held')
"""
_OF_TICKET = """
SELECT ticket.number, person.id_tail, person.phone_sealed, person.phone_tail
FROM ticket LEFT JOIN person ON person.ticket = ticket.id WHERE ticket.id = :ticket
"""


@dataclass(frozen=True)
class Persons:
    """The room's tools: the hall's rule and its keys."""

    safe: Safe
    rule: PrivacySettings

    @in_turn(Rank.NUMBER, tickets.series_of)
    def issue(self, tx: Tx, hall: HallFacts, command: IssueTicket) -> Ticket:
        """A ticket, and what must be known of its holder.

        Raises as `tickets.issue`, and Invalid (ID number, telephone), LiveTicketExists.
        """
        said = checked(command.person) if command.person else Holder()
        ticket = tickets.issue(tx, hall, command)
        if said == Holder():
            return ticket
        id_hash = self.safe.hash(said.id_number) if said.id_number else None
        if id_hash and self.rule.one_live_ticket:
            _must_hold_no_other(tx, id_hash, [command.service, *command.services])
        self._keep(tx, ticket.id, said, id_hash)
        return ticket

    def _keep(self, tx: Tx, ticket: str, said: Holder, id_hash: str | None) -> None:
        sealed = None
        if said.phone:
            sealed = self.safe.seal(said.phone, ticket, bytes.fromhex(tx.new_secret())[:NONCE_BYTES])
        tx.insert(
            PersonRow(
                ticket=ticket,
                id_hash=id_hash,
                id_tail=said.id_number[-TAIL:] if said.id_number else None,
                phone_sealed=sealed,
                phone_tail=said.phone[-TAIL:] if said.phone else None,
                kept_at=micros(tx.now),
            )
        )

    def read(self, tx: Tx, ticket: str, reason: str | None) -> HolderKept:
        """Masked; with a reason the telephone number in clear, which is recorded. Raises Unknown, Invalid."""
        found = tx.rows(_OF_TICKET, ticket=ticket)
        if not found:
            raise Unknown("ticket", ticket)
        number, id_tail, sealed, phone_tail = found[0]
        phone = masked(phone_tail, PHONE_LENGTH) if phone_tail else None
        if reason is not None:
            if not good_reason(reason):
                raise Invalid("reason", "请写明查看原因，不要写号码 / say why, without anybody's number")
            phone = self.safe.open(sealed, ticket) if sealed else None
            tx.record("person_read", ticket=ticket, reason=reason.strip())
        return HolderKept(
            ticket=ticket,
            number=number,
            id_number=masked(id_tail, ID_LENGTH) if id_tail else None,
            phone=phone,
            masked=reason is None,
        )

    def forget(self, tx: Tx) -> int:
        """Delete what is past the retention; how many tickets' holders that were."""
        oldest = micros(tx.now - timedelta(days=self.rule.keep_days))
        gone = tx.rows("DELETE FROM person WHERE kept_at <= :oldest RETURNING ticket", oldest=oldest)
        if gone:
            tx.record("persons_deleted", count=len(gone))
        return len(gone)


def checked(person: Holder) -> Holder:
    """As it is hashed and sealed. Raises Invalid; what was said does not stand in the sentence."""
    known_id = id_number(person.id_number) if person.id_number else None
    if person.id_number and known_id is None:
        raise Invalid(
            "person.id_number", "请核对 18 位公民身份号码 / 18 characters of a resident's ID card; check them"
        )
    phone = phone_number(person.phone) if person.phone else None
    if person.phone and phone is None:
        raise Invalid("person.phone", "请核对电话号码 / check the telephone number")
    return Holder(id_number=known_id, phone=phone)


def _must_hold_no_other(tx: Tx, id_hash: str, services: list[str]) -> None:
    """Two requests at once cannot both pass: each has locked the service's series row by taking its number."""
    for service in services:
        live = tx.rows(_LIVE, id_hash=id_hash, service=service)
        if live:
            raise LiveTicketExists(number=live[0][0])
