"""Passwords, lockout, time-out, rate limits and addresses of clients. Pure: the time comes in.

GB/T 22239-2019 (等保 2.0) 8.1.4.1 asks for unique names, complex passwords, a limit on wrong attempts and a time-out;
it gives no numbers: those are settings.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Literal

Network = IPv4Network | IPv6Network

#: Beyond this a password only costs work.
PASSWORD_MOST = 128
NAME = re.compile(r"\w[\w.-]{1,39}")

#: What people choose when ten characters are asked for, folded; numbers and signs behind it do not help.
COMMON = frozenset(
    """
    password passw0rd p@ssw0rd p@ssword mypassword qwerty qwertyuiop qwerty123 asdfghjkl zxcvbnm 1qaz2wsx 1qaz@wsx
    1q2w3e4r 1q2w3e4r5t q1w2e3r4 zaq12wsx admin admin@ administrator root toor guest welcome letmein iloveyou changeme
    woaini woaini1314 5201314 wo.aini aini1314 mima zhengwu dating chuangkou zhengwufuwu default test abc abcdefgh
    a1b2c3d4 aa aaa hall servicehall
    """.split()  # noqa: SIM905  # words are easier to read and to extend than quoted ones
)
_ROWS = ("abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm", "01234567890")


@dataclass(frozen=True)
class PasswordRules:
    """`classes` of: small letters, capital letters, digits, signs, letters without case (汉字)."""

    length: int = 10
    classes: int = 3


@dataclass(frozen=True)
class Fault:
    """Why a password is not taken, for people."""

    zh: str
    en: str


def normal(password: str) -> str:
    """The same password however the keyboard composed it."""
    return unicodedata.normalize("NFKC", password)


def folded_name(name: str) -> str:
    """Log-in names are the same in capitals; full-width letters count as plain ones."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


def _classes(password: str) -> int:
    return len({_class_of(sign) for sign in password})


def _class_of(sign: str) -> str:
    if sign.islower() or sign.isupper():
        return "small" if sign.islower() else "capital"
    if sign.isdigit():
        return "digit"
    return "letter" if sign.isalpha() else "sign"


def _holds_name(word: str, name: str) -> bool:
    """Two letters stand in every other word: such a name only must not be the whole password."""
    return name in word.casefold() if len(name) > 2 else name == word.casefold()


def _is_common(password: str) -> bool:
    plain = password.casefold()
    core = plain.rstrip("0123456789!@#$%^&*.?_-")
    return len(set(plain)) <= 2 or plain in COMMON or core in COMMON or _is_row(plain)


def _is_row(plain: str) -> bool:
    """Neighbours on a row of the keyboard or of the alphabet, there or back, again and again."""
    return any(_runs_along(plain, row) or _runs_along(plain[::-1], row) for row in _ROWS)


def _runs_along(plain: str, row: str) -> bool:
    whole = row * (len(plain) // len(row) + 2)
    return plain in whole


_Check = Callable[[str, str, PasswordRules], bool]
_FAULTS: Sequence[tuple[_Check, str, str]] = (
    (lambda word, _, rules: len(word) < rules.length, "至少 {length} 个字符", "at least {length} characters"),
    (lambda word, _, rules: len(word) > PASSWORD_MOST, "最多 {most} 个字符", "at most {most} characters"),
    (
        lambda word, _, rules: _classes(word) < rules.classes,
        "至少包含小写字母、大写字母、数字、符号、汉字中的 {classes} 类",
        "at least {classes} of: small letters, capitals, digits, signs, Chinese characters",
    ),
    (lambda word, name, _: _holds_name(word, name), "不能包含登录名", "not with the log-in name in it"),
    (lambda word, *_: _is_common(word), "过于常见，容易被猜中", "not one that everybody guesses first"),
)


def password_fault(password: str, name: str, rules: PasswordRules) -> Fault | None:
    """The first rule that the password breaks."""
    facts = {"length": rules.length, "most": PASSWORD_MOST, "classes": rules.classes}
    for breaks, zh, en in _FAULTS:
        if breaks(password, folded_name(name), rules):
            return Fault(zh.format(**facts), en.format(**facts))
    return None


# -- lockout: 登录失败处理


@dataclass(frozen=True)
class Failures:
    """Wrong attempts of one account or address; times in µs."""

    count: int = 0
    since: int = 0
    locked_until: int = 0

    def locked_for(self, now: int) -> int:
        """µs until it may try again; 0 when it may now."""
        return max(0, self.locked_until - now)


def one_more(known: Failures, now: int, *, most: int, lock: int) -> Failures:
    """After a further attempt: `most` of them within `lock` µs lock for `lock` µs; a locked one stays as it is."""
    if known.locked_for(now):
        return known
    fresh = known.count == 0 or known.locked_until > 0 or now - known.since > lock or now < known.since
    counted = Failures(1, now) if fresh else replace(known, count=known.count + 1)
    return replace(counted, locked_until=now + lock) if counted.count >= most else counted


# -- time-out: 连接超时自动退出

Over = Literal["idle", "too_long"]


def session_over(started: int, seen: int, now: int, *, idle: int, longest: int) -> Over | None:
    """Why a session has ended by itself; all in µs of real time."""
    if now - started > longest:
        return "too_long"
    return "idle" if now - seen > idle else None


# -- rate limits


@dataclass(frozen=True)
class Bucket:
    """A token bucket: `level` requests are left at `at` (seconds of a monotonic clock)."""

    level: float
    at: float


def take(bucket: Bucket | None, now: float, *, per_minute: float) -> tuple[Bucket, float]:
    """The bucket after one more request, and the seconds to wait (0 = admitted). It holds one minute's worth."""
    rate = per_minute / 60
    if bucket is None:
        bucket = Bucket(per_minute, now)
    level = min(per_minute, bucket.level + max(0.0, now - bucket.at) * rate)
    if level >= 1:
        return Bucket(level - 1, now), 0.0
    return Bucket(level, now), (1 - level) / rate


# -- who is at the other end


def client_address(peer: str, forwarded: str | None, trusted: Sequence[Network]) -> str:
    """The client's address: `peer`, or what a trusted proxy says of it (X-Forwarded-For, from the right)."""
    hops = [part.strip() for part in (forwarded or "").split(",") if part.strip()]
    address = peer
    while hops and _is_in(address, trusted):
        address = hops.pop()
    return address


def _is_in(address: str, networks: Sequence[Network]) -> bool:
    try:
        known = ip_address(address)
    except ValueError:
        return False
    return any(known in network for network in networks)


def limited_as(address: str) -> str | None:
    """Under which name requests of an address are counted; None for this machine itself, which is not limited.

    One customer's IPv6 addresses are a /64: they count together.
    """
    try:
        known = ip_address(address)
    except ValueError:
        return address[:64]
    if known.is_loopback:
        return None
    if isinstance(known, IPv6Address):
        return str(known.ipv4_mapped or IPv6Network((known, 64), strict=False))
    return str(known)
