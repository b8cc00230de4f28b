"""Leads that posts, counters' states, guides and leaders' visits show. Pure."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from hub.assessment.facts import Facts, terms_at
from hub.assessment.periods import Period
from hub.assessment.readings import Readings
from hub.assessment.sight import Seen, noon

#: 争星 窗口单位3: 空岗半天以上; half of a working day of seven hours.
HALF_A_DAY = timedelta(hours=3, minutes=30)
_AWAY = frozenset({"away", "closed"})


def no_stand_in(facts: Facts, period: Period, _: Readings) -> Iterator[Seen]:
    """A post for which nobody is named to step in (服务双岗制)."""
    for post in facts.posts:
        begins, ends = max(post.valid_from, period.first), min(post.valid_to or period.last, period.last)
        if not post.stand_ins and begins <= ends:
            yield Seen(f"{post.post} {begins}", noon(facts, begins), f"岗位 {post.post} 无顶岗人员 no stand-in",
                       f"post {post.post}", post.counter, post.clerk)  # fmt: skip


def no_whereabouts(facts: Facts, period: Period, _: Readings) -> Iterator[Seen]:
    """Away without a word where to (去向请假留言制)."""
    for one in facts.absences:
        if one.kind in ("off_post", "absent") and not one.whereabouts and period.holds(one.day):
            key = f"{one.clerk} {one.day} {one.session}"
            yield Seen(key, noon(facts, one.day), "离岗未留去向 no whereabouts left", key, one.counter, one.clerk)


def half_day_unmanned(facts: Facts, period: Period, _: Readings) -> Iterator[Seen]:
    """On working days: the counter's states, and absences that nobody stood in for."""
    idle: dict[tuple[str, date], timedelta] = defaultdict(timedelta)
    for span in facts.counter_spans:
        day = span.begin.date()
        if span.state in _AWAY and not span.stand_in and period.holds(day) and day in facts.working_days:
            idle[span.counter, day] += span.end - span.begin
    for (counter, day), spent in sorted(idle.items()):
        if spent >= HALF_A_DAY:
            yield _unmanned(facts, counter, day, f"{spent.total_seconds() / 3600:.1f} h")
    for one in facts.absences:
        seen = (one.counter, one.day) in idle and idle[one.counter, one.day] >= HALF_A_DAY
        if one.kind == "absent" and not one.stand_in and period.holds(one.day) and not seen:
            yield _unmanned(facts, one.counter, one.day, one.session)


def no_guide(facts: Facts, period: Period, _: Readings) -> Iterator[Seen]:
    """A service whose guide is recorded as missing."""
    for one in terms_at(facts.services, period.last):
        if one.guide is False:
            key = f"{one.service} {period.key}"
            yield Seen(key, noon(facts, period.last), f"无服务指南 no guide: {one.service}", f"guide {one.service}")


def not_established(facts: Facts, period: Period, _: Readings) -> Iterator[Seen]:
    for one in facts.colleagues:
        if one.established is False:
            begins = max(one.valid_from, period.first)
            yield Seen(f"{one.clerk} {period.key}", noon(facts, begins), "非在编人员 staff not established",
                       f"staff {one.clerk}", one.counter, one.clerk)  # fmt: skip


def no_leader_visit(facts: Facts, period: Period, _: Readings) -> Iterator[Seen]:
    """A whole month without the leader in charge (争星 窗口单位4)."""
    came = any(one.rank == "in_charge" and period.holds(one.at.date()) for one in facts.leader_visits)
    if not came and facts.now is not None and facts.now.date() > period.last:
        at: datetime = noon(facts, period.last)
        yield Seen(
            period.key, at, "本月无分管领导到窗口办公的登记 no visit of the leader in charge", f"leader {period.key}"
        )


def _unmanned(facts: Facts, counter: str, day: date, told: str) -> Seen:
    return Seen(
        f"{counter} {day}", noon(facts, day), f"空岗半天以上 unmanned: {told}", f"unmanned {counter} {day}", counter
    )
