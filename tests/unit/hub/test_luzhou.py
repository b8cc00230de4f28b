"""泸州办法, counted by hand from its text. Every expected number below was worked out on paper."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

import pytest

from hub.assessment.facts import Case, Consultation, DeskTime, Facts, Finding, ServiceTerms, Tally
from tests.unit.hub.assessed import (
    answers,
    at,
    cases,
    every_manual_item_full,
    facts,
    finding,
    item,
    late,
    overdue,
    scored,
    verified,
)

FULL = every_manual_item_full("luzhou")
#: 10 legal days promised as 3: 70 % shorter.
TERMS = (ServiceTerms("s", 10, 3, steps_complete=True),)


def quarter(*parts: Sequence[object], **told: object) -> Facts:
    return facts(FULL, cases(10), [answers(95, 100)], *parts, services=TERMS, **told)


def test_the_worked_example_comes_out_to_the_cent() -> None:
    """Closed 200, on site 197; 174 of 180 satisfied; 3 complaints; 4 late; two evenings and a holiday as bonus."""
    bonus = [
        finding("19.8a", "bonus", event="evening 1"),
        finding("19.8a", "bonus", event="evening 2"),
        finding("19.8b", "bonus", event="holiday"),
    ]
    on_site = cases(197) + cases(3, prefix="off", on_site=False)
    known = facts(FULL, on_site, [answers(174, 180)], verified(3), late(4), bonus, services=TERMS)
    score = scored("luzhou", "2026Q1", known)
    codes = ("15.1", "15.2", "15.3", "15.4", "17.2")
    assert [f"{item(score, code)}" for code in codes] == ["11.82", "9.00", "6.00", "2.00", "1.20"]
    assert score.item("15.3").extra == Decimal("0.10")
    assert (score.base, score.bonus, score.deduction) == (Decimal("95.02"), Decimal("2.10"), Decimal("0.00"))
    assert score.total == Decimal("97.12")


def test_everything_right_is_a_hundred() -> None:
    score = scored("luzhou", "2026Q1", quarter())
    assert (score.base, score.total) == (Decimal("100.00"), Decimal("100.00"))


def test_the_base_has_29_items_and_100_points() -> None:
    score = scored("luzhou", "2026Q1", Facts())
    base = [one.item for one in score.items if one.item.group not in ("19", "20")]
    assert (len(base), sum(one.points or 0 for one in base)) == (29, 100)


# -- rates and what has no data


def test_without_cases_and_answers_there_is_no_rate_and_the_rest_counts() -> None:
    """15.1 (12), 15.3 (6) and 16.2 (1) have no rate: 100 − 19 = 81."""
    score = scored("luzhou", "2026Q1", facts(FULL))
    assert [item(score, code) for code in ("15.1", "15.3", "16.2")] == [None, None, None]
    assert (score.total, score.provisional) == (Decimal("81.00"), True)


@pytest.mark.parametrize(("reading", "total"), [("full", "100.00"), ("zero", "81.00"), ("redistribute", "100.00")])
def test_the_leading_group_decides_about_missing_data(reading: str, total: str) -> None:
    score = scored("luzhou", "2026Q1", facts(FULL), no_data=reading)
    assert score.total == Decimal(total)


def test_redistributed_points_follow_the_other_items() -> None:
    """Others: 81 points of which 15.4 loses 6: 75 of 81 reached. 12·75/81 = 11.11, 6·75/81 = 5.56, 1·75/81 = 0.93."""
    score = scored("luzhou", "2026Q1", facts(FULL, verified(4)), no_data="redistribute")
    assert [f"{item(score, code)}" for code in ("15.1", "15.3", "16.2")] == ["11.11", "5.56", "0.93"]
    assert score.total == Decimal("92.60")


def test_a_score_that_the_group_gives_stands_where_there_is_no_data() -> None:
    score = scored("luzhou", "2026Q1", facts(FULL, [finding("15.1", "score", "7.5")]))
    assert item(score, "15.1") == Decimal("7.50")


@pytest.mark.parametrize(
    ("on_site", "closed", "points"),
    [(200, 200, "12.00"), (197, 200, "11.82"), (2, 3, "8.00"), (1, 7, "1.71"), (0, 5, "0.00")],
)
def test_the_on_site_rate_gives_its_share_of_twelve(on_site: int, closed: int, points: str) -> None:
    known = facts(cases(on_site), cases(closed - on_site, prefix="off", on_site=False))
    assert item(scored("luzhou", "2026Q1", known), "15.1") == Decimal(points)


def test_withdrawn_and_returned_cases_are_not_in_the_on_site_rate_unless_the_hall_reads_so() -> None:
    """1 of 1 decided; of all closed ones 1 of 4: 12 · ¼ = 3."""
    others = ("withdrawn", "returned", "not_accepted")
    away = [case for kind in others for case in cases(1, prefix=kind, outcome=kind, on_site=False)]
    known = facts(cases(1), away)
    assert item(scored("luzhou", "2026Q1", known), "15.1") == Decimal("12.00")
    assert item(scored("luzhou", "2026Q1", known, on_site_cases="closed"), "15.1") == Decimal("3.00")


@pytest.mark.parametrize(
    ("satisfied", "of", "points", "extra"),
    [
        (95, 100, "6.00", "0.00"),  # 95.00 % is enough
        (94996, 100000, "0.00", "0.00"),  # 94.996 % is not 95 %, though it rounds to it
        (96999, 100000, "6.00", "0.10"),  # one whole point
        (969, 1000, "6.00", "0.10"),
        (97, 100, "6.00", "0.20"),
        (100, 100, "6.00", "0.50"),
    ],
)
def test_satisfaction_counts_from_95_percent_on(satisfied: int, of: int, points: str, extra: str) -> None:
    one = scored("luzhou", "2026Q1", facts([answers(satisfied, of)])).item("15.3")
    assert (one.score, one.extra) == (Decimal(points), Decimal(extra))


def test_the_excess_can_be_read_exactly_and_inside_the_base() -> None:
    """97.5 % is 2.5 points above: 0.25 exactly, 0.2 in whole points."""
    known = facts([answers(975, 1000)])
    assert scored("luzhou", "2026Q1", known, satisfaction_steps="exact").item("15.3").extra == Decimal("0.25")
    assert item(scored("luzhou", "2026Q1", known, satisfaction_excess="base"), "15.3") == Decimal("6.20")


def test_basically_satisfied_is_satisfied_unless_the_hall_reads_otherwise() -> None:
    known = facts([Tally("2026-01", {"satisfied": 95, "basically_satisfied": 5}, finished=100)])
    assert item(scored("luzhou", "2026Q1", known), "15.3") == Decimal("6.00")
    assert scored("luzhou", "2026Q1", known, satisfied_levels="two").item("15.3").figure.inputs["satisfied"] == 95


def test_defaulted_and_typed_answers_stand_beside_the_rate() -> None:
    known = facts([Tally("2026-01", {"satisfied": 1, "dissatisfied": 1}, finished=100, defaulted=90, typed=8)])
    inputs = scored("luzhou", "2026Q1", known).item("15.3").figure.inputs
    assert inputs == {"satisfied": 1, "answers": 2, "finished": 100, "defaulted": 90, "typed": 8}


@pytest.mark.parametrize(("promised", "points"), [((3, 3), "1.00"), ((1, 5), "1.00"), ((3, 4), "0.00")])
def test_promised_days_must_be_seventy_percent_shorter_over_all_services(
    promised: tuple[int, int], points: str
) -> None:
    """Two services of 10 days: 14 of 20 saved is 70 %, 13 of 20 is not."""
    terms = tuple(ServiceTerms(f"s{i}", 10, days) for i, days in enumerate(promised))
    assert item(scored("luzhou", "2026Q1", Facts(services=terms)), "16.2") == Decimal(points)


def test_read_by_service_one_below_seventy_percent_is_enough_to_lose() -> None:
    terms = (ServiceTerms("a", 10, 1), ServiceTerms("b", 10, 5))
    assert item(scored("luzhou", "2026Q1", Facts(services=terms), shortened_by="every"), "16.2") == Decimal("0.00")


# -- one overdue case and the whole chain


def test_an_overdue_joint_online_case_costs_seventeen_points() -> None:
    """15.2 −9, 20.6 −2, 12.3 −4, 14.4 −2: the rule against counting twice is about deductions only."""
    score = scored("luzhou", "2026Q1", quarter([overdue("x", kind="joint", online=True)]))
    codes = ("15.2", "12.3", "14.4", "20.6")
    assert [f"{item(score, code)}" for code in codes] == ["0.00", "0.00", "0.00", "-2.00"]
    assert score.total == Decimal("83.00")
    assert score.item("20.6").tolls[0].trace["case"] == "x"


def test_an_overdue_case_counts_in_the_quarter_in_which_its_time_ended_and_once() -> None:
    """Due on 27 February, closed on 2 March."""
    case = Case("x", closed=at("2026-03-02"), outcome="approved", due=at("2026-02-27"), overdue=True)
    first, second = (scored("luzhou", period, facts([case])) for period in ("2026Q1", "2026Q2"))
    assert [one.deduction for one in (first, second)] == [Decimal("2.00"), Decimal("0.00")]
    by_close = scored("luzhou", "2026Q2", facts([case]), overdue_period="closed")
    assert by_close.deduction == Decimal("2.00")


@pytest.mark.parametrize(
    ("day", "period"),
    [
        ("2025-11-30", "2025Q4"),
        ("2025-12-01", "2026Q1"),
        ("2024-02-29", "2024Q1"),
        ("2026-02-28", "2026Q1"),
        ("2026-03-01", "2026Q2"),
        ("2026-08-31", "2026Q3"),
        ("2026-09-01", "2026Q4"),
    ],
)
def test_quarters_run_from_december(day: str, period: str) -> None:
    assert scored("luzhou", period, facts([overdue("x", day)])).deduction == Decimal("2.00")


@pytest.mark.parametrize(
    ("satisfied", "reading", "points"), [(95, "on", "4.00"), (94, "on", "0.00"), (94, "off", "4.00")]
)
def test_joint_cases_need_95_percent_too(satisfied: int, reading: str, points: str) -> None:
    good = cases(satisfied, kind="joint", level="satisfied")
    bad = cases(100 - satisfied, prefix="bad", kind="joint", level="dissatisfied")
    assert item(scored("luzhou", "2026Q1", facts(good, bad), joint_satisfaction=reading), "12.3") == Decimal(points)


def test_a_pre_review_has_its_own_time() -> None:
    review = Case("x", online=True, prereview_due=at("2026-01-05 12:00"), prereview_at=at("2026-01-05 12:01"))
    assert item(scored("luzhou", "2026Q1", facts([review])), "14.4") == Decimal("0.00")


# -- events that take points or all of them


@pytest.mark.parametrize(
    ("n", "points", "carried"),
    [(0, "6", "6"), (1, "5", "5"), (2, "4", "4"), (3, "2", "2"), (4, "0", "0"), (5, "0", "-2")],
)
def test_complaints_cost_one_one_and_then_two_each(n: int, points: str, carried: str) -> None:
    known = facts(verified(n))
    assert item(scored("luzhou", "2026Q1", known), "15.4") == Decimal(points)
    assert item(scored("luzhou", "2026Q1", known, complaints_floor="carry"), "15.4") == Decimal(carried)


@pytest.mark.parametrize(("minutes", "points"), [(15, "2.00"), (16, "1.80")])
def test_fifteen_minutes_are_not_over_fifteen(minutes: int, points: str) -> None:
    assert item(scored("luzhou", "2026Q1", facts(late(1, minutes))), "17.2") == Decimal(points)


def test_the_grace_is_the_halls_own_and_leave_is_no_offence() -> None:
    known = facts(late(1, 5), late(1, 90, day="2026-01-06", excused="leave"))
    assert item(scored("luzhou", "2026Q1", known, grace_minutes="0"), "17.2") == Decimal("1.80")


def test_attendance_stops_at_zero_or_goes_on() -> None:
    """Eleven times 0.2 is 2.2."""
    known = facts(late(11))
    assert item(scored("luzhou", "2026Q1", known), "17.2") == Decimal("0.00")
    assert item(scored("luzhou", "2026Q1", known, attendance_floor="none"), "17.2") == Decimal("-0.20")


def test_one_confirmed_finding_takes_the_whole_item() -> None:
    score = scored("luzhou", "2026Q1", quarter([finding("11.1", "zero"), finding("10", "zero")]))
    assert (item(score, "11.1"), item(score, "10"), score.total) == (Decimal(0), Decimal(0), Decimal("87.00"))


def test_off_site_stages_alone_take_nothing_from_11_1() -> None:
    assert item(scored("luzhou", "2026Q1", facts(cases(3, on_site=False))), "11.1") == Decimal("5.00")


@pytest.mark.parametrize(("reading", "points"), [("item", "5.00"), ("article", "0.00")])
def test_papers_issued_elsewhere_cost_five_or_ten(reading: str, points: str) -> None:
    known = facts([finding("11.2", "zero", compare_to="issuing")])
    score = scored("luzhou", "2026Q1", known, issued_elsewhere=reading)
    assert (item(score, "11.1"), item(score, "11.2")) == (Decimal(points), Decimal("0.00"))


def slow(n: int, seconds: int, day: str = "2026-01-05") -> list[Consultation]:
    asked = at(f"{day} 09:00")
    return [Consultation(f"q{i}", asked, asked + timedelta(seconds=seconds)) for i in range(n)]


@pytest.mark.parametrize(
    ("n", "seconds", "reading", "points"),
    [(5, 301, "any", "0.00"), (4, 301, "any", "1.00"), (5, 300, "any", "1.00"), (5, 301, "every", "1.00")],
)
def test_five_slow_answers_on_one_working_day_lose_the_point(n: int, seconds: int, reading: str, points: str) -> None:
    days = frozenset({date(2026, 1, 5), date(2026, 1, 6)})
    desk = tuple(DeskTime(at(f"{day} 08:00"), at(f"{day} 17:00")) for day in days)
    known = Facts(working_days=days, desk_times=desk, consultations=tuple(slow(n, seconds)))
    assert item(scored("luzhou", "2026Q1", known, desk_days=reading), "14.2") == Decimal(points)


def test_a_working_day_without_the_online_desk_loses_the_point() -> None:
    days = frozenset({date(2026, 1, 5), date(2026, 1, 6)})
    desk = (DeskTime(at("2026-01-05 08:00"), at("2026-01-05 17:00")),)
    assert item(scored("luzhou", "2026Q1", Facts(working_days=days, desk_times=desk)), "14.2") == Decimal("0.00")


def test_a_service_without_its_steps_loses_13_4() -> None:
    terms = (ServiceTerms("s", steps_complete=False),)
    assert item(scored("luzhou", "2026Q1", Facts(services=terms)), "13.4") == Decimal("0.00")


# -- bonus and deductions


def test_bonus_stops_at_twenty() -> None:
    """Eleven times 2 is 22."""
    praise = [finding("19.2", "bonus", event=f"e{i}") for i in range(11)]
    score = scored("luzhou", "2026Q1", quarter(praise))
    assert (score.bonus, score.total) == (Decimal("20.00"), Decimal("120.00"))


def test_deductions_have_no_floor() -> None:
    """Sixty times 2: 100 − 120 = −20."""
    caught = [finding("20.11", "deduct", event=f"e{i}") for i in range(60)]
    assert scored("luzhou", "2026Q1", quarter(caught)).total == Decimal("-20.00")


def test_one_happening_is_deducted_once_at_its_highest() -> None:
    """A quarrel (0.5) that the media report (2) and the centre's bulletin names (0.5): 2."""
    same = [finding(code, "deduct", event="quarrel") for code in ("20.9", "20.3", "20.2")]
    score = scored("luzhou", "2026Q1", quarter(same))
    assert score.deduction == Decimal("2.00")
    assert [score.item(code).tolls[0].because for code in ("20.9", "20.3", "20.2")] == ["20.3", "", "20.3"]


