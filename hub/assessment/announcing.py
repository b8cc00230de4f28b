"""What the hall's screens say of a closed result: red flags, grades or places. Pure.

Never a person, save the stars of service that somebody chose to name.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from hub.assessment.reports.words import award_text
from hub.wire import Language

#: Half-width columns of one line on a screen; a longer list goes on in another line.
COLUMNS = 96
#: 一般窗口 is no honour that a screen has to tell.
_UNTOLD = frozenset({"", "ordinary"})
#: More lines than this are not put up: the first places are what a screen is for.
LINES_MOST = 6

_RANKING: dict[Language, str] = {"zh": "考核排名", "en": "ranking"}
_STARS: dict[Language, str] = {"zh": "服务明星", "en": "Stars of service"}
_POINTS: dict[Language, str] = {"zh": "{place}. {unit} {total}分", "en": "{place}. {unit} {total}"}
_PERIOD = re.compile(r"(\d{4})(?:Q(\d)|-(\d\d))?")


def lines(document: Mapping[str, Any], names: Mapping[str, str], stars: Sequence[str], language: Language) -> list[str]:
    """From the frozen document of all units; `names` are those of its units."""
    title = period_title(document["period"], language)
    units = sorted(document["units"], key=lambda one: (one.get("rank") or 10**9, one["unit"]))
    awarded: dict[str, list[str]] = {}
    for one in units:
        if (one.get("award") or "") not in _UNTOLD:
            awarded.setdefault(one["award"], []).append(names.get(one["unit"], one["unit"]))
    told = []
    for award, winners in awarded.items():
        told += _wrapped(f"{title} {award_text(award, language)}", winners, language)
    if not awarded:
        told += _wrapped(f"{title} {_RANKING[language]}", _places(units, names, language), language)
    if stars:
        told += _wrapped(f"{title} {_STARS[language]}", stars, language)
    return told


def period_title(key: str, language: Language) -> str:
    """`2026年3月`, `2026年第1季度`, `2026年`."""
    found = _PERIOD.fullmatch(key)
    if language == "en" or found is None:
        return key
    year, quarter, month = found.groups()
    if quarter:
        return f"{year}年第{quarter}季度"
    return f"{year}年{int(month)}月" if month else f"{year}年"


def _places(units: Sequence[Mapping[str, Any]], names: Mapping[str, str], language: Language) -> list[str]:
    return [
        _POINTS[language].format(place=one["rank"], unit=names.get(one["unit"], one["unit"]), total=one["total"])
        for one in units
        if one.get("rank") and one["total"] is not None
    ]


def _wrapped(head: str, parts: Sequence[str], language: Language) -> list[str]:
    """`head：a、b、c`, on as many lines as it needs, at most LINES_MOST."""
    colon, comma = ("：", "、") if language == "zh" else (": ", ", ")
    told: list[list[str]] = []
    for part in parts:
        if told and _columns(f"{head}{colon}{comma.join([*told[-1], part])}") <= COLUMNS:
            told[-1].append(part)
        else:
            told.append([part])
    return [f"{head}{colon}{comma.join(line)}" for line in told[:LINES_MOST]]


def _columns(text: str) -> int:
    return sum(2 if ord(character) > 0x2E7F else 1 for character in text)
