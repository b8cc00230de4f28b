"""The half-year summary, the hall at this moment, and a day's forecast beside what came."""

import io
import json
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from hub.clock import micros
from hub.figures import foreseen
from hub.figures.exports import answer, export, question
from hub.figures.now import hall_now
from hub.figures.page_routes import Memory
from hub.figures.rows import Floor
from hub.figures.summary import Work, period_name, sentence
from hub.figures.sums import Answers
from hub.figures.tables import Row
from hub.queue.backtest import Foretold
from hub.queue.estimate import Expected
from hub.queue.replay import read_day, replay, replay_day
from hub.store import SYSTEM, Reader, Tx
from hub.wire import Language
from tests.unit.hub.desk import Desk
from tests.unit.hub.plans import local
from tests.unit.hub.test_figures import DAY, a_morning

HALF = (date(2026, 1, 1), date(2026, 6, 30))


def the_half_year() -> Work:
    """The numbers that a county's centre reported."""
    answers = Answers()
    for _ in range(1636):
        answers.take("very_satisfied", "citizen", "[]", 5)
    work = Work(answers=answers)
    work.take("immediate", 1636)
    work.take("accepted", 1636)
    work.take("consulted", 7070)
    return work


def test_the_summary_is_told_as_offices_write_it_with_both_numbers_of_each_rate() -> None:
    assert sentence(the_half_year().line(), *HALF, "zh") == (
        "2026年上半年：受理1636、办结1636、即办1636、办结率100%（1636/1636）、咨询7070人次、"
        "群众评价率100%（1636/1636）、满意率100%（1636/1636）"
    )


def test_a_rate_over_nothing_is_a_dash_and_others_keep_their_cents() -> None:
    work = the_half_year()
    work.take("accepted", 64)
    work.answers = Answers()
    told = sentence(work.line(), *HALF, "en")
    assert "closing rate 96.24% (1636/1700)" in told
    assert told.endswith("evaluation rate — (0/0), satisfaction rate — (0/0)")


@pytest.mark.parametrize(
    ("first", "last", "zh", "en"),
    [
        ("2026-01-01", "2026-06-30", "2026年上半年", "2026, first half"),
        ("2026-07-01", "2026-12-31", "2026年下半年", "2026, second half"),
        ("2026-04-01", "2026-06-30", "2026年二季度", "2026, Q2"),
        ("2024-02-01", "2024-02-29", "2024年2月", "2024-02"),
        ("2026-01-01", "2026-12-31", "2026年", "2026"),
        ("2026-02-01", "2026-04-30", "2026-02-01 – 2026-04-30", "2026-02-01 – 2026-04-30"),
        ("2026-01-01", "2026-06-29", "2026-01-01 – 2026-06-29", "2026-01-01 – 2026-06-29"),
        ("2026-03-02", "2026-03-02", "2026-03-02", "2026-03-02"),
    ],
)
def test_a_whole_period_has_its_name(first: str, last: str, zh: str, en: str) -> None:
    days = date.fromisoformat(first), date.fromisoformat(last)
    wanted: dict[Language, str] = {"zh": zh, "en": en}
    assert {language: period_name(*days, language) for language in wanted} == wanted


_CASE = """
INSERT INTO case_file (case_no, service, department, counter, clerk, kind, online, on_site, state, received_at,
    accepted_at, legal_days, promised_days, suspended_days, suspensions, extension_days, citizen_missed, closed_at,
    outcome, corrections, offsite_stages, council_approved, calendar_version, deemed_on_time, made_at, made_by)
VALUES (:no, 'A', '人社局', '1', 'clerk-1', :kind, FALSE, TRUE, 'closed', :received, :accepted, 20, 5, 0, '', 0, FALSE,
    :closed, :outcome, 0, '', FALSE, 1, FALSE, 0, 'test')
"""
_CONSULTATION = """
INSERT INTO consultation (consult_no, department, channel, asked_at, made_at, made_by)
VALUES (:no, '人社局', 'phone', :at, 0, 'test')
"""


def some_cases(tx: Tx) -> None:
    """In March four accepted, three closed of them and one from February; one was never accepted."""
    rows = [
        ("K1", "immediate", "2026-03-02", "2026-03-02", "approved"),
        ("K2", "immediate", "2026-03-31", "2026-03-31", "refused"),
        ("K3", "promised", "2026-03-05", "2026-03-09", "withdrawn"),
        ("K4", "promised", "2026-03-30", None, "open"),
        ("K5", "promised", "2026-02-20", "2026-03-02", "approved"),
        ("K6", "promised", "2026-03-03", "2026-03-03", "not_accepted"),
    ]
    for no, kind, came, closed, outcome in rows:
        at = micros(local(f"{came} 09:00"))
        done = micros(local(f"{closed} 23:59")) if closed else None
        tx.rows(_CASE, no=no, kind=kind, received=at, accepted=at, closed=done, outcome=outcome)
    for no, asked in (("Z1", "2026-03-01 00:00"), ("Z2", "2026-03-31 23:59"), ("Z3", "2026-04-01 00:00")):
        tx.rows(_CONSULTATION, no=no, at=micros(local(asked)))


