"""Readings 理解: where a text can be understood in more than one way, a named switch says how the hall reads it.

This is every switch that metrics, scoring and proposals ask for. A scheme declares those it uses, with its default.
"""

import re
from collections.abc import Mapping
from fractions import Fraction

#: A switch with a number instead of choices; empty means unset.
NUMBER = ("number",)

KNOWN: Mapping[str, tuple[str, ...]] = {
    # satisfaction
    "satisfied_levels": ("three", "two"),
    "satisfaction_steps": ("whole", "exact"),
    "satisfaction_excess": ("bonus", "base"),
    "joint_satisfaction": ("on", "off"),
    "online_cap": ("clause", "reviews"),
    # cases and services
    "on_site_cases": ("decided", "closed"),
    "overdue_period": ("due", "closed"),
    "shortened_by": ("overall", "every"),
    "signer": ("authorised", "chief"),
    "issued_elsewhere": ("item", "article"),
    "holiday": ("non_working", "statutory"),
    # complaints, attendance, the online desk
    "complaint_day": ("made", "decided"),
    "complaints_floor": ("zero", "carry"),
    "grace_minutes": NUMBER,
    "attendance_floor": ("zero", "none"),
    "desk_days": ("any", "every"),
    "whole_day": ("two", "one"),
    # totals
    "no_data": ("undecided", "full", "zero", "redistribute"),
    "annual": ("mean", "sum"),
    "half_floor": ("zero", "none"),
    "total_floor": ("zero", "none"),
    # 窗口争星
    "w3e": ("once", "every_third"),
    "w4d": ("once", "each"),
    "u3c": ("once", "each"),
    "flags": NUMBER,
    "year_share": NUMBER,
    "year_odd": ("floor", "ceil"),
    "ballots": ("each", "groups"),
    "star_windows": ("any", "year"),
    # 便民服务大厅
    "excellent_from": NUMBER,
    "standard_from": NUMBER,
}

#: What is read where a scheme declares nothing.
DEFAULTS: Mapping[str, str] = {name: "" if choices == NUMBER else choices[0] for name, choices in KNOWN.items()}

Readings = Mapping[str, str]


def number_of(readings: Readings, name: str) -> Fraction | None:
    """A number switch; None when it is unset."""
    text = readings.get(name, DEFAULTS[name])
    return Fraction(text) if text else None


def fits(name: str, value: str) -> bool:
    """Whether a switch of this name can be set so."""
    if KNOWN[name] == NUMBER:
        return not value or re.fullmatch(r"\d{1,6}(\.\d{1,2})?", value) is not None
    return value in KNOWN[name]


def choice_of(readings: Readings, name: str) -> str:
    return readings.get(name, DEFAULTS[name])
