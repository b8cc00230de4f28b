"""Visits of earlier years: what one hall exports another takes in, and the figures are the same."""

from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from hub.clock import micros
from hub.figures.groups import By
from hub.figures.list_exports import list_question, stream
from hub.figures.rows import _CALLED, _FINISHED, _ISSUED, _OCCUPIED, Floor
from hub.figures.tables import Figures, Kind, figures
from hub.problems import BadLines
from hub.store import Reader
from tests.unit.hub.desk import Desk
from tests.unit.hub.test_figures import a_morning
from tests.unit.hub.test_imports import a_file, refused, rows, take
from tests.unit.hub.test_rollup import build, kept, look

ZONE = ZoneInfo("Asia/Shanghai")
MARCH = (date(2026, 3, 1), date(2026, 3, 31))
HEADER = "number,service,department,counter,clerk,channel,issued_at,called_at,finished_at,outcome,level,reasons"
VISIT = "A001,A,人社局,1,张,kiosk,2026-03-02 09:00,2026-03-02 09:05,2026-03-02 09:20,served,satisfied,307|308"


async def told(desk: Desk, kind: Kind, *by: By) -> list[dict[str, object]]:
    def ask(reader: Reader) -> Figures:
        return figures(reader.rows, Floor(ZONE, micros(desk.clock.at)), kind, *MARCH, by, limit_s=600)

    return [dict(row) for row in (await desk.store.read(ask)).rows]


async def test_what_one_hall_exports_another_takes_in_with_the_same_figures(desk: Desk, tmp_path: Path) -> None:
    await a_morning(desk)
    desk.clock.forward(days=1)
    await desk.end_day()
    asked = list_question("tickets", "csv", *MARCH, ZONE, None)
    file = tmp_path / "visits.csv"
    file.write_bytes(b"".join([piece async for piece in stream(desk.store.read, asked)]))
    other = await Desk.open(tmp_path / "other.db")
    assert (await take(other, file, "visits")).rows == 4
    for kind, by in (
        ("waits", ("counter", "hour")),
        ("satisfaction", ("clerk", "weekday")),
        ("arrivals", ("service",)),
    ):
        here = await told(desk, kind, *by)  # type: ignore[arg-type]
        there = await told(other, kind, *by)  # type: ignore[arg-type]
        for row in [*here, *there]:  # when a citizen pressed is not in the file of visits
            row.pop("answer_mean_s", None), row.pop("answer_p50_s", None)
        assert here == there != []
    other.store.close()


async def test_an_import_makes_its_days_be_summed_up_anew(desk: Desk, tmp_path: Path) -> None:
    await a_morning(desk)
    desk.clock.forward(days=1)
    await look(desk)
    await build(desk)
    assert await kept(desk) == {"2026-03-02"}
    await take(desk, a_file(tmp_path, HEADER, VISIT), "visits")
    assert await kept(desk) == set()
    assert (await told(desk, "satisfaction"))[0]["finished"] == 4
    await look(desk)
    assert await build(desk) == ["2026-03-02"]
    assert (await told(desk, "satisfaction"))[0]["finished"] == 4
    assert (await told(desk, "reasons"))[0]["reason"] == "307"


async def test_the_same_visit_is_never_taken_twice(desk: Desk, tmp_path: Path) -> None:
    path = a_file(tmp_path, HEADER, VISIT)
    await take(desk, path, "visits")
    twice = a_file(tmp_path, HEADER, VISIT.replace("A001", "A002"), VISIT.replace("A001", "A002"), name="y.csv")
    with pytest.raises(BadLines, match="already"):
        await take(desk, path, "visits")
    with pytest.raises(BadLines, match="stands on line 2 already"):
        await take(desk, twice, "visits")
    assert await rows(desk, "SELECT count(*) FROM past_visit") == [(1,)]


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"served": "no_show"}, "only a served visit can be rated"),
        ({"2026-03-02 09:20": "2026-03-02 09:04"}, "finished_at lies before called_at"),
        ({",2026-03-02 09:20": ","}, "served needs finished_at"),
        ({"kiosk": "fax"}, "channel: 'fax' must be one of kiosk staff web phone appointment"),
        ({"satisfied": "great"}, "level: 'great' must be one of"),
    ],
)
async def test_a_line_that_does_not_fit_is_named(
    desk: Desk, tmp_path: Path, changed: dict[str, str], reason: str
) -> None:
    line = VISIT
    for old, new in changed.items():
        line = line.replace(old, new)
    found = await refused(desk, a_file(tmp_path, HEADER, line), "visits")
    assert [at for at, _ in found] == [2]
    assert reason in found[0][1]


@pytest.mark.sqlite
async def test_a_day_of_history_is_found_by_its_day_not_by_its_import(desk: Desk) -> None:
    """An import may hold years: looking through it for each day would take minutes."""
    for statement in (_FINISHED, _CALLED, _ISSUED, _OCCUPIED):
        plan = await desk.rows(f"EXPLAIN QUERY PLAN {statement}", first="2026-03-02", last="2026-03-02")
        steps = [row[-1] for row in plan if " p " in row[-1] or row[-1].endswith(" p")]
        assert steps, plan
        assert all("past_visit_day" in step or "past_visit_finished_day" in step for step in steps), steps