async def test_the_summary_counts_cases_by_acceptance_and_close_and_answers_by_visits(desk: Desk) -> None:
    await a_morning(desk)
    await desk.store.write(some_cases, SYSTEM, None)
    document = json.loads(await desk.store.read(_exported, "json"))
    assert document["rows"] == [
        {
            "accepted": 4,
            "closed": 4,
            "immediate": 2,
            "closing_rate": 100.0,
            "consultations": 2,
            "finished": 3,
            "evaluated": 2,
            "evaluation_rate": 66.67,
            "satisfied": 1,
            "satisfaction_rate": 50.0,
        }
    ]
    told = "2026年3月：受理4、办结4、即办2、办结率100%（4/4）、咨询2人次、群众评价率66.67%（2/3）、满意率50%（1/2）"
    assert document["sentence"] == told
    sheet = openpyxl.load_workbook(io.BytesIO(await desk.store.read(_exported, "xlsx"))).active
    assert sheet is not None
    assert (sheet["A3"].value, sheet["A5"].value) == (told, 4)


def _exported(reader: Reader, form: str) -> bytes:
    asked = question("summary", form, date(2026, 3, 1), date(2026, 3, 31), ())
    return export(reader.rows, asked, now=reader.now, limit_s=600, language="zh")


async def test_figures_of_another_period_stand_beside_those_asked_for(desk: Desk) -> None:
    await a_morning(desk)
    asked = question("waits", "json", DAY, DAY, ("counter",))
    before = question("waits", "json", date(2026, 3, 1), date(2026, 3, 1), ("counter",))

    def read(reader: Reader) -> dict[str, Any]:
        return answer(reader.rows, _floor(reader), asked, before, limit_s=120, language="zh")

    told = await desk.store.read(read)
    assert [(row["counter"], row["n"], row["p50_s"]) for row in told["rows"]] == [("1", 3, 120), ("3", 1, 30)]
    assert (told["compare"]["from"], told["compare"]["rows"]) == ("2026-03-01", [])


def _floor(reader: Reader) -> Floor:
    return Floor(ZoneInfo("Asia/Shanghai"), micros(reader.now))


async def test_the_hall_now_tells_who_stands_where_since_when_and_the_sums_of_the_exports(desk: Desk) -> None:
    await a_morning(desk)
    began = desk.clock.at
    await desk.take("A")
    await desk.take("A")
    desk.clock.forward(minutes=4)
    await desk.next("1")
    called = desk.clock.at
    desk.clock.forward(minutes=1)
    told = await desk.store.read(
        lambda reader: hall_now(reader.rows, desk.hall, _floor(reader), reader.now, limit_s=120)
    )
    first, second, third = told["counters"][:3]
    assert (first["state"], first["number"], first["clerk"]) == ("calling", "A004", "clerk-1")
    assert first["since"] == desk.hall.local(called).isoformat()
    assert (second["state"], "since" in second, "clerk" in second) == ("closed", False, False)
    assert (third["state"], third["since"]) == ("open", desk.hall.local(began).isoformat())
    assert told["longest"] == {"number": "A005", "service": "A", "since": desk.hall.local(began).isoformat()}
    assert {name: told["today"][name] for name in ("issued", "waiting", "served", "no_shows")} == {
        "issued": 6,
        "waiting": 1,
        "served": 3,
        "no_shows": 1,
    }
    assert [told["today"][name] for name in ("satisfied", "evaluated", "satisfaction_rate")] == [1, 2, 50.0]


async def test_a_recorded_day_is_foretold_as_the_estimate_command_does_it(desk: Desk) -> None:
    await a_morning(desk)

    def both(reader: Reader) -> tuple[Any, Any]:
        [(_, plain)] = replay(reader.rows, desk.hall, DAY, DAY)
        return plain, replay_day(desk.hall, read_day(reader.rows, desk.hall, DAY))

    plain, again = await desk.store.read(both)
    assert len(plain) == 4
    assert again == plain


def test_a_day_stands_hour_by_hour_beside_what_was_foretold_and_what_is_usual() -> None:
    nine = micros(local("2026-03-02 09:10"))
    minute = 60_000_000

    def foretold(waited: float, *expected: int) -> Foretold:
        return Foretold(nine, waited, Expected(*(nine + minutes * minute for minutes in expected)), None, None)

    tickets = [foretold(6, 4, 6, 8), foretold(20, 6, 8, 10), Foretold(nine, 5, None, None, None)]
    came: list[Row] = [{"day": "2026-03-02", "hour": "09", "issued": 3}]
    before: list[Row] = [
        {"day": "2026-02-23", "hour": "09", "issued": 4},
        {"day": "2026-02-16", "hour": "09", "issued": 5},
        {"day": "2026-02-16", "hour": "10", "issued": 3},
    ]
    ninth, tenth = foreseen.by_hour(came, before, tickets, ZoneInfo("Asia/Shanghai"))
    assert ninth == {
        "hour": "09",
        "issued": 3,
        "usual": 4.5,
        "waited": 13.0,
        "low": 5.0,
        "middle": 7.0,
        "high": 9.0,
        "foretold": 2,
        "inside": 1,
        "inside_rate": 50.0,
    }
    assert (tenth["hour"], tenth["issued"], tenth["usual"], tenth["inside_rate"]) == ("10", 0, 1.5, None)
    [_, to_come] = foreseen.by_hour(came, before, tickets, ZoneInfo("Asia/Shanghai"), until="10")
    assert to_come["issued"] is None


def test_todays_forecast_is_remembered_for_a_minute_and_a_finished_days_for_good() -> None:
    memory = Memory()
    noon = local("2026-03-02 12:00")
    for day in (DAY, DAY - timedelta(days=1)):
        memory.keep(day, noon, [{"hour": "09"}])
    later = noon + timedelta(minutes=2)
    assert memory.of(DAY, noon + timedelta(seconds=30)) is not None
    assert memory.of(DAY, later) is None
    assert memory.of(DAY - timedelta(days=1), later) is not None
    assert memory.of(DAY, later + timedelta(days=1)) is None
