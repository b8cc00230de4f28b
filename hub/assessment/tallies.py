"""What citizens answered about visits, by unit and month: from the kept sums, so that a year is quick."""

from collections import defaultdict
from typing import Any

from hub.assessment.facts import BadAnswer, Tally
from hub.assessment.floor import Belongs, Window
from hub.clock import micros
from hub.figures.groups import Place
from hub.figures.rollup import sums_by
from hub.figures.rows import PUBLISHED, Floor, Span
from hub.journal import RunSql

#: Of one unit at most so many visits are named behind a rate.
BAD_MOST = 500

_BAD = f"""
SELECT v.id, t.number, v.finished_at, e.level, v.counter, s.department
FROM visit v JOIN ticket t ON t.id = v.ticket JOIN service s ON s.code = v.service JOIN evaluation e ON e.visit = v.id
WHERE v.finished_day BETWEEN :first AND :last AND e.source = 'citizen'
  AND e.level IN ('basically_satisfied', 'dissatisfied', 'very_dissatisfied')
UNION ALL
SELECT p.id, p.number, p.finished_at, p.level, p.counter, p.department FROM past_visit p
WHERE finished_day BETWEEN :first AND :last AND level_source = 'citizen'
  AND level IN ('basically_satisfied', 'dissatisfied', 'very_dissatisfied')
  AND {PUBLISHED}
ORDER BY 3
"""


def tallies(run: RunSql, window: Window, belongs: Belongs) -> dict[str, list[Tally]]:
    """By unit, a tally a month."""
    floor, span = Floor(window.zone, micros(window.now)), Span(window.first, window.last)

    def key(place: Place) -> tuple[str, str]:
        return _unit(belongs, place), place.day[:7]

    answers: dict[tuple[str, str], Any] = sums_by(run, floor, span, "answers", ("counter", "month"), key)
    waits: dict[tuple[str, str], Any] = sums_by(run, floor, span, "waits", ("counter", "month"), key)
    grouped: dict[str, list[Tally]] = defaultdict(list)
    for unit, month in sorted({*answers, *waits}):
        said, waited = answers.get((unit, month)), waits.get((unit, month))
        if unit:
            grouped[unit].append(
                Tally(
                    month,
                    {} if said is None else dict(said.levels),
                    finished=said.finished if said else 0,
                    defaulted=said.defaulted if said else 0,
                    typed=said.typed if said else 0,
                    waited=len(waited.wait_s) if waited else 0,
                    waited_s=sum(waited.wait_s) if waited else 0,
                )
            )
    return grouped


def bad_answers(run: RunSql, window: Window, belongs: Belongs, unit: str) -> dict[str, list[BadAnswer]]:
    """The visits behind a unit's rate (`*`: everybody's) that were not the best two levels, oldest first."""
    grouped: dict[str, list[BadAnswer]] = defaultdict(list)
    for visit, number, at, level, counter, department in run(_BAD, **window.days):
        for mine in belongs.of(department, counter):
            if unit in ("*", mine) and len(grouped[mine]) < BAD_MOST:
                grouped[mine].append(BadAnswer(visit, number, window.local(at), level, counter))
    return grouped


def _unit(belongs: Belongs, place: Place) -> str:
    return next(iter(belongs.of(place.department, place.counter)), "")
