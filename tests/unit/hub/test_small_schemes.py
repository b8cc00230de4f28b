"""文家市 and 便民服务大厅, counted by hand from their texts, with what the texts leave out."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from hub.assessment.assessing import assess
from hub.assessment.facts import Complaint, Facts, LeaderVisit, SelfCheck
from hub.assessment.periods import parse_period
from hub.assessment.shelf import our_schemes
from tests.unit.hub.assessed import at, every_manual_item_full, facts, finding, item, scored, verified

MANUAL = every_manual_item_full("wenjiashi")


def wenjiashi(*parts: object, period: str = "2026-01", **readings: str) -> Decimal | None:
    return scored("wenjiashi", period, facts(MANUAL, *parts), **readings).total  # type: ignore[arg-type]


# -- 文家市


def test_seventy_points_are_all_there_are_and_they_are_not_scaled() -> None:
    score = scored("wenjiashi", "2026-01", facts(MANUAL))
    assert (score.total, score.scheme.available_points) == (Decimal("70.00"), Fraction(70))
    assert (item(score, "3.2"), item(score, "4"), score.provisional) == (None, None, False)


def test_leaders_are_scored_by_hand_and_provisional_until_then() -> None:
    unscored = scored("wenjiashi", "2026-01", Facts())
    assert (unscored.total, unscored.provisional) == (Decimal("70.00"), True)
    low = facts([finding("1.1", "score", "4"), finding("1.2", "score", "0")])
    assert scored("wenjiashi", "2026-01", low).total == Decimal("54.00")


@pytest.mark.parametrize(("n", "total"), [(1, "65.00"), (2, "60.00"), (5, "45.00"), (6, "45.00")])
def test_every_service_or_case_outside_the_hall_costs_five(n: int, total: str) -> None:
    """25 points: the sixth finds nothing left."""
    assert wenjiashi([finding("2.1" if i % 2 else "2.2", "deduct", event=f"e{i}") for i in range(n)]) == Decimal(total)


def test_a_part_goes_below_zero_where_the_hall_reads_so() -> None:
    six = [finding("2.2", "deduct", event=f"e{i}") for i in range(6)]
    assert wenjiashi(six, half_floor="none") == Decimal("40.00")


def test_verified_complaints_cost_five_and_unproven_ones_nothing() -> None:
    open_one = [Complaint("x", at("2026-01-05"), verified=False)]
    assert wenjiashi(verified(2), open_one) == Decimal("60.00")


def test_a_bad_review_counts_once_it_is_verified_and_not_beside_its_complaint() -> None:
    complaint = [replace(one, event="visit 7") for one in verified(1)]
    same, other = finding("3.1", "deduct", event="visit 7"), finding("3.1", "deduct", event="visit 8")
    assert wenjiashi(complaint, [same]) == Decimal("65.00")
    assert wenjiashi(complaint, [same, other]) == Decimal("60.00")


@pytest.mark.parametrize(
    ("reading", "january", "february"), [("made", "65.00", "70.00"), ("decided", "70.00", "65.00")]
)
def test_a_complaint_counts_when_it_was_made_or_verified(reading: str, january: str, february: str) -> None:
    told = [Complaint("x", at("2026-01-31"), verified=True, decided=at("2026-02-03"))]
    months = [scored("wenjiashi", f"2026-0{n}", facts(told), complaint_day=reading).total for n in (1, 2)]
    assert months == [Decimal(january), Decimal(february)]


def test_weeks_with_fewer_than_two_visits_are_a_hint_and_no_points() -> None:
    """January 2026: Thursdays 1, 8, 15, 22, 29. Two visits in the weeks of the 1st (from 29 December) and the 8th."""
    days = ("2025-12-29", "2026-01-02", "2026-01-05", "2026-01-09", "2026-01-14")
    known = facts(MANUAL, leader_visits=tuple(LeaderVisit(at(day), "x", "principal") for day in days))
    hint = scored("wenjiashi", "2026-01", known).item("1.1")
    assert (hint.figure.inputs, hint.score) == ({"weeks": 5, "weeks_short": 3}, Decimal("10.00"))


def test_a_quarter_is_the_mean_of_its_months() -> None:
    """60, 70 and 70: 66.67; summed 200."""
    two = [finding("2.2", "deduct", event="1"), finding("2.2", "deduct", event="2")]
    assert wenjiashi(two, period="2026Q1") == Decimal("66.67")
    assert wenjiashi(two, period="2026Q1", annual="sum") == Decimal("200.00")


def test_the_thirty_first_of_december_belongs_to_the_old_year() -> None:
    assert wenjiashi(verified(1, "2025-12-31"), period="2025-12") == Decimal("65.00")
    assert wenjiashi(verified(1, "2025-12-31"), period="2026-01") == Decimal("70.00")


# -- 便民服务大厅


def checks(*scores: str) -> Facts:
    return Facts(
        unit="1", self_checks=tuple(SelfCheck(f"2026-0{i + 1}", Fraction(one)) for i, one in enumerate(scores))
    )


def hall(known: Facts, period: str = "2026Q1", **readings: str) -> Decimal | None:
    return scored("hall", period, known, **readings).total


def test_a_quarter_is_the_mean_of_its_self_checks() -> None:
    """90, 95.5, 92: 277.5 / 3 = 92.5."""
    assert hall(checks("90", "95.5", "92")) == Decimal("92.50")
    assert hall(checks("90", "95.5", "92"), "2026-02") == Decimal("95.50")


def test_thirds_are_rounded_once_at_the_end() -> None:
    """100 + 100 + 99 = 299 / 3 = 99.666…"""
    assert hall(checks("100", "100", "99")) == Decimal("99.67")


def test_confirmed_findings_come_off() -> None:
    found = (finding("found", "deduct", "3.5"), finding("found", "deduct", "2", quantity=2, event="b"))
    assert hall(replace(checks("90", "90", "90"), findings=found)) == Decimal("82.50")


def test_nothing_checked_is_no_score_and_no_zero() -> None:
    score = scored("hall", "2026Q1", Facts())
    assert (score.base, score.total, score.provisional) == (None, None, True)


@pytest.mark.parametrize(("reading", "total"), [("full", "100.00"), ("zero", "0.00")])
def test_the_hall_decides_about_missing_self_checks(reading: str, total: str) -> None:
    assert hall(Facts(), no_data=reading) == Decimal(total)


def test_a_month_without_its_check_makes_the_quarter_provisional() -> None:
    score = scored("hall", "2026Q1", checks("90", "92"))
    assert (score.total, score.provisional) == (Decimal("91.00"), True)


@pytest.mark.parametrize(("reading", "total"), [("zero", "0.00"), ("none", "-10.00")])
def test_more_findings_than_points_end_at_zero_unless_the_hall_reads_otherwise(reading: str, total: str) -> None:
    known = replace(checks("40"), findings=(finding("found", "deduct", "50"),))
    score = scored("hall", "2026-01", known, total_floor=reading)
    assert score.total == Decimal(total)
    assert score.base is not None
    assert score.total == score.base + score.bonus - score.deduction


def test_there_is_no_grade_until_the_hall_has_set_both_thresholds() -> None:
    scheme, period = our_schemes()["hall"], parse_period("2026Q1", "calendar")
    known = {score: replace(checks(score, score, score), unit=score) for score in ("90", "89.99", "70", "69.99")}
    unset = assess(scheme, period, known, {"excellent_from": "90"})
    assert {one.award.reason for one in unset.units if one.award} == {"no thresholds set"}
    graded = assess(scheme, period, known, {"excellent_from": "90", "standard_from": "70"})
    assert {one.unit: one.award.award for one in graded.units if one.award} == {
        "90": "excellent",
        "89.99": "standard",
        "70": "standard",
        "69.99": "ordinary",
    }


def test_a_check_of_another_quarter_does_not_count() -> None:
    later = Facts(self_checks=(SelfCheck("2026-04", Fraction(50)),))
    assert hall(later) is None


def test_a_finding_of_the_quarters_last_minute_counts() -> None:
    last = at("2026-03-31") + timedelta(hours=23, minutes=59)
    known = replace(checks("90", "90", "90"), findings=(finding("found", "deduct", "1", when=last),))
    assert hall(known) == Decimal("89.00")
