"""An assessment scheme 考核办法 as data: what `schemes/*.toml` and a hall's own files say. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal, get_args

from hub.assessment.periods import Period, PeriodKind, Quarters
from hub.problems import Invalid, Unknown
from hub.wire import Names

Unit = Literal["department", "counter", "person"]
UNITS: tuple[Unit, ...] = get_args(Unit)

#: How an item is scored.
#: rate: its points times the rate · threshold: full from `least` % on, else 0 · zero: one event and nothing is left ·
#: each: every event takes its tariff from the item · deduct: every event takes its tariff from the group's pool, or
#: without a pool from the total · bonus: every event adds · veto: one event empties the group · manual: a person
#: scores · unknown: the text does not say · part: a period inside a longer one, never in a file.
Kind = Literal["rate", "threshold", "zero", "each", "deduct", "bonus", "veto", "manual", "unknown", "part"]
KINDS: tuple[Kind, ...] = get_args(Kind)

#: How the score of a period comes about: from the items, or from the periods inside it.
Basis = Literal["items", "parts", "circular", "votes"]
BASES: tuple[Basis, ...] = get_args(Basis)

Awards = Literal["", "flags", "grades"]


@dataclass(frozen=True)
class PeriodRule:
    """`parts`: mean (or sum) of the parts · `circular`: the same, as a report · `votes`: parts and ballots, 60/40."""

    kind: PeriodKind
    basis: Basis
    of: PeriodKind = "month"


@dataclass(frozen=True)
class ZeroWith:
    """An item that is lost together with another: by a finding there that names `clause`, under one reading."""

    item: str
    clause: str
    reading: str
    choice: str


@dataclass(frozen=True)
class Item:
    """指标. `points` is what it is worth, or what one event costs or brings.

    `tariff` is what the first, second … event costs, the last for all further ones; of findings, the amounts allowed.
    `most_reading` names the switch under which events count once. `step` events make one deduction.
    """

    code: str
    names: Names
    kind: Kind
    group: str = ""
    points: Fraction | None = None
    metric: str = ""
    article: str = ""
    evidence: str = ""
    readings: tuple[str, ...] = ()
    tariff: tuple[Fraction, ...] = ()
    least: Fraction | None = None
    excess: Fraction | None = None
    cap: Fraction | None = None
    once: bool = False
    once_reading: str = ""
    step: int = 1
    step_reading: str = ""
    floor_reading: str = ""
    free_points: bool = False
    by_analogy: bool = False
    clauses: tuple[str, ...] = ()
    zero_with: ZeroWith | None = None
    leads: tuple[str, ...] = ()


@dataclass(frozen=True)
class Group:
    """大项, or a half. `pool`: its items take from its points. `available`: points that the text has rules for."""

    code: str
    names: Names
    points: Fraction | None = None
    pool: bool = False
    available: Fraction | None = None


@dataclass(frozen=True)
class Reading:
    """A switch of the scheme: its default and what the choices mean. `stated` is False where the text is silent."""

    name: str
    names: Names
    default: str
    choices: Mapping[str, Names]
    article: str = ""
    stated: bool = False

    def read_as(self, value: str) -> str:
        return value if not self.choices or value in self.choices else self.default


@dataclass(frozen=True)
class Scheme:
    code: str
    names: Names
    source: Names
    unit: Unit
    quarters: Quarters
    periods: tuple[PeriodRule, ...]
    groups: tuple[Group, ...]
    items: tuple[Item, ...]
    readings: tuple[Reading, ...] = ()
    points: Fraction = Fraction(100)
    bonus_cap: Fraction | None = None
    awards: Awards = ""
    classes: Mapping[str, Names] = field(default_factory=dict)
    origin: str = ""

    def item(self, code: str) -> Item:
        """Raises Unknown."""
        for item in self.items:
            if item.code == code:
                return item
        raise Unknown("item", code, field="item")

    def group(self, code: str) -> Group:
        return next(group for group in self.groups if group.code == code)

    @property
    def available_points(self) -> Fraction:
        """What the text that we have gives: less than its full points where it breaks off (文家市)."""
        missing = [one.points - one.available for one in self.groups if one.points and one.available is not None]
        return self.points - sum(missing, Fraction(0))

    def rule(self, period: Period) -> PeriodRule:
        """Raises Invalid for a kind of period that the scheme has no score for."""
        for rule in self.periods:
            if rule.kind == period.kind:
                return rule
        kinds = ", ".join(rule.kind for rule in self.periods)
        raise Invalid("period", f"{period.key}: {self.code}: {kinds}")

    def read_as(self, chosen: Mapping[str, str]) -> dict[str, str]:
        """Every switch of the scheme with its value: the hall's choice where it still exists, else the default."""
        return {one.name: one.read_as(chosen.get(one.name, one.default)) for one in self.readings}