def test_twelve_evenings_are_twelve_and_one_praise_counts_once() -> None:
    evenings = [finding("19.8a", "bonus", event=f"case {i}") for i in range(12)]
    praise = [finding("19.1a", "bonus", event="model"), finding("19.1c", "bonus", event="model")]
    assert scored("luzhou", "2026Q1", quarter(evenings, praise)).bonus == Decimal("8.00")


def test_a_finding_about_an_overdue_case_is_not_deducted_beside_it() -> None:
    both = [finding("20.2", "deduct", event="x")]
    assert scored("luzhou", "2026Q1", quarter([overdue("x")], both)).deduction == Decimal("2.00")


def test_what_is_not_named_counts_as_the_clause_it_is_compared_to() -> None:
    """Art 21: like 20.9 (0.5 off) and like 19.10 (1 on)."""
    told = [
        finding("21", "deduct", compare_to="20.9", event="a"),
        finding("21", "bonus", compare_to="19.10", event="b"),
    ]
    score = scored("luzhou", "2026Q1", quarter(told))
    assert (score.bonus, score.deduction) == (Decimal("1.00"), Decimal("0.50"))


def test_grave_consequences_cost_one() -> None:
    assert scored("luzhou", "2026Q1", quarter([finding("20.10", "deduct", "1")])).deduction == Decimal("1.00")


