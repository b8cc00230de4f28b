"""ID numbers, telephone numbers, masks. Pure."""

import re
import unicodedata
from datetime import date

#: GB 11643-1999 公民身份号码: 17 digits and a check character (ISO 7064 MOD 11-2) over these weights.
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_ID = re.compile(r"[1-9]\d{16}[\dX]", re.ASCII)
_PHONE = re.compile(r"\+?\d{7,15}", re.ASCII)
_BETWEEN = re.compile(r"[\s()·.–-]")
_MANY_DIGITS = re.compile(r"(?:\d[\s-]?){7}")

TAIL = 4
REASON_AT_LEAST = 4


def id_number(text: str) -> str | None:
    """The number as it is hashed; None when it cannot be one.

    The 15 digits of first-generation cards are no valid document since 2013 and are refused.
    """
    number = _plain(text)
    if not _ID.fullmatch(number) or number[17] != check_character(number) or not _is_day(number[6:14]):
        return None
    return number


def check_character(number: str) -> str:
    """Of the first 17 digits."""
    return _CHECKS[sum(int(digit) * weight for digit, weight in zip(number[:17], _WEIGHTS, strict=True)) % 11]


def phone_number(text: str) -> str | None:
    """Digits, perhaps after a plus; None when it cannot be a telephone number. China's own prefix is left out."""
    number = _plain(text)
    for prefix in ("+86", "0086"):
        number = number.removeprefix(prefix) if len(number) > len(prefix) + 9 else number
    return number if _PHONE.fullmatch(number) else None


def masked(tail: str, length: int) -> str:
    """Stars, and the last characters."""
    return "*" * (length - len(tail)) + tail


def good_reason(text: str) -> bool:
    """Whether it says something, and no number of a person: the journal keeps it for ever."""
    return len(text.strip()) >= REASON_AT_LEAST and not _MANY_DIGITS.search(unicodedata.normalize("NFKC", text))


def _plain(text: str) -> str:
    return _BETWEEN.sub("", unicodedata.normalize("NFKC", text)).upper()


def _is_day(digits: str) -> bool:
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return True
