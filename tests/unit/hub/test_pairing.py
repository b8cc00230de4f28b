"""Pairing: a station shows a code, a manager confirms it, and only then its key opens the door."""

import hashlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from hub.access import add_token, load_tokens, token_hash
from hub.pairing import verbs
from hub.pairing.rules import (
    ALPHABET,
    ASKED_AT_MOST,
    CODE_LENGTH,
    MISSES_AT_MOST,
    OPEN_AT_MOST,
    code_of,
    grouped,
    read_code,
)
from hub.problems import HallError, Invalid, TooManyRequests, Unknown
from hub.store import SYSTEM, Who
from hub.wire import AskPairing, ConfirmPairing, PairedStation, PairingAsked, PairingState
from tests.unit.hub.desk import Desk

MANAGER = Who("王主任", "manager")
STATION = Who("a new station", "citizen")


class Gate:
    """The pairing verbs of one hall."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    async def ask(
        self, key: str = "key", *, role: str = "kiosk", address: str = "10.0.0.1", **rest: str
    ) -> PairingAsked:
        told = {"role": role, "station": "kiosk-7", "key_hash": token_hash(key), **rest}
        return await self.desk.store.write(verbs.ask, STATION, None, AskPairing.model_validate(told), address)

    async def confirm(self, code: str, who: Who = MANAGER, **rest: object) -> PairedStation | None:
        return await self.desk.store.write(verbs.confirm, who, None, code, ConfirmPairing.model_validate(rest))

    async def state(self, asked: PairingAsked) -> PairingState:
        return await self.desk.store.read(verbs.state_of, asked.request)

    async def token(self, key: str) -> Who | None:
        return (await self.desk.store.read(lambda reader: load_tokens(reader.rows))).get(token_hash(key))

    async def kinds(self) -> list[str]:
        return [kind for (kind,) in await self.desk.rows("SELECT kind FROM journal ORDER BY seq")][1:]


@pytest.fixture
def gate(desk: Desk) -> Gate:
    return Gate(desk)


@given(st.binary(min_size=5, max_size=5))
def test_every_code_can_be_read_and_is_read_back_however_it_is_typed(chance: bytes) -> None:
    code = code_of(chance)
    assert len(code) == CODE_LENGTH
    assert not set(code) & set("0O1I")
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in code)
    for typed in (code, grouped(code), grouped(code).lower(), f" {code[:4]} {code[4:]}\n", wide):
        assert read_code(typed) == code


@given(st.binary(min_size=5, max_size=5), st.binary(min_size=5, max_size=5))
def test_two_chances_never_make_one_code(one: bytes, other: bytes) -> None:
    assert (code_of(one) == code_of(other)) == (one == other)


@given(st.text(max_size=30))
def test_whatever_is_typed_is_a_code_of_the_alphabet_or_none(text: str) -> None:
    code = read_code(text)
    assert code is None or (len(code) == CODE_LENGTH and set(code) <= set(ALPHABET))


async def test_a_confirmed_station_has_access_and_nobody_before(gate: Gate) -> None:
    asked = await gate.ask()
    assert await gate.token("key") is None
    assert await gate.state(asked) == PairingState(state="open")
    assert await gate.confirm(grouped(asked.code).lower()) == PairedStation(name="kiosk-7", role="kiosk")
    assert await gate.token("key") == Who("kiosk-7", "kiosk")
    assert await gate.state(asked) == PairingState(state="confirmed", station="kiosk-7")
    assert await gate.kinds() == ["pairing_asked", "station_paired"]


async def test_the_manager_names_the_station_and_its_counter(gate: Gate) -> None:
    asked = await gate.ask(role="counter", counter="2")
    assert await gate.confirm(asked.code, name="三号窗口", counter="3") == PairedStation(
        name="三号窗口", role="counter", counter="3"
    )
    assert await gate.token("key") == Who("三号窗口", "counter", "3")


@pytest.mark.parametrize(
    ("asking", "confirming", "refusal"),
    [
        ({"role": "counter"}, {}, Invalid),
        ({"role": "counter", "counter": "99"}, {}, Unknown),
        ({"role": "kiosk"}, {"name": "taken"}, Invalid),
    ],
)
async def test_what_cannot_be_is_refused_and_the_code_stays_open(
    gate: Gate, asking: dict[str, Any], confirming: dict[str, Any], refusal: type[HallError]
) -> None:
    await gate.desk.store.write(add_token, SYSTEM, None, "taken", "display", None, "other")
    asked = await gate.ask(**asking)
    with pytest.raises(refusal):
        await gate.confirm(asked.code, **confirming)
    assert (await gate.state(asked)).state == "open"
    assert await gate.token("key") is None


async def test_a_code_is_used_once_and_confirming_it_twice_changes_nothing(gate: Gate) -> None:
    asked = await gate.ask()
    first = await gate.confirm(asked.code)
    assert await gate.confirm(asked.code, name="another") == first
    assert await gate.kinds() == ["pairing_asked", "station_paired"]


async def test_a_code_expires(gate: Gate) -> None:
    asked = await gate.ask()
    gate.desk.clock.forward(minutes=10)
    assert (await gate.state(asked)).state == "expired"
    assert await gate.confirm(asked.code) is None
    again = await gate.ask()
    assert again.code != asked.code
    assert await gate.confirm(again.code) is not None


async def test_asking_again_with_the_same_key_shows_the_same_code(gate: Gate) -> None:
    first = await gate.ask()
    gate.desk.clock.forward(minutes=4)
    again = await gate.ask()
    assert (again.code, again.request, again.expires_in_seconds) == (first.code, first.request, 360)


async def test_a_refused_station_hears_so(gate: Gate) -> None:
    asked = await gate.ask()
    await gate.desk.store.write(verbs.refuse, MANAGER, None, asked.code)
    assert (await gate.state(asked)).state == "refused"
    assert await gate.confirm(asked.code) is None
    assert await gate.kinds() == ["pairing_asked", "pairing_refused", "pairing_refused"]


async def test_wrong_codes_are_recorded_and_soon_nobody_is_listened_to(gate: Gate) -> None:
    asked = await gate.ask()
    for at in range(MISSES_AT_MOST):
        assert await gate.confirm(f"AAAA-AAA{ALPHABET[at]}") is None
    with pytest.raises(TooManyRequests):
        await gate.confirm(asked.code)
    assert await gate.confirm(asked.code, who=Who("another", "administrator")) is not None
    assert (await gate.kinds()).count("pairing_refused") == MISSES_AT_MOST
    gate.desk.clock.forward(minutes=11)
    assert await gate.confirm("AAAAAAAA") is None


async def test_no_one_address_and_no_crowd_can_ask_without_end(gate: Gate) -> None:
    for at in range(ASKED_AT_MOST):
        await gate.ask(f"key-{at}")
    with pytest.raises(TooManyRequests):
        await gate.ask("one more")
    for at in range(ASKED_AT_MOST, OPEN_AT_MOST):
        await gate.ask(f"key-{at}", address=f"10.0.1.{at}")
    with pytest.raises(TooManyRequests):
        await gate.ask("one more", address="10.0.2.1")
    gate.desk.clock.forward(minutes=11)
    await gate.ask("one more")


async def test_a_revoked_station_loses_its_access_and_its_key_can_be_replaced(gate: Gate) -> None:
    await gate.confirm((await gate.ask("old")).code)
    asked = await gate.ask("new")
    with pytest.raises(Invalid):
        await gate.confirm(asked.code)
    await gate.confirm(asked.code, replace=True)
    assert await gate.token("old") is None
    assert await gate.token("new") == Who("kiosk-7", "kiosk")
    await gate.desk.store.write(verbs.revoke, MANAGER, None, "kiosk-7")
    assert await gate.token("new") is None
    assert (await gate.kinds())[-3:] == ["token_removed", "station_paired", "token_removed"]


async def test_replacing_takes_nothing_from_a_station_of_another_kind_or_a_person(gate: Gate) -> None:
    await gate.desk.store.write(add_token, SYSTEM, None, "boss", "manager", None, "secret")
    asked = await gate.ask()
    with pytest.raises(Invalid):
        await gate.confirm(asked.code, name="boss", replace=True)
    with pytest.raises(Unknown):
        await gate.desk.store.write(verbs.revoke, MANAGER, None, "boss")
    assert await gate.token("secret") == Who("boss", "manager")


async def test_a_key_in_use_cannot_be_asked_for_again(gate: Gate) -> None:
    await gate.confirm((await gate.ask()).code)
    with pytest.raises(Invalid):
        await gate.ask()


@pytest.mark.sqlite
async def test_the_key_itself_never_reaches_the_database(gate: Gate, tmp_path: Path) -> None:
    key = "a-key-of-this-station-that-nobody-else-knows"
    await gate.confirm((await gate.ask(key)).code)
    files = every_byte(tmp_path)
    assert key.encode() not in files
    assert hashlib.sha256(key.encode()).hexdigest().encode() in files


def every_byte(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir())


async def test_the_list_shows_who_waits_and_is_let_go_of_after_a_day(gate: Gate) -> None:
    await gate.ask(role="counter", counter="3", address="10.0.0.9")
    (shown,) = await gate.desk.store.read(verbs.open_requests)
    assert (shown.role, shown.counter, shown.address) == ("counter", "3", "10.0.0.9")
    gate.desk.clock.forward(days=1, minutes=1)
    assert await gate.desk.store.read(verbs.open_requests) == []
    await gate.desk.store.write(verbs.forget_requests, SYSTEM, None)
    assert await gate.desk.rows("SELECT * FROM pairing") == []


@pytest.mark.parametrize("station", ["", "a" * 61, "<b>", "two\nlines", "quote'"])
def test_names_that_no_station_has_are_refused_before_anything_is_kept(station: str) -> None:
    with pytest.raises(ValidationError):
        AskPairing(role="kiosk", station=station, key_hash="0" * 64)
