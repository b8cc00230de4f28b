"""The summary of the half-year report, in the words in which offices write it. Pure.

As in the reports: 半年受理1636、办结1636、即办1636、办结率100%、咨询7070人次、群众评价率100%、满意率100%. From cases,
consultations and evaluations of one period; each rate is told with both of its numbers.
"""

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from hub.figures.rules import rate
from hub.figures.sums import Answers, Value
from hub.wire import Language

Step = Literal["accepted", "closed", "immediate", "consulted"]


@dataclass
class Work:
    """What one group did: cases 办件 accepted and closed, consultations 咨询, and answers of finished visits."""

    accepted: int = 0
    closed: int = 0
    immediate: int = 0
    """即办件 among the closed ones."""
    consultations: int = 0
    answers: Answers = field(default_factory=Answers)

    def take(self, step: Step, times: int = 1) -> None:
        self.accepted += times * (step == "accepted")
        self.closed += times * (step in ("closed", "immediate"))
        self.immediate += times * (step == "immediate")
        self.consultations += times * (step == "consulted")

    def line(self) -> dict[str, Value]:
        """办结率 is closed ÷ accepted of the same period: older cases closed in it can lift it over 100 %."""
        answers = self.answers.line()
        return {
            "accepted": self.accepted,
            "closed": self.closed,
            "immediate": self.immediate,
            "closing_rate": rate(self.closed, self.accepted),
            "consultations": self.consultations,
            **{name: answers[name] for name in ("finished", "evaluated", "evaluation_rate")},
            **{name: answers[name] for name in ("satisfied", "satisfaction_rate")},
        }


_SENTENCE: dict[Language, str] = {
    "zh": "{period}：受理{accepted}、办结{closed}、即办{immediate}、办结率{closing}、咨询{consultations}人次、"
    "群众评价率{evaluation}、满意率{satisfaction}",
    "en": "{period}: {accepted} accepted, {closed} closed, {immediate} of them on the spot, closing rate {closing},"
    " {consultations} consultations, evaluation rate {evaluation}, satisfaction rate {satisfaction}",
}


def sentence(line: dict[str, Value], first: date, last: date, language: Language) -> str:
    """The summary of the inclusive days as one sentence."""
    counts = {name: line[name] for name in ("accepted", "closed", "immediate", "consultations")}
    return _SENTENCE[language].format(
        period=period_name(first, last, language),
        closing=_told(line, "closing_rate", "closed", "accepted", language),
        evaluation=_told(line, "evaluation_rate", "evaluated", "finished", language),
        satisfaction=_told(line, "satisfaction_rate", "satisfied", "evaluated", language),
        **counts,
    )


def _told(line: dict[str, Value], name: str, part: str, whole: str, language: Language) -> str:
    """`100%（1636/1636）`; a dash over zero."""
    found = line[name]
    numbers = f"{line[part]}/{line[whole]}"
    told = f"{found}%".replace(".00%", "%") if isinstance(found, Decimal) else "—"
    return f"{told}（{numbers}）" if language == "zh" else f"{told} ({numbers})"


_NAMES: dict[Language, dict[int, tuple[str, ...]]] = {
    "zh": {3: ("一季度", "二季度", "三季度", "四季度"), 6: ("上半年", "下半年"), 12: ("",)},
    "en": {3: ("Q1", "Q2", "Q3", "Q4"), 6: ("first half", "second half"), 12: ("",)},
}


def period_name(first: date, last: date, language: Language) -> str:
    """`2026年上半年` where the days are a whole year, half-year, quarter or month; else the days themselves."""
    months = _whole_months(first, last)
    year = f"{first.year}年" if language == "zh" else f"{first.year}"
    if months == 1:
        return f"{year}{first.month}月" if language == "zh" else f"{first:%Y-%m}"
    names = _NAMES[language].get(months or 0)
    if names is None or (first.month - 1) % (months or 1):
        return first.isoformat() if first == last else f"{first.isoformat()} – {last.isoformat()}"
    name = names[(first.month - 1) // (months or 1)]
    return f"{year}{name}" if language == "zh" or not name else f"{year}, {name}"


def _whole_months(first: date, last: date) -> int | None:
    """How many months of one year the days are; None when they begin or end within a month."""
    whole = first.day == 1 and last.day == monthrange(last.year, last.month)[1]
    if not whole or first.year != last.year:
        return None
    return last.month - first.month + 1
