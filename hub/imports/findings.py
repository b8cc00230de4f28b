"""The findings of an assessment as a file. Imported ones count as confirmed and are marked as imported."""

from collections.abc import Mapping
from typing import Any

from hub import clock
from hub.assessment.rounding import rounded
from hub.assessment.rules import checked_effect, checked_points, checked_unit
from hub.assessment.scheme import Scheme
from hub.imports.cells import Column, Context, Unfit, choice, decimal, instant, integer, reference, text
from hub.imports.register import Register, Rows
from hub.problems import HallError

#: In the context's tools: the schemes by code, and the closed periods as (scheme, period, first, last).
SCHEMES, CLOSED = "schemes", "closed"
CLOSED_PERIODS = "SELECT scheme, period, first, last FROM period_closing WHERE reopened_at IS NULL"


def _scheme(cell: str, context: Context) -> str:
    known: Mapping[str, Scheme] = context.tools[SCHEMES]
    if cell not in known:
        told = " ".join(sorted(known))
        raise Unfit(f"没有考核办法“{cell}”，现有：{told}", f"there is no scheme {cell!r}; there are {told}")
    return cell


def _finding(line: dict[str, Any], context: Context) -> Rows:
    """As the scheme lets it be entered by hand. Raises Unfit."""
    scheme: Scheme = context.tools[SCHEMES][line["scheme"]]
    day = clock.hall_day(clock.instant(line["at"]), context.zone)
    _must_be_open(context, scheme.code, day)
    try:
        item = scheme.item(line["item"])
        checked_unit(scheme, line["department"], line["counter"], line["clerk"])
        effect = checked_effect(scheme, item, line["effect"], line["compare_to"])
        points = checked_points(scheme, item, effect, line["points"], line["compare_to"])
    except HallError as refused:
        raise Unfit(refused.sentence("zh"), refused.sentence("en")) from refused
    stored = None if points is None else f"{rounded(points)}"
    return [
        ("finding", {**line, "item": item.code, "day": day, "effect": effect, "points": stored, "state": "confirmed"})
    ]


def _must_be_open(context: Context, scheme: str, day: str) -> None:
    for closed, period, first, last in context.tools[CLOSED]:
        if closed == scheme and first <= day <= last:
            raise Unfit(f"{period} 已定稿，须先重新打开", f"{period} is closed; reopen it first")


FINDINGS = Register(
    "findings",
    ("finding",),
    (
        Column("scheme", _scheme),
        Column("item", text),
        Column("at", instant),
        Column("department", reference("department")),
        Column("counter", reference("counter"), needed=False),
        Column("clerk", reference("clerk"), needed=False),
        Column("effect", choice("deduct", "bonus", "zero", "score", "veto"), needed=False),
        Column("points", decimal(0, 1000), needed=False),
        Column("quantity", integer(1, 1000), needed=False, default=1),
        Column("event", text, needed=False),
        Column("compare_to", text, needed=False),
        Column("note", text, needed=False),
    ),
    (),
    _finding,
)
