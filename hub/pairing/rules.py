"""Codes that people read from a screen and type; how long and how often. Pure."""

import unicodedata

#: Nothing that can be mistaken for something else: no 0 and O, no 1 and I.
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
CODE_LENGTH = 8
CODE_BYTES = 5
GROUP = 4

CODE_VALID_MINUTES = 10
POLL_SECONDS = 2
#: Anybody on the network can ask: so many open codes in all, and so many requests from one address in ten minutes.
OPEN_AT_MOST = 50
ASKED_AT_MOST = 10
#: Wrong codes that one person may enter in ten minutes. A code is one of 2**40.
MISSES_AT_MOST = 10

_SPACING = str.maketrans("", "", "- ·.–—")


def code_of(chance: bytes) -> str:
    """Eight characters from five random bytes."""
    number = int.from_bytes(chance[:CODE_BYTES], "big")
    return "".join(ALPHABET[number >> 5 * at & 31] for at in reversed(range(CODE_LENGTH)))


def grouped(code: str) -> str:
    """As people read it: ABCD-EFGH."""
    return "-".join(code[at : at + GROUP] for at in range(0, len(code), GROUP))


def read_code(text: str) -> str | None:
    """The code that somebody typed, in whatever spelling; None when it cannot be one."""
    code = "".join(unicodedata.normalize("NFKC", text).upper().translate(_SPACING).split())
    return code if len(code) == CODE_LENGTH and set(code) <= set(ALPHABET) else None
