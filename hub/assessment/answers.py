"""Figures of what citizens answered: satisfaction, the online desk, the online bonus. Pure.

Only citizens' own answers count; defaults and typed-in forms are shown beside and never mixed in.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from fractions import Fraction

from hub.assessment.facts import Consultation, Facts, months_of
from hub.assessment.figure import Asked, Event, Figure, rate_of, steps_above
from hub.assessment.readings import choice_of
from hub.wire import LEVELS, Level

#: 泸州 第十四条（二）: 应答待机时间不超过5分钟; exactly five minutes is not over.
ANSWER_MOST = timedelta(minutes=5)
#: … 每个工作日有5起超过5分钟的.
SLOW_ANSWERS_A_DAY = 5
_LEVELS_OF = {"three": frozenset(LEVELS[:3]), "two": frozenset(LEVELS[:2])}


def satisfied_of(levels: Iterable[Level | None], asked: Asked) -> int:
    """How many of the answers are satisfied ones."""
    good = _LEVELS_OF[choice_of(asked.readings, "satisfied_levels")]
    return sum(level in good for level in levels)


def satisfaction(facts: Facts, asked: Asked) -> Figure:
    """群众评议满意率 over what citizens answered about visits and cases."""
    tallies = months_of(facts.tallies, asked.period.first, asked.period.last)
    counted: Counter[Level] = Counter()
    for tally in tallies:
        counted.update(tally.levels)
    counted.update(
        case.level for case in facts.cases if case.level and case.closed and asked.period.holds(case.closed.date())
    )
    good = _LEVELS_OF[choice_of(asked.readings, "satisfied_levels")]
    satisfied = sum(count for level, count in counted.items() if level in good)
    answers = counted.total()
    return Figure(
        inputs={
            "satisfied": satisfied,
            "answers": answers,
            "finished": sum(tally.finished for tally in tallies),
            "defaulted": sum(tally.defaulted for tally in tallies),
            "typed": sum(tally.typed for tally in tallies),
        },
        rate=rate_of(satisfied, answers),
        behind=tuple(
            {"ticket": bad.number, "visit": bad.visit}
            for bad in facts.bad_answers
            if asked.period.holds(bad.at.date()) and bad.level not in good
        ),
    )


def online_desk(facts: Facts, asked: Asked) -> Figure:
    """在线咨询窗口 (泸州 第十四条（二）): a working day without anybody online, or with five slow answers."""
    days = _past_working_days(facts, asked)
    staffed = {time.begin.date() for time in facts.desk_times}
    slow = Counter(one.asked.date() for one in facts.consultations if _is_slow(one, facts))
    bad = [day for day in days if (staffed and day not in staffed) or slow[day] >= SLOW_ANSWERS_A_DAY]
    counts = choice_of(asked.readings, "desk_days") == "any" or len(bad) == len(days)
    return Figure(
        inputs={
            "working_days": len(days),
            "days_offline": sum(day not in staffed for day in days) if staffed else None,
            "days_slow": sum(slow[day] >= SLOW_ANSWERS_A_DAY for day in days),
        },
        events=tuple(Event(f"desk {day}", {"day": day.isoformat()}) for day in bad) if counts else (),
        behind=tuple({"day": day.isoformat()} for day in bad),
    )


def online_bonus(facts: Facts, asked: Asked) -> Figure:
    """网上满意率每提高一个百分点各加, 预审通过每件次加, 最高3分 (泸州 第十九条（七）).

    An answer about a case with a pre-review counts for pre-reviews, of another online case for approvals.
    """
    inside = asked.period.holds
    online = [case for case in facts.cases if case.online and case.closed and inside(case.closed.date())]
    rates = {
        "consultations": [one.level for one in facts.consultations if one.level and inside(one.asked.date())],
        "prereviews": [case.level for case in online if case.level and case.prereview_at],
        "approvals": [case.level for case in online if case.level and not case.prereview_at],
    }
    passed = [case for case in facts.cases if case.prereview_passed and case.prereview_at]
    passed = [case for case in passed if case.prereview_at and inside(case.prereview_at.date())]
    worth, cap = asked.item.points or Fraction(0), asked.item.cap
    above = sum((_above(levels, asked) for levels in rates.values()), Fraction(0)) * worth
    reviews = len(passed) * worth
    if cap is not None and choice_of(asked.readings, "online_cap") == "reviews":
        reviews = min(reviews, cap)
    inputs: dict[str, int | str | None] = {"prereviews_passed": len(passed)}
    for name, levels in rates.items():
        inputs |= {f"{name}_satisfied": satisfied_of(levels, asked), f"{name}_answers": len(levels)}
    return Figure(inputs=inputs, amount=above + reviews, behind=tuple({"case": case.case_no} for case in passed))


def _above(levels: Sequence[Level | None], asked: Asked) -> Fraction:
    rate = rate_of(satisfied_of(levels, asked), len(levels))
    way = choice_of(asked.readings, "satisfaction_steps")
    return steps_above(rate, asked.item.least or Fraction(95), way)


def _past_working_days(facts: Facts, asked: Asked) -> list[date]:
    """Working days of the period that are over, from the first on that anything is known of the unit."""
    until = min(asked.period.last, facts.now.date() - timedelta(days=1)) if facts.now else asked.period.last
    begin = max(asked.period.first, facts.since) if facts.since else asked.period.first
    return sorted(day for day in facts.working_days if begin <= day <= until)


def _is_slow(one: Consultation, facts: Facts) -> bool:
    """Asked online while the desk was staffed (or, without a register of that, at all) and answered too late."""
    if one.channel != "web":
        return False
    times = [time for time in facts.desk_times if time.begin.date() == one.asked.date()]
    if times and not any(time.begin <= one.asked <= time.end for time in times):
        return False
    answered = one.answered or facts.now
    return answered is not None and answered - one.asked > ANSWER_MOST
