"""窗口争星, counted by hand from its text: months, flags and ties, circular, year with ballots, stars."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from hub.assessment.assessing import Assessment, assess
from hub.assessment.awards import stars_fault
from hub.assessment.document import document
from hub.assessment.facts import Absence, Ballot, Colleague, Facts, Tally
from hub.assessment.periods import parse_period
from hub.assessment.shelf import our_schemes
from tests.unit.hub.assessed import at, facts, finding, item, late, overdue, scored, verified

STAR = our_schemes()["star"]


def month(*parts: object, **readings: str) -> Decimal | None:
    return scored("star", "2026-01", facts(*parts), **readings).total  # type: ignore[arg-type]


def windows(known: dict[str, Facts], period: str = "2026-01", **readings: str) -> Assessment:
    units = {code: replace(one, unit=code) for code, one in known.items()}
    return assess(STAR, parse_period(period, "calendar"), units, readings)


def awards(found: Assessment) -> dict[str, str]:
    return {one.unit: one.award.award or one.award.reason for one in found.units if one.award}


def minus(points: int) -> Facts:
    """A window with so many quarrels of one point."""
    return facts([finding("w2a", "deduct", event=f"e{i}") for i in range(points)])


def test_a_month_without_events_is_fifty_and_fifty() -> None:
    score = scored("star", "2026-01", Facts())
    assert [f"{one.score}" for one in score.groups] == ["50.00", "50.00"]
    assert score.total == Decimal("100.00")


@pytest.mark.parametrize(
    ("code", "points"),
    [(one.code, one.points) for one in STAR.items if one.points is not None and not one.metric],
)
def test_every_event_takes_its_points_from_its_half(code: str, points: Fraction) -> None:
    assert month([finding(code, "deduct")]) == 100 - Decimal(int(points))


def test_both_halves_lose_for_a_missing_clerk_and_an_unmanned_counter() -> None:
    """缺岗 3 in one half, 空岗半天 5 in the other: 100 − 8, though it was one happening."""
    both = [finding("u3d", "deduct", event="same")]
    absent = [Absence("li", date(2026, 1, 5), "absent")]
    assert month(both, absent) == Decimal("92.00")


def test_a_half_stops_at_zero_or_goes_on() -> None:
    """Eleven times 5 is 55 of 50."""
    eleven = [finding("w2d", "deduct", event=f"e{i}") for i in range(11)]
    assert month(eleven) == Decimal("50.00")
    assert month(eleven, half_floor="none") == Decimal("45.00")


def test_a_veto_empties_the_work_half_only() -> None:
    score = scored("star", "2026-01", facts([finding("w6", "veto"), finding("u6", "deduct")]))
    assert ([f"{one.score}" for one in score.groups], score.total) == (["0.00", "48.00"], Decimal("48.00"))


@pytest.mark.parametrize(("minutes", "grace", "total"), [(1, "", "97.00"), (15, "15", "100.00"), (16, "15", "97.00")])
def test_lateness_has_no_grace_unless_the_hall_sets_one(minutes: int, grace: str, total: str) -> None:
    assert month(late(1, minutes), grace_minutes=grace) == Decimal(total)


def test_an_overdue_case_costs_three_in_the_month_of_its_end() -> None:
    late_case = [overdue("c", "2026-01-31")]
    assert month(late_case) == Decimal("97.00")
    assert scored("star", "2026-02", facts(late_case)).total == Decimal("100.00")


def leave(half_days: int, session: str = "am") -> list[Absence]:
    return [
        Absence("li", date(2026, 1, 5 + i), "absent", 0, session, "leave")  # type: ignore[arg-type]
        for i in range(half_days)
    ]


@pytest.mark.parametrize(
    ("n", "reading", "total"), [(2, "once", 100), (3, "once", 95), (6, "once", 95), (6, "every_third", 90)]
)
def test_three_half_days_without_a_stand_in_cost_five(n: int, reading: str, total: int) -> None:
    assert month(leave(n), w3e=reading) == Decimal(total)


def test_a_whole_day_is_two_half_days_unless_the_hall_reads_otherwise() -> None:
    """Two days: four half days, or two."""
    assert month(leave(2, "day")) == Decimal("95.00")
    assert month(leave(2, "day"), whole_day="one") == Decimal("100.00")


@pytest.mark.parametrize(("code", "points"), [("w4d", 4), ("u3c", 1)])
def test_some_events_count_once_a_month_or_each_time(code: str, points: int) -> None:
    twice = [finding(code, "deduct", event="a"), finding(code, "deduct", event="b")]
    assert month(twice) == 100 - Decimal(points)
    assert month(twice, **{code: "each"}) == 100 - Decimal(2 * points)


def test_points_of_the_electronic_supervision_are_taken_as_imported() -> None:
    assert month([finding("u7", "deduct", "2.5")]) == Decimal("97.50")


# -- flags


def test_the_first_eighteen_of_twenty_get_the_flag() -> None:
    found = awards(windows({f"{i:02}": minus(i) for i in range(20)}))
    assert sum(one == "flag" for one in found.values()) == 18
    assert (found["17"], found["18"]) == ("flag", "")


def test_equal_scores_are_told_apart_by_complaints_then_satisfaction_then_waits() -> None:
    """All 100; one flag. A complaint loses, then 90 % to 100 %, then 60 s to 30 s."""
    known = {
        "complaint": facts(verified(1), [Tally("2026-01", {"satisfied": 10}, 10, waited=10, waited_s=1)]),
        "dissatisfied": facts([Tally("2026-01", {"satisfied": 9, "dissatisfied": 1}, 10, waited=10, waited_s=1)]),
        "slow": facts([Tally("2026-01", {"satisfied": 10}, 10, waited=10, waited_s=600)]),
        "quick": facts([Tally("2026-01", {"satisfied": 10}, 10, waited=10, waited_s=300)]),
    }
    found = windows(known, flags="1")
    assert {one.unit: one.award.rank for one in found.units if one.award} == {
        "quick": 1,
        "slow": 2,
        "dissatisfied": 3,
        "complaint": 4,
    }
    assert awards(found)["quick"] == "flag"


def test_who_cannot_be_told_apart_at_the_last_place_is_for_the_group() -> None:
    found = awards(windows({"a": Facts(), "b": minus(1), "c": minus(1)}, flags="2"))
    tie = "tie at the last place: the leading group decides"
    assert found == {"a": "flag", "b": tie, "c": tie}


def test_a_vetoed_window_gets_no_flag_and_leaves_its_place() -> None:
    found = awards(windows({"a": facts([finding("w6", "veto")]), "b": minus(60)}, flags="1"))
    assert found == {"a": "vetoed", "b": "flag"}


# -- circular and year


def month_findings(days: dict[str, int]) -> Facts:
    return facts(
        [finding("w2a", "deduct", event=f"{day}{i}", when=at(day)) for day, n in days.items() for i in range(n)]
    )


def test_the_circular_tells_every_month_and_their_mean() -> None:
    """100, 99 and 97: 296 / 3 = 98.67."""
    known = {"a": month_findings({"2026-02-05": 1, "2026-03-05": 3})}
    score = windows(known, "2026Q1").units[0]
    assert [f"{part.score.total}" for part in score.parts] == ["100.00", "99.00", "97.00"]
    assert [part.score.award.award for part in score.parts if part.score.award] == ["flag"] * 3
    assert score.total == Decimal("98.67")


def ballots(*scores: tuple[str, int], target: str = "a") -> tuple[Ballot, ...]:
    return tuple(Ballot(f"b{i}", 2026, target, group, Fraction(score)) for i, (group, score) in enumerate(scores))


def test_the_year_is_sixty_percent_months_and_forty_percent_ballots() -> None:
    """Eleven months of 100 and one of 88: 99, so 59.4. Ballots 90, 80, 70: 80, so 32; by groups (85 + 70) / 2: 31."""
    cast = ballots(("citizens", 90), ("citizens", 80), ("departments", 70))
    known = {"a": replace(month_findings({"2026-05-05": 12}), ballots=cast)}
    assert windows(known, "2026").units[0].total == Decimal("91.40")
    assert windows(known, "2026", ballots="groups").units[0].total == Decimal("90.40")


def test_without_ballots_the_year_is_provisional_and_has_its_months_only() -> None:
    score = windows({"a": Facts()}, "2026").units[0]
    assert (score.total, score.provisional, item(score, "ballots")) == (Decimal("60.00"), True, None)


@pytest.mark.parametrize(("odd", "flags"), [("floor", 2), ("ceil", 3)])
def test_half_of_five_windows_is_two_unless_the_hall_rounds_up(odd: str, flags: int) -> None:
    found = awards(windows({str(i): minus(i) for i in range(5)}, "2026", year_odd=odd))
    assert sum(one == "flag" for one in found.values()) == flags


def test_a_window_that_opened_in_october_has_the_mean_of_its_three_months() -> None:
    score = windows({"a": Facts(since=date(2026, 10, 9), now=at("2027-01-05"))}, "2026").units[0]
    assert [part.period.key for part in score.parts] == ["2026-10", "2026-11", "2026-12"]
    assert item(score, "months") == Decimal("60.00")


def test_stars_come_from_windows_with_a_flag_and_pass_three_gates() -> None:
    """Of five people: late, a complaint, an error, none of these twice; votes decide the order."""
    names = ("late", "complaint", "error", "second", "first")
    colleagues = tuple(Colleague(name, date(2025, 1, 1), counter="a") for name in names)
    known = Facts(
        unit="a",
        colleagues=colleagues,
        absences=(Absence("late", date(2026, 3, 2), "late", 20),),
        complaints=tuple(replace(one, clerk="complaint") for one in verified(1)),
        findings=(replace(finding("w4b", "deduct"), clerk="error"),),
    )
    cast = (*ballots(("g", 95), target="first"), *ballots(("g", 80), target="second"))
    found = assess(STAR, parse_period("2026", "calendar"), {"a": known}, {}, cast).candidates
    assert found is not None
    assert [(one.clerk, one.eligible) for one in found][:2] == [("first", True), ("second", True)]
    failed = {one.clerk: [gate for gate, passed in one.gates.items() if not passed] for one in found[2:]}
    assert failed == {"late": ["attendance"], "complaint": ["complaints"], "error": ["errors"]}


@pytest.mark.parametrize(("n", "fault"), [(3, True), (4, False), (6, False), (7, True)])
def test_four_to_six_stars_a_year(n: int, fault: bool) -> None:
    colleagues = tuple(Colleague(f"p{i}", date(2025, 1, 1), counter="a") for i in range(8))
    known = Facts(unit="a", colleagues=colleagues)
    found = assess(STAR, parse_period("2026", "calendar"), {"a": known}, {}).candidates or ()
    assert bool(stars_fault([f"p{i}" for i in range(n)], found)) == fault


@pytest.mark.parametrize(("people", "proposed"), [(3, 0), (5, 5), (8, 6)])
def test_the_first_six_by_their_ballots_are_proposed_and_nobody_of_fewer_than_four(people: int, proposed: int) -> None:
    colleagues = tuple(Colleague(f"p{i}", date(2025, 1, 1), counter="a") for i in range(people))
    known = Facts(unit="a", colleagues=colleagues)
    found = document(assess(STAR, parse_period("2026", "calendar"), {"a": known}, {}), unit=None, language="zh")
    assert (len(found["stars"]["proposed"]), found["stars"]["reason"] == "") == (proposed, proposed > 0)


def test_a_class_stands_beside_the_score_and_changes_nothing() -> None:
    plain = windows({"a": Facts()}, "2026").units[0]
    classed = windows({"a": Facts(class_="quarter")}, "2026").units[0]
    assert (classed.total, classed.class_) == (plain.total, "quarter")
