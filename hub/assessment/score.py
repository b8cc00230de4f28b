"""A score with everything that explains it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from hub.assessment.facts import Finding
from hub.assessment.figure import Figure, Trace
from hub.assessment.periods import Period
from hub.assessment.scheme import Group, Item, Scheme

ZERO = Decimal("0.00")


@dataclass(frozen=True)
class Toll:
    """What one happening costs or brings, positive. `because` names the item that counts instead of this one."""

    item: str
    key: str
    points: Fraction
    quantity: int = 1
    trace: Trace = field(default_factory=dict)
    finding: Finding | None = None
    because: str = ""


@dataclass(frozen=True)
class ItemScore:
    """`score` is None without data; negative for deductions. `extra` is booked as bonus."""

    item: Item
    score: Decimal | None
    figure: Figure = field(default_factory=Figure)
    extra: Decimal = ZERO
    tolls: tuple[Toll, ...] = ()
    provisional: bool = False
    why: str = ""


@dataclass(frozen=True)
class GroupScore:
    group: Group
    score: Decimal | None
    vetoed: bool = False


@dataclass(frozen=True)
class Award:
    """红旗窗口, a grade, a place; `reason` says why it is given or why it is not."""

    award: str
    reason: str = ""
    rank: int | None = None


@dataclass(frozen=True)
class Part:
    """A period inside a longer one."""

    period: Period
    score: "UnitScore"


@dataclass(frozen=True)
class UnitScore:
    """`total` = base + bonus − deduction; None while nothing at all has a score."""

    scheme: Scheme
    period: Period
    unit: str
    base: Decimal | None
    bonus: Decimal
    deduction: Decimal
    total: Decimal | None
    items: tuple[ItemScore, ...]
    groups: tuple[GroupScore, ...] = ()
    readings: Mapping[str, str] = field(default_factory=dict)
    provisional: bool = False
    calendar_version: int = 0
    parts: tuple[Part, ...] = ()
    award: Award | None = None
    class_: str = ""
    notes: tuple[str, ...] = ()

    @property
    def vetoed(self) -> bool:
        return any(group.vetoed for group in self.groups)

    def item(self, code: str) -> ItemScore:
        return next(one for one in self.items if one.item.code == code)
