"""Holders of tickets: checked, hashed, sealed, matched, masked, deleted; nothing of them in clear anywhere."""

import asyncio
import json
import logging
import sqlite3
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st

from hub.keys import new_keys
from hub.persons.rules import check_character, good_reason, id_number, masked, phone_number
from hub.persons.safe import Safe
from hub.persons.verbs import Persons
from hub.problems import Invalid, LiveTicketExists, Unknown
from hub.settings import PrivacySettings
from hub.store import SYSTEM, Once, Who
from hub.wire import Holder, HolderKept, IssueTicket, Ticket
from tests.unit.hub.desk import KIOSK, Desk, clerk

LEADER = Who("值班长", "duty_leader")
#: Made up; the check characters are right.
IDS = ("11010519491231002X", "440524188001010014")
PHONE = "13800138000"


class Desks:
    """Tickets for named people at one hall."""

    def __init__(self, desk: Desk, **rule: object) -> None:
        self.desk = desk
        self.persons = Persons(Safe(new_keys()), PrivacySettings.model_validate(rule))

    async def take(self, id_number: str | None = IDS[0], phone: str | None = None, *, service: str = "A") -> Ticket:
        command = IssueTicket(service=service, person=Holder(id_number=id_number, phone=phone))
        return await self.desk.store.write(self.persons.issue, KIOSK, None, self.desk.hall, command)

    async def read(self, ticket: Ticket, reason: str | None = None) -> HolderKept:
        return await self.desk.store.write(self.persons.read, LEADER, None, ticket.id, reason)

    async def forget(self) -> int:
        return await self.desk.store.write(self.persons.forget, SYSTEM, None)


@pytest.fixture
async def desks(desk: Desk) -> Desks:
    return Desks(desk)


# --- the rules -------------------------------------------------------------------------------------------------------

days = st.dates(date(1900, 1, 1), date(2100, 12, 31))
places = st.integers(110000, 659999)


@given(places, days, st.integers(0, 999))
def test_every_well_made_id_number_is_taken_and_every_slip_of_a_digit_is_found(
    place: int, day: date, order: int
) -> None:
    body = f"{place}{day:%Y%m%d}{order:03}"
    whole = body + check_character(body)
    assert id_number(whole) == whole
    assert id_number(f" {whole[:6]} {whole[6:14]}-{whole[14:].lower()} ") == whole
    for at in range(17):
        for digit in "0123456789":
            if digit != whole[at]:
                assert id_number(whole[:at] + digit + whole[at + 1 :]) is None


@given(places, days, st.integers(0, 999), st.integers(0, 15))
def test_two_neighbours_that_change_places_are_found(place: int, day: date, order: int, at: int) -> None:
    body = f"{place}{day:%Y%m%d}{order:03}"
    whole = body + check_character(body)
    swapped = whole[:at] + whole[at + 1] + whole[at] + whole[at + 2 :]
    assert swapped == whole or id_number(swapped) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "110105491231002",
        "11010519491331002X",
        "110105194912310021",
        "1101051949123100",
        "一二三",
        "1" * 18,
        "X" * 18,
    ],
)
def test_what_is_no_id_number_is_refused(text: str) -> None:
    assert id_number(text) is None


@given(st.text(max_size=40))
def test_whatever_is_typed_is_a_number_of_eighteen_or_none(text: str) -> None:
    number = id_number(text)
    assert number is None or (len(number) == 18 and number.isascii())


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        (PHONE, PHONE),
        ("+86 138-0013-8000", PHONE),
        ("008613800138000", PHONE),
        ("１３８００１３８０００", PHONE),
        ("0755-88886666", "075588886666"),
        ("+852 2345 6789", "+85223456789"),
        ("12345", None),
        ("call me", None),
        ("", None),
    ],
)
def test_telephone_numbers_are_read(text: str, phone: str | None) -> None:
    assert phone_number(text) == phone


def test_a_mask_shows_the_end_only() -> None:
    assert masked("002X", 18) == "**************002X"


@pytest.mark.parametrize(
    ("reason", "good"),
    [("群众来电核对", True), ("ok", False), ("    ", False), ("查 13800138000 的号", False), ("A007 号投诉回访", True)],
)
def test_a_reason_says_something_and_names_nobody(reason: str, good: bool) -> None:
    assert good_reason(reason) is good


def test_what_is_sealed_opens_for_its_ticket_and_its_key_only() -> None:
    safe, nonce = Safe(new_keys()), bytes(12)
    sealed = safe.seal(PHONE, "ticket-1", nonce)
    assert safe.open(sealed, "ticket-1") == PHONE
    changed = sealed[:-1] + ("0" if sealed[-1] != "0" else "1")
    for other, data, ticket in (
        (safe, sealed, "ticket-2"),
        (safe, changed, "ticket-1"),
        (Safe(new_keys()), sealed, "ticket-1"),
    ):
        with pytest.raises(InvalidTag):
            other.open(data, ticket)


# --- tickets ---------------------------------------------------------------------------------------------------------


