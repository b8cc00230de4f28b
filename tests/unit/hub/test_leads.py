"""线索: what the system sees by itself and what it leaves alone; everything is proposed, nothing counts."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from hub.assessment.facts import (
    Absence,
    BadAnswer,
    Booking,
    Case,
    Colleague,
    Consultation,
    CounterSpan,
    Facts,
    KindChange,
    LeaderVisit,
    Post,
    ServiceTerms,
)
from hub.assessment.leads import SIGHTS, leads
from hub.assessment.periods import parse_period
from hub.assessment.shelf import our_schemes
from tests.unit.hub.assessed import at

JANUARY = parse_period("2026-01", "calendar")
#: Friday 2 January 2026 is off; Monday the 5th and Sunday the 4th (调休) are worked.
DAYS = Facts(
    unit="u",
    now=at("2026-02-02"),
    working_days=frozenset({date(2026, 1, 4), date(2026, 1, 5)}),
    statutory_days=frozenset({date(2026, 1, 1)}),
    closing={date(2026, 1, 5): at("2026-01-05 17:30")},
)
DONE = Case("c1", closed=at("2026-01-05 10:00"), outcome="approved", counter="1", clerk="li")
LI = Colleague("li", date(2025, 1, 1), counter="1", chief=True)


def count(name: str, known: Facts, **readings: str) -> int:
    return len(list(SIGHTS[name].sight(known, JANUARY, readings)))


def case(**told: object) -> Facts:
    return replace(DAYS, cases=(replace(DONE, **told),))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("told", "n"),
    [
        ({"on_site": False}, 1),
        ({"offsite_stages": ("approve",)}, 1),
        ({"offsite_stages": ("approve",), "council_approved": True}, 0),
        ({"offsite_stages": ("approve", "apply"), "council_approved": True}, 1),
        ({}, 0),
    ],
)
def test_stages_outside_the_hall(told: dict[str, object], n: int) -> None:
    assert count("off_site_stage", case(**told)) == n


@pytest.mark.parametrize(
    ("by", "reading", "n"),
    [("li", "authorised", 0), ("wu", "authorised", 0), ("wu", "chief", 1), ("x", "authorised", 1)],
)
def test_papers_signed_by_somebody_else(by: str, reading: str, n: int) -> None:
    known = replace(case(signed_by=by), colleagues=(LI, Colleague("wu", date(2025, 1, 1), counter="1")))
    assert count("signed_by_other", known, signer=reading) == n


@pytest.mark.parametrize(("counter", "n"), [("1", 0), ("9", 1), ("", 0)])
def test_papers_issued_elsewhere(counter: str, n: int) -> None:
    assert count("issued_elsewhere", replace(case(issued_counter=counter), colleagues=(LI,))) == n


@pytest.mark.parametrize(("n", "second", "third"), [(1, 0, 0), (2, 1, 0), (3, 1, 1)])
def test_corrections(n: int, second: int, third: int) -> None:
    assert count("second_correction", case(corrections=n)) == second
    assert count("three_corrections", case(corrections=n)) == third


def asked(n: int, **told: object) -> tuple[Consultation, ...]:
    one = Consultation("q", at("2026-01-05"), service="A", person="p")
    return tuple(replace(one, consult_no=f"q{i}", **told) for i in range(n))  # type: ignore[arg-type]


def test_three_consultations_without_a_case() -> None:
    assert count("consulted_three_times", replace(DAYS, consultations=asked(3))) == 1
    assert count("consulted_three_times", replace(DAYS, consultations=asked(2))) == 0
    assert count("consulted_three_times", replace(DAYS, consultations=asked(3, case_no="c9"))) == 0
    applied = replace(case(applicant="p", service="A"), consultations=asked(3))
    assert count("consulted_three_times", applied) == 0


def test_cases_returned_without_a_reason_or_twice_for_one() -> None:
    assert count("returned_without_reason", case(outcome="returned")) == 1
    assert count("returned_without_reason", case(outcome="returned", return_reason="缺主件")) == 0
    back = replace(DONE, outcome="returned", return_reason="缺主件", applicant="p", service="A")
    twice = replace(DAYS, cases=(back, replace(back, case_no="c2", closed=at("2026-01-06"))))
    assert count("returned_twice", twice) == 1


@pytest.mark.parametrize(("closed", "told", "n"), [("17:30", {}, 0), ("17:31", {}, 1), ("17:31", {"online": True}, 0)])
def test_cases_closed_after_hours(closed: str, told: dict[str, object], n: int) -> None:
    assert count("after_hours", case(closed=at(f"2026-01-05 {closed}"), **told)) == n


@pytest.mark.parametrize(
    ("day", "reading", "n"),
    [
        ("2026-01-01", "statutory", 1),
        ("2026-01-03", "statutory", 0),
        ("2026-01-03", "non_working", 1),
        ("2026-01-04", "non_working", 0),
    ],
)
def test_bookings_on_days_off_but_not_on_worked_weekends(day: str, reading: str, n: int) -> None:
    kept = Booking("b", at(f"{day} 09:00"), "served", at("2025-12-30"))
    assert count("holiday_booking", replace(DAYS, bookings=(kept,)), holiday=reading) == n


@pytest.mark.parametrize(("state", "online", "n"), [("refused", True, 1), ("refused", False, 0), ("served", True, 0)])
def test_online_bookings_that_were_refused(state: str, online: bool, n: int) -> None:
    booking = Booking("b", at("2026-01-05"), state, at("2026-01-05"), online=online)
    assert count("refused_booking", replace(DAYS, bookings=(booking,))) == n


@pytest.mark.parametrize(("after", "n"), [("immediate", 1), ("joint", 0)])
def test_a_kind_changed_after_intake(after: str, n: int) -> None:
    change = KindChange("c1", at("2026-01-05"), "promised", after)
    assert count("kind_changed", replace(DAYS, kind_changes=(change,))) == n


def test_a_result_paper_is_missed_only_where_papers_are_registered() -> None:
    none = replace(DAYS, cases=(replace(DONE, has_paper=False),))
    assert count("no_paper", none) == 0
    assert count("no_paper", replace(none, cases=(*none.cases, replace(DONE, case_no="c2")))) == 1


def test_posts_without_a_stand_in() -> None:
    post = Post("p", "li", (), date(2025, 1, 1))
    assert count("no_stand_in", replace(DAYS, posts=(post, replace(post, post="q", stand_ins=("wu",))))) == 1
    assert count("no_stand_in", replace(DAYS, posts=(replace(post, valid_to=date(2025, 12, 31)),))) == 0


def test_absences_without_whereabouts() -> None:
    away = Absence("li", date(2026, 1, 5), "off_post", 40)
    assert count("no_whereabouts", replace(DAYS, absences=(away, replace(away, whereabouts="开会")))) == 1
    assert count("no_whereabouts", replace(DAYS, absences=(replace(away, kind="late"),))) == 0


@pytest.mark.parametrize(
    ("minutes", "stand_in", "day", "n"), [(209, "", 5, 0), (210, "", 5, 1), (400, "wu", 5, 0), (400, "", 3, 0)]
)
def test_a_counter_unmanned_for_half_a_working_day(minutes: int, stand_in: str, day: int, n: int) -> None:
    begin = at(f"2026-01-0{day} 09:00")
    span = CounterSpan("1", begin, begin + timedelta(minutes=minutes), "away", stand_in)
    assert count("half_day_unmanned", replace(DAYS, counter_spans=(span,))) == n


def test_the_leader_in_charge_did_not_come_in_the_month() -> None:
    assert count("no_leader_visit", DAYS) == 1
    came = LeaderVisit(at("2026-01-20"), "x", "in_charge")
    assert count("no_leader_visit", replace(DAYS, leader_visits=(came,))) == 0
    assert count("no_leader_visit", replace(DAYS, now=at("2026-01-31"))) == 0


def test_guides_and_staff_that_are_recorded_as_missing() -> None:
    assert count("no_guide", replace(DAYS, services=(ServiceTerms("A", guide=False), ServiceTerms("B")))) == 1
    assert count("not_established", replace(DAYS, colleagues=(LI, replace(LI, established=False)))) == 1


def test_a_bad_review_is_to_be_verified() -> None:
    bad = BadAnswer("v1", "A007", at("2026-01-05"), "dissatisfied")
    assert count("dissatisfied", replace(DAYS, bad_answers=(bad, replace(bad, level="basically_satisfied")))) == 1


def test_the_same_sight_has_the_same_key_and_names_its_clause() -> None:
    known = case(corrections=3)
    quarter = parse_period("2026Q1", "december")
    first, again = (leads(our_schemes()["luzhou"], quarter, known, {}) for _ in range(2))
    assert [lead.key for lead in first] == [lead.key for lead in again]
    assert [(lead.item.code, lead.compare_to) for lead in first] == [("16.1", "told_once"), ("20.5", "")]
