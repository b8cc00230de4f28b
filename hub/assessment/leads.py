"""线索: what the system can see by itself, as proposals. Pure. A person confirms or dismisses; nothing counts before.

What follows from the record by a rule alone (overdue, on-site rate, verified complaints, minutes of attendance) is
computed, never proposed. Every lead has a key, so that the same happening is proposed once.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from hub.assessment import leads_cases, leads_posts
from hub.assessment.facts import Facts
from hub.assessment.periods import Period
from hub.assessment.readings import Readings
from hub.assessment.scheme import Item, Scheme
from hub.assessment.sight import Seen

Sight = Callable[[Facts, Period, Readings], Iterator[Seen]]


@dataclass(frozen=True)
class Watch:
    """`clause` is the part of an item that it is about; `analogy` the clause of the same scheme it resembles."""

    sight: Sight
    clause: str = ""
    analogy: str = ""


SIGHTS: Mapping[str, Watch] = {
    "off_site_stage": Watch(leads_cases.off_site_stage),
    "signed_by_other": Watch(leads_cases.signed_by_other, clause="signing"),
    "issued_elsewhere": Watch(leads_cases.issued_elsewhere, clause="issuing"),
    "second_correction": Watch(leads_cases.second_correction, clause="told_once"),
    "three_corrections": Watch(leads_cases.three_corrections),
    "consulted_three_times": Watch(leads_cases.consulted_three_times),
    "returned_without_reason": Watch(leads_cases.returned_without_reason),
    "returned_twice": Watch(leads_cases.returned_twice),
    "refused_booking": Watch(leads_cases.refused_booking),
    "after_hours": Watch(leads_cases.after_hours),
    "holiday_booking": Watch(leads_cases.holiday_booking),
    "reported_online": Watch(leads_cases.reported_online),
    # 文家市 过错责任 第五条: 改变办件类型逃避监督 (10), 未办结弄虚作假改为办结 (6)
    "kind_changed": Watch(leads_cases.kind_changed, analogy="20.2"),
    "no_paper": Watch(leads_cases.no_paper, analogy="20.2"),
    "dissatisfied": Watch(leads_cases.dissatisfied),
    "no_stand_in": Watch(leads_posts.no_stand_in, clause="stand_in"),
    "no_whereabouts": Watch(leads_posts.no_whereabouts, clause="whereabouts"),
    "half_day_unmanned": Watch(leads_posts.half_day_unmanned),
    "no_guide": Watch(leads_posts.no_guide),
    "not_established": Watch(leads_posts.not_established),
    "no_leader_visit": Watch(leads_posts.no_leader_visit),
}


@dataclass(frozen=True)
class Lead:
    """A proposal for an item of a unit. `key` is the same whenever the same thing is seen again."""

    key: str
    item: Item
    unit: str
    seen: Seen
    compare_to: str

    @property
    def at(self) -> datetime:
        return self.seen.at


def leads(scheme: Scheme, period: Period, facts: Facts, chosen: Mapping[str, str]) -> list[Lead]:
    """Everything that can be seen of one unit in the period."""
    readings = scheme.read_as(chosen)
    return [
        _lead(scheme, item, name, facts.unit, seen)
        for item in scheme.items
        for name in item.leads
        for seen in SIGHTS[name].sight(facts, period, readings)
    ]


def _lead(scheme: Scheme, item: Item, name: str, unit: str, seen: Seen) -> Lead:
    watch = SIGHTS[name]
    compare_to = watch.analogy if item.by_analogy else watch.clause if watch.clause in item.clauses else ""
    return Lead(f"{scheme.code} {item.code} {name} {unit} {seen.key}", item, unit, seen, compare_to)