@pytest.mark.parametrize(("reading", "bonus"), [("clause", "3.00"), ("reviews", "3.50")])
def test_online_bonus_stops_at_three(reading: str, bonus: str) -> None:
    """100 % of online consultations is 5 whole points above 95: 0.5; 31 passed pre-reviews: 3.1."""
    asked = tuple(Consultation(f"q{i}", at("2026-01-05"), level="satisfied") for i in range(4))
    passed = [Case(f"p{i}", online=True, prereview_at=at("2026-01-05"), prereview_passed=True) for i in range(31)]
    known = facts(passed, consultations=asked)
    assert item(scored("luzhou", "2026Q1", known, online_cap=reading), "19.7") == Decimal(bonus)


# -- manual items, and the year


def test_manual_items_are_full_until_scored_and_the_result_waits_for_them() -> None:
    score = scored("luzhou", "2026Q1", facts(cases(1), [answers(95, 100)], services=TERMS))
    assert (score.total, score.provisional) == (Decimal("100.00"), True)
    lower = scored("luzhou", "2026Q1", facts([finding("17.3", "score", "1.5")]))
    assert item(lower, "17.3") == Decimal("1.50")


def test_the_newest_manual_score_counts() -> None:
    given = [
        finding("8", "score", "2", when=at("2026-01-05")),
        finding("8", "score", "4", when=at("2026-02-05")),
    ]
    assert item(scored("luzhou", "2026Q1", facts(given)), "8") == Decimal("4.00")


