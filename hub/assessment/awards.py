"""Places, red flags 红旗窗口, grades 档次 and stars 服务明星 among the units of a hall. Pure; never by chance."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import groupby
from math import ceil, floor

from hub.assessment.answers import satisfaction
from hub.assessment.conduct import attendance, complaints
from hub.assessment.facts import Ballot, Colleague, Facts, months_of
from hub.assessment.figure import Asked
from hub.assessment.longer import ballots_mean
from hub.assessment.periods import Period
from hub.assessment.readings import Readings, choice_of, number_of
from hub.assessment.scheme import Item
from hub.assessment.score import Award, UnitScore

#: 争星 二（二）3: 服务明星每年评选一次，每次4-6人.
STARS_LEAST, STARS_MOST = 4, 6
_ASKING = Item("", {}, "rate")

#: What decides between equal scores: complaints, satisfaction, mean wait; `None` comes last.
Tie = tuple[int, bool, Fraction, bool, Fraction]


def tie_of(facts: Facts, period: Period, readings: Readings) -> Tie:
    """Fewer complaints, then higher satisfaction, then shorter mean wait; after that the leading group decides."""
    asked = Asked(_ASKING, period, readings)
    rate = satisfaction(facts, asked).rate
    tallies = months_of(facts.tallies, period.first, period.last)
    waited = sum(tally.waited for tally in tallies)
    wait = Fraction(sum(tally.waited_s for tally in tallies), waited) if waited else None
    return (
        len(complaints(facts, asked).events),
        rate is None,
        -(rate or Fraction(0)),
        wait is None,
        wait or Fraction(0),
    )


@dataclass(frozen=True)
class _Placed:
    score: UnitScore
    rank: int
    with_others: bool


def _placed(scores: Iterable[UnitScore], ties: Mapping[str, Tie]) -> list[_Placed]:
    """From the best on; who cannot be told apart shares a place."""

    def key(one: UnitScore) -> tuple[object, ...]:
        return (-(one.total or 0), ties.get(one.unit, ()))

    known = sorted((one for one in scores if one.total is not None), key=key)
    placed: list[_Placed] = []
    for _, equal in groupby(known, key=key):
        group = list(equal)
        placed += [_Placed(one, len(placed) + 1, len(group) > 1) for one in group]
    return placed


def ranked(scores: Sequence[UnitScore], ties: Mapping[str, Tie]) -> list[UnitScore]:
    """With a place for everybody who has a total."""
    places = {one.score.unit: one.rank for one in _placed(scores, ties)}
    return [replace(one, award=Award("", rank=places.get(one.unit))) for one in scores]


def flagged(scores: Sequence[UnitScore], ties: Mapping[str, Tie], most: int) -> list[UnitScore]:
    """红旗窗口: the first `most` windows; a vetoed one never, and those who tie at the last place only by the group."""
    placed = _placed([one for one in scores if not one.vetoed], ties)
    at_cut = {one.rank for one in placed if one.rank <= most < one.rank + _size(placed, one.rank) - 1}
    everybody = {one.score.unit: one for one in _placed(scores, ties)}
    inside = {one.score.unit: one for one in placed}
    return [_with_flag(one, everybody.get(one.unit), inside.get(one.unit), at_cut, most) for one in scores]


def _size(placed: Sequence[_Placed], rank: int) -> int:
    return sum(one.rank == rank for one in placed)


def _with_flag(
    score: UnitScore, overall: _Placed | None, candidate: _Placed | None, at_cut: set[int], most: int
) -> UnitScore:
    place = overall.rank if overall else None
    if score.vetoed:
        return replace(score, award=Award("", "vetoed", place))
    if candidate is None:
        return replace(score, award=Award("", "no score", place))
    if candidate.rank in at_cut:
        return replace(score, award=Award("", "tie at the last place: the leading group decides", place))
    if candidate.rank <= most:
        return replace(score, award=Award("flag", "provisional" if score.provisional else "", place))
    return replace(score, award=Award("", "", place))


def flags_of_year(units: int, readings: Readings) -> int:
    """按窗口总数的50%确定为年度“红旗窗口”; of an odd number the smaller half, unless the hall reads otherwise."""
    share = units * (number_of(readings, "year_share") or Fraction(0)) / 100
    return floor(share) if choice_of(readings, "year_odd") == "floor" else ceil(share)


def graded(scores: Sequence[UnitScore], readings: Readings) -> list[UnitScore]:
    """优胜 / 达标 / 一般窗口, once the hall has set both thresholds; never before (the text has none)."""
    excellent, standard = number_of(readings, "excellent_from"), number_of(readings, "standard_from")
    if excellent is None or standard is None:
        return [replace(one, award=Award("", "no thresholds set", _rank(one))) for one in scores]
    return [replace(one, award=_grade(one, excellent, standard)) for one in scores]


def _grade(score: UnitScore, excellent: Fraction, standard: Fraction) -> Award:
    if score.total is None:
        return Award("", "no score", _rank(score))
    total = Fraction(score.total)
    name = "excellent" if total >= excellent else "standard" if total >= standard else "ordinary"
    return Award(name, "provisional" if score.provisional else "", _rank(score))


def _rank(score: UnitScore) -> int | None:
    return score.award.rank if score.award else None


# -- 服务明星


@dataclass(frozen=True)
class Candidate:
    """Somebody of a window with a red flag. `gates` are the criteria that the record can answer, True = passed."""

    clerk: str
    counter: str
    gates: Mapping[str, bool]
    ballots: int
    score: Fraction | None

    @property
    def eligible(self) -> bool:
        return all(self.gates.values())


def candidates(
    windows: Iterable[str], units: Mapping[str, Facts], ballots: Sequence[Ballot], period: Period, readings: Readings
) -> list[Candidate]:
    """Everybody of these windows, the eligible first, then by their ballots' mean and number."""
    found = [
        _candidate(clerk, units[window], [one for one in ballots if one.target == clerk], period, readings)
        for window in sorted(windows)
        for clerk in sorted({one.clerk for one in units[window].colleagues if _worked(one, period)})
    ]
    return sorted(found, key=lambda one: (not one.eligible, -(one.score or 0), -one.ballots, one.clerk))