async def test_one_person_holds_one_live_ticket_of_a_service(desks: Desks) -> None:
    first = await desks.take()
    with pytest.raises(LiveTicketExists) as refused:
        await desks.take(IDS[0].lower())
    assert first.number in refused.value.sentence("zh")
    await desks.take(service="E")
    await desks.take(IDS[1])
    await desks.desk.cancel(first.id)
    again = await desks.take()
    assert again.number == "A003", "a refused ticket takes no number"


async def test_a_ticket_that_was_served_frees_its_holder(desks: Desks) -> None:
    await desks.take()
    await desks.desk.open_counter("1")
    await desks.desk.next("1")
    with pytest.raises(LiveTicketExists):
        await desks.take()
    await desks.desk.finish("1")
    await desks.take()


async def test_twenty_requests_at_once_give_one_ticket(desks: Desks) -> None:
    answers = await asyncio.gather(*(desks.take() for _ in range(20)), return_exceptions=True)
    assert sum(isinstance(answer, Ticket) for answer in answers) == 1
    assert sum(isinstance(answer, LiveTicketExists) for answer in answers) == 19


async def test_a_hall_may_allow_several(desk: Desk) -> None:
    desks = Desks(desk, one_live_ticket=False)
    assert [(await desks.take()).number for _ in range(2)] == ["A001", "A002"]


@pytest.mark.parametrize(
    ("said", "field"), [({"id_number": "110105194912310021"}, "person.id_number"), ({"phone": "12"}, "person.phone")]
)
async def test_a_wrong_number_is_named_by_its_field_and_not_repeated(
    desks: Desks, said: dict[str, str], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        await desks.take(said.get("id_number"), said.get("phone"))
    assert refused.value.field == field
    words = refused.value.sentence("zh") + refused.value.sentence("en") + str(refused.value)
    assert not any(value in words for value in said.values())
    assert await desks.desk.rows("SELECT 1 FROM ticket") == []


async def test_a_ticket_without_a_person_keeps_nothing(desks: Desks) -> None:
    await desks.take(None, None)
    assert await desks.desk.rows("SELECT 1 FROM person") == []


async def test_a_reader_sees_stars_and_with_a_reason_the_telephone(desks: Desks) -> None:
    ticket = await desks.take(phone="+86 138 0013 8000")
    assert await desks.read(ticket) == HolderKept(
        ticket=ticket.id, number="A001", id_number="**************002X", phone="*******8000", masked=True
    )
    clear = await desks.read(ticket, "回访差评")
    assert (clear.id_number, clear.phone, clear.masked) == ("**************002X", PHONE, False)
    entries = await desks.desk.rows("SELECT kind, who, ticket, data FROM journal ORDER BY seq DESC LIMIT 1")
    kind, who, about, data = entries[0]
    assert (kind, who, about, json.loads(data)) == ("person_read", "值班长", ticket.id, {"reason": "回访差评"})
    with pytest.raises(Invalid):
        await desks.read(ticket, "13800138000")
    with pytest.raises(Unknown):
        await desks.desk.store.write(desks.persons.read, LEADER, None, "nowhere", None)


async def test_the_retention_deletes_and_records_only_how_many(desks: Desks) -> None:
    first = await desks.take(phone=PHONE)
    desks.desk.clock.at += timedelta(days=29)
    second = await desks.take(IDS[1])
    assert await desks.forget() == 0
    desks.desk.clock.at += timedelta(days=1)
    assert await desks.forget() == 1
    assert (await desks.read(first)).phone is None
    assert (await desks.read(second)).id_number is not None
    kind, data = (await desks.desk.rows("SELECT kind, data FROM journal ORDER BY seq DESC LIMIT 1"))[0]
    assert (kind, json.loads(data)) == ("persons_deleted", {"count": 1})


# --- traces ----------------------------------------------------------------------------------------------------------


def every_byte(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir())


def squeezed(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


@pytest.mark.sqlite
async def test_no_byte_of_a_number_stands_in_the_database_its_log_or_ours(
    desks: Desks, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    command = IssueTicket(service="A", person=Holder(id_number=IDS[0], phone=PHONE))
    once = Once("kiosk POST /tickets", "key", "body", Ticket)
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("hall").info("%s %r", command, command)
        ticket = await desks.desk.store.write(desks.persons.issue, KIOSK, once, desks.desk.hall, command)
        await desks.read(ticket, "核对电话")
        await desks.desk.open_counter("1")
        await desks.desk.next("1")
    living = every_byte(tmp_path)
    (row,) = await desks.desk.rows("SELECT id_hash, phone_sealed FROM person")
    assert all(kept.encode() in living for kept in row)
    desks.desk.clock.at += timedelta(days=31)
    await desks.forget()
    desks.desk.store.close()
    squeezed(tmp_path / "hall.db")
    rest = every_byte(tmp_path)
    assert ticket.id.encode() in rest
    for number in (IDS[0], PHONE):
        assert number.encode() not in living + rest
        assert number not in caplog.text
    assert not any(kept.encode() in rest for kept in row), "what is deleted is overwritten"
    assert clerk("1").name.encode() in rest