def test_the_year_is_the_mean_of_its_quarters() -> None:
    """Deductions of 0, 2, 4 and 1 in four full quarters: (100 + 98 + 96 + 99) / 4 = 98.25; summed 393."""
    off = [
        finding("20.1", "deduct", when=at("2026-03-05"), event="1"),
        finding("20.1", "deduct", when=at("2026-06-05"), event="2"),
        finding("20.1", "deduct", when=at("2026-06-06"), event="3"),
        finding("20.4", "deduct", when=at("2026-09-05"), event="4"),
    ]
    days = ("2026-01-05", "2026-03-05", "2026-06-05", "2026-09-05")
    closed = [case for day in days for case in cases(1, day, prefix=day)]
    answered = [answers(95, 100, day[:7]) for day in days]
    known = facts(closed, answered, off, services=TERMS)
    assert scored("luzhou", "2026", known).total == Decimal("98.25")
    assert scored("luzhou", "2026", known, annual="sum").total == Decimal("393.00")


def test_a_unit_that_came_in_june_is_assessed_from_june_on() -> None:
    score = scored("luzhou", "2026", Facts(since=date(2026, 6, 10), now=at("2026-12-05")))
    assert [part.period.key for part in score.parts] == ["2026Q3", "2026Q4"]


def test_a_score_tells_the_calendar_the_reading_and_who_confirmed() -> None:
    told: Finding = finding("20.1", "deduct", entered_by="li", confirmed_by="wang")
    score = scored("luzhou", "2026Q1", facts([told], calendar_version=3), annual="sum")
    assert (score.calendar_version, score.readings["annual"]) == (3, "sum")
    assert score.item("20.1").tolls[0].finding == told
