"""Passwords, lockout, time-out, buckets and addresses, as pure rules."""

from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.people.rules import (
    Failures,
    PasswordRules,
    client_address,
    folded_name,
    limited_as,
    one_more,
    password_fault,
    session_over,
    take,
)

RULES = PasswordRules(length=10, classes=3)


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("Short-1", "at least 10"),
        ("x" * 200 + "A1", "at most 128"),
        ("onlysmallletters", "at least 3 of"),
        ("small-and-signs", "at least 3 of"),
        ("I-am-wangming-1", "log-in name"),
        ("I-am-WangMing-1", "log-in name"),
        ("Password123!", "everybody"),
        ("Admin@2026!!", "everybody"),
        ("P@ssw0rd2026", "everybody"),
        ("Qwertyuiop1!", "everybody"),
        ("1qaz@WSX2026", "everybody"),
    ],
)
def test_a_weak_password_is_refused_for_its_reason(password: str, why: str) -> None:
    fault = password_fault(password, "wangming", RULES)
    assert fault is not None
    assert why in fault.en


@pytest.mark.parametrize("password", ["Nine-lives-7", "政务大厅值班2026!", "correct Horse 7", "ÄpfelUndBirnen9"])
def test_a_good_password_is_taken(password: str) -> None:
    assert password_fault(password, "wangming", RULES) is None


@pytest.mark.parametrize(
    "row", ["abcdefghijkl", "1234567890", "0987654321", "qwertyuiop", "poiuytrewq", "aaaaaaaaaaaa"]
)
def test_neighbours_on_the_keyboard_are_no_password_whatever_the_classes(row: str) -> None:
    assert password_fault(row, "wangming", PasswordRules(10, 1)) is not None


def test_a_name_of_two_letters_may_stand_in_a_password() -> None:
    assert password_fault("Nine-lives-7", "li", RULES) is None


@given(st.text(max_size=160), st.text(min_size=1, max_size=40), st.integers(6, 64), st.integers(1, 4))
def test_no_password_that_is_taken_breaks_a_rule(password: str, name: str, length: int, classes: int) -> None:
    if password_fault(password, name, PasswordRules(length, classes)) is None:
        assert length <= len(password) <= 128
        assert password.casefold() != folded_name(name)
        assert len(set(password.casefold())) > 2


# -- lockout

MINUTE = 60_000_000


@given(st.lists(st.integers(0, 3 * MINUTE), min_size=1, max_size=60), st.integers(1, 6))
def test_never_more_attempts_within_the_lock_than_allowed(gaps: list[int], most: int) -> None:
    lock, now, known = 15 * MINUTE, 0, Failures()
    made: list[int] = []
    for gap in gaps:
        now += gap
        if known.locked_for(now):
            continue
        known = one_more(known, now, most=most, lock=lock)
        made.append(now)
    for first, last in zip(made, made[most:], strict=False):
        assert last - first >= min(lock, last - made[0])


def test_a_lock_passes_and_counting_begins_anew() -> None:
    known = Failures()
    for at in range(3):
        known = one_more(known, at, most=3, lock=MINUTE)
    assert known.locked_for(2) == MINUTE
    again = one_more(known, 2 * MINUTE, most=3, lock=MINUTE)
    assert (again.count, again.locked_until) == (1, 0)


@pytest.mark.parametrize(
    ("seen", "now", "over"), [(0, 30, None), (0, 31, "idle"), (100, 121, "too_long"), (110, 120, None)]
)
def test_a_session_ends_without_use_and_after_its_longest_time(seen: int, now: int, over: str | None) -> None:
    assert session_over(0, seen, now, idle=30, longest=120) == over


# -- buckets


@given(st.lists(st.floats(0, 30, allow_nan=False), max_size=300), st.integers(1, 600))
def test_never_more_than_the_bucket_holds_and_the_rate_refills(gaps: list[float], per_minute: int) -> None:
    now, bucket, admitted = 0.0, None, 0
    for gap in gaps:
        now += gap
        bucket, wait_s = take(bucket, now, per_minute=per_minute)
        assert wait_s >= 0
        admitted += wait_s == 0
    assert admitted <= per_minute * (1 + now / 60) + 1e-6


@given(st.integers(1, 600), st.integers(0, 50))
def test_after_the_told_wait_the_next_request_is_admitted(per_minute: int, more: int) -> None:
    bucket, wait_s = None, 0.0
    for _ in range(per_minute + 1 + more):
        bucket, wait_s = take(bucket, 0.0, per_minute=per_minute)
    assert wait_s > 0
    assert take(bucket, wait_s + 1e-6, per_minute=per_minute)[1] == 0


# -- addresses

TRUSTED = (ip_network("10.0.0.0/8"), ip_network("::1"))


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("192.0.2.1", None, "192.0.2.1"),
        ("192.0.2.1", "203.0.113.9", "192.0.2.1"),  # whoever is no proxy of ours may say what they like
        ("10.1.1.1", "203.0.113.9", "203.0.113.9"),
        ("10.1.1.1", "1.1.1.1, 203.0.113.9", "203.0.113.9"),
        ("10.1.1.1", "1.1.1.1, 203.0.113.9, 10.2.2.2", "203.0.113.9"),
        ("10.1.1.1", "", "10.1.1.1"),
        ("10.1.1.1", "nonsense", "nonsense"),
        ("::1", "2001:db8::5", "2001:db8::5"),
        ("", None, ""),
    ],
)
def test_the_client_is_whom_the_last_trusted_proxy_saw(peer: str, forwarded: str | None, client: str) -> None:
    assert client_address(peer, forwarded, TRUSTED) == client


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("127.0.0.1", None),
        ("::1", None),
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("x" * 500, "x" * 64),
    ],
)
def test_addresses_are_counted_by_customer_and_this_machine_not_at_all(address: str, name: str | None) -> None:
    assert limited_as(address) == name