def _worked(one: Colleague, period: Period) -> bool:
    return one.valid_from <= period.last and (one.valid_to is None or one.valid_to >= period.first)


def _candidate(clerk: str, facts: Facts, cast: Sequence[Ballot], period: Period, readings: Readings) -> Candidate:
    own = replace(
        facts,
        absences=tuple(one for one in facts.absences if one.clerk == clerk),
        complaints=tuple(one for one in facts.complaints if one.clerk == clerk),
    )
    asked = Asked(_ASKING, period, readings)
    errors = [one for one in facts.findings if one.item == "w4b" and one.clerk == clerk and period.holds(one.at.date())]
    gates = {
        # 争星 一（二）6 无迟到、早退、脱岗 · 10 无有效投诉 · 4 无差错
        "attendance": not attendance(own, asked).events,
        "complaints": not complaints(own, asked).events,
        "errors": not errors,
    }
    this_year = [one for one in cast if one.year == period.year]
    return Candidate(clerk, facts.unit, gates, len(this_year), ballots_mean(this_year, choice_of(readings, "ballots")))


def stars_fault(chosen: Sequence[str], known: Sequence[Candidate]) -> str:
    """Why these cannot be the stars of the year; empty when they can."""
    eligible = {one.clerk for one in known if one.eligible}
    strangers = [clerk for clerk in chosen if clerk not in eligible]
    if strangers:
        return f"不符合条件 · not eligible: {', '.join(strangers)}"
    if len(set(chosen)) != len(chosen):
        return "同一人重复 · somebody stands twice"
    if not STARS_LEAST <= len(chosen) <= STARS_MOST:
        return f"每年 {STARS_LEAST}–{STARS_MOST} 人 · {STARS_LEAST} to {STARS_MOST} people a year"
    return ""
