"""The figures of the contract: sums by group in, one line a group out."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, get_args

from hub.figures.groups import By, in_order, key_of
from hub.figures.rollup import sums_by
from hub.figures.rows import Floor, Span, casework
from hub.figures.summary import Work
from hub.figures.sums import LEVEL_COLUMNS, Answers, Arrivals, Desk, Value, Waits
from hub.journal import RunSql
from hub.problems import Invalid

Kind = Literal["satisfaction", "reasons", "waits", "counters", "arrivals", "summary"]
KINDS: tuple[Kind, ...] = get_args(Kind)

SATISFACTION_COLUMNS = (
    "finished",
    "evaluated",
    "satisfied",
    "dissatisfied",
    *LEVEL_COLUMNS.values(),
    "defaulted",
    "typed",
    "good",
    "answers",
    "satisfaction_rate",
    "evaluation_rate",
    "good_rate",
    "bad_rate",
    "answer_mean_s",
    "answer_p50_s",
)
WAITS_COLUMNS = (
    "n",
    "no_shows",
    "mean_s",
    "p50_s",
    "p80_s",
    "p90_s",
    "p95_s",
    "max_s",
    "service_mean_s",
    "service_p50_s",
    "service_p90_s",
    "walk_mean_s",
    "walk_p50_s",
    "over_limit",
    "over_limit_rate",
)
COUNTERS_COLUMNS = ("visits", "open_s", "busy_s", "away_s", "idle_s", "pauses", "busy_rate", "away_rate")
ARRIVALS_COLUMNS = ("issued", "called", "cancelled", "expired")
REASONS_COLUMNS = ("reason", "times")
SUMMARY_COLUMNS = tuple(Work().line())
COLUMNS: dict[Kind, tuple[str, ...]] = {
    "satisfaction": SATISFACTION_COLUMNS,
    "reasons": REASONS_COLUMNS,
    "waits": WAITS_COLUMNS,
    "counters": COUNTERS_COLUMNS,
    "arrivals": ARRIVALS_COLUMNS,
    "summary": SUMMARY_COLUMNS,
}
_SUMS: dict[Kind, str] = {
    "satisfaction": "answers",
    "reasons": "answers",
    "waits": "waits",
    "counters": "desks",
    "arrivals": "arrivals",
    "summary": "answers",
}
#: What a kind cannot be grouped by: nobody has issued a ticket at a counter, a counter's time belongs to no service.
_NOT_BY: dict[Kind, frozenset[str]] = {
    "arrivals": frozenset({"counter", "clerk"}),
    "counters": frozenset({"service", "department", "hour"}),
    "summary": frozenset({"hour"}),
}

Row = dict[str, Value]


@dataclass(frozen=True)
class Figures:
    """A table of figures; `rows` have one value for every name in `columns`."""

    kind: Kind
    first: date
    last: date
    by: tuple[By, ...]
    columns: tuple[str, ...]
    rows: list[Row]


def figures(
    run: RunSql, floor: Floor, kind: Kind, first: date, last: date, by: tuple[By, ...], *, limit_s: int
) -> Figures:
    """Figures of the inclusive hall days. `limit_s`: a longer wait is over the hall's limit.

    satisfaction: visits by the day of their finish, only citizens' own answers count as evaluated; waits and arrivals:
    tickets by the day of their issue. Raises Invalid for a grouping that this kind does not have.
    """
    wrong = _NOT_BY.get(kind, frozenset()) & set(by)
    if wrong:
        raise Invalid("by", f"{kind} – {', '.join(sorted(wrong))}")
    groups = sums_by(run, floor, Span(first, last), _SUMS[kind], by, key_of(by))
    if kind == "summary":
        groups = _work(run, floor, Span(first, last), by, groups)
    if not by and not groups and kind != "reasons":
        groups = {(): _EMPTY[kind]()}
    rows: list[Row] = []
    for key in sorted(groups, key=in_order):
        head: Row = dict(zip(by, key, strict=True))
        rows.extend({**head, **line} for line in _lines(kind, groups[key], limit_s))
    return Figures(kind, first, last, by, (*by, *COLUMNS[kind]), rows)


_EMPTY: dict[Kind, Any] = {
    "satisfaction": Answers,
    "waits": Waits,
    "counters": Desk,
    "arrivals": Arrivals,
    "summary": Work,
}


def _work(run: RunSql, floor: Floor, span: Span, by: tuple[By, ...], answers: dict[Any, Answers]) -> dict[Any, Work]:
    """Cases and consultations beside what citizens said."""
    key = key_of(by)
    groups = {group: Work(answers=said) for group, said in answers.items()}
    for place, values in casework(run, floor, span):
        groups.setdefault(key(place), Work()).take(*values)
    return groups


def _lines(kind: Kind, sums: Any, limit_s: int) -> list[Row]:
    """One line a group; of reasons one line each, the most frequent first."""
    if kind == "reasons":
        return [{"reason": reason, "times": times} for reason, times in sums.reasons.most_common()]
    return [sums.line(limit_s) if kind == "waits" else sums.line()]
