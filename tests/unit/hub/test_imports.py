"""Files of registers: read as a stream, refused whole with every bad line named, or seen all at once."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from hub.clock import instant
from hub.imports import verbs
from hub.imports.loading import Import, Imported
from hub.imports.shelf import BY_COMMAND, REGISTERS
from hub.keys import new_keys
from hub.problems import BadLines, NotAllowed
from hub.settings import settings_from
from hub.staff.tables import SEEN
from hub.store import SYSTEM
from tests.unit.hub.desk import Desk
from tests.unit.hub.halls import a_hall
from tests.unit.hub.plans import local, told

CASES = "case_no,service,department,counter,clerk,kind,online,on_site,received_at,legal_days,promised_days,outcome"
ATTENDANCE = "clerk,department,date,kind,minutes"


@pytest.fixture
async def desk(database: str) -> AsyncIterator[Desk]:
    opened = await Desk.open(database, a_hall())
    yield opened
    opened.store.close()


def a_file(folder: Path, *lines: str, name: str = "x.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(("\n".join(lines) + "\n").encode(encoding))
    return path


def a_case(no: str = "K1", **rest: str) -> str:
    row = {
        "case_no": no,
        "service": "A",
        "department": "人社局",
        "counter": "1",
        "clerk": "张",
        "kind": "promised",
        "online": "false",
        "on_site": "1",
        "received_at": "2026-03-02 09:00",
        "legal_days": "20",
        "promised_days": "5",
        "outcome": "open",
    } | rest
    return ",".join(row.values())


async def take(desk: Desk, path: Path, command: str = "cases", *, create: bool = True) -> Imported:
    settings = settings_from(a_hall(), origin="test")
    work = Import(desk.store, settings, new_keys(), SYSTEM, lambda step, done, whole, rows: None)
    return await work.take(path, BY_COMMAND[command], create=create)


async def rows(desk: Desk, sql: str) -> list[Any]:
    return await desk.store.read(lambda reader: reader.rows(sql))


async def refused(desk: Desk, path: Path, command: str = "cases", *, create: bool = True) -> list[tuple[int, str]]:
    with pytest.raises(BadLines) as bad:
        await take(desk, path, command, create=create)
    assert await rows(desk, "SELECT 1 FROM import_run") == []
    assert all(line.zh for line in bad.value.lines)
    return [(line.line, line.en) for line in bad.value.lines]


async def test_a_file_of_cases_is_taken_with_its_deadlines(desk: Desk, tmp_path: Path) -> None:
    header = f"\ufeff{CASES},suspensions,applicant,closed_at"
    done = await take(
        desk,
        a_file(
            tmp_path,
            header,
            f"{a_case()},2026-03-04/2026-03-06;2026-03-06/2026-03-08,张三,",
            "",
            f"{a_case('K2', outcome='approved')},,,2026-03-05T10:00:00+08:00",
        ),
    )
    assert (done.register, done.rows, done.created) == ("cases", 2, {"clerk": ["张"]})
    found = await rows(
        desk, "SELECT case_no, due_at, state, suspensions, imported, applicant FROM case_file ORDER BY 1"
    )
    assert [(row[0], told(instant(row[1])), row[2]) for row in found] == [
        ("K1", "2026-03-12 17:00", "accepted"),
        ("K2", "2026-03-09 17:00", "closed"),
    ]
    assert "张三" not in str(found)
    published = await rows(desk, "SELECT id, published, rows FROM import_run")
    assert [(run, bool(seen), count) for run, seen, count in published] == [(found[0][4], True, 2)]
    lines = await rows(desk, "SELECT lines FROM case_deadline ORDER BY case_no")
    assert "3 个工作日不计入" in lines[0][0]
    assert len(await rows(desk, "SELECT 1 FROM case_suspension")) == 2


async def test_every_bad_line_is_named_and_nothing_is_taken(desk: Desk, tmp_path: Path) -> None:
    path = a_file(
        tmp_path,
        CASES,
        a_case(online="maybe", legal_days="-1"),
        a_case("K2", received_at="2026-02-30 09:00"),
        a_case("K3", received_at="2099-03-02 09:00"),
        a_case("K4", outcome="approved"),
        a_case("K5") + ",more",
        a_case(""),
        a_case("K6"),
        a_case("K6"),
        a_case("K7", department="城管局"),
    )
    named = await refused(desk, path)
    assert [(line, why.partition(":")[0].partition(" calendar)")[0]) for line, why in named] == [
        (2, "online"),
        (2, "legal_days"),
        (3, "received_at"),
        (4, "The calendar knows nothing of 2099, so nothing is computed in it; import that year first (hall import"),
        (5, "closed_at and outcome disagree"),
        (6, "13 cells, not 12"),
        (7, "case_no is empty"),
        (9, "case_no=K6 stands on line 8 already"),
    ]
    assert (10, "department: there is no department '城管局'; if it is history, add --create-missing") in await refused(
        desk, path, create=False
    )
    assert await rows(desk, "SELECT 1 FROM case_file") == []
    assert await rows(desk, "SELECT 1 FROM department WHERE historical") == []


async def test_what_stands_in_the_register_is_not_taken_twice(desk: Desk, tmp_path: Path) -> None:
    path = a_file(tmp_path, CASES, a_case())
    await take(desk, path)
    with pytest.raises(BadLines, match="case_no=K1 is in the register already"):
        await take(desk, path)


@pytest.mark.parametrize(
    ("header", "why"),
    [
        (CASES.replace("outcome", "result"), ["the header lacks outcome", "the header has unknown columns: result"]),
        (f"{CASES},clerk", ["the header repeats clerk"]),
    ],
)
async def test_a_wrong_header_says_what_is_wrong(desk: Desk, tmp_path: Path, header: str, why: list[str]) -> None:
    assert [text for _, text in await refused(desk, a_file(tmp_path, header, a_case()))] == why


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", (1, "the file is empty")),
        (CASES.encode(), (1, "there is not one row")),
        (f"{CASES}\n{a_case()}".encode("gbk"), (2, "this is not UTF-8")),
        (f'{CASES}\n"{a_case()}'.encode(), (2, "not valid CSV: unexpected end of data")),
    ],
)
async def test_what_is_no_csv_in_utf8_is_refused(
    desk: Desk, tmp_path: Path, content: bytes, why: tuple[int, str]
) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    assert await refused(desk, path) == [why]


async def test_names_and_codes_stand_for_the_same(desk: Desk, tmp_path: Path) -> None:
    await take(desk, a_file(tmp_path, CASES, a_case(service="业务A", counter="1 号窗口")))
    assert await rows(desk, "SELECT service, counter FROM case_file") == [("A", "1")]


#: A line of every register that is told apart by its header.
LINES = {
    "services": ("service,department,legal_days,promised_days,valid_from", "A,人社局,20,5,2026-01-01"),
    "consultations": (
        "consult_no,department,channel,asked_at,level",
        "Z1,人社局,online,2026-03-02 09:00,satisfied",
    ),
    "online_desk": ("department,online_from,online_to", "人社局,2026-03-02 09:00,2026-03-02 12:00"),
    "appointments": (
        "appointment_no,service,department,channel,requested_at,slot_at,state",
        "Y1,A,人社局,web,2026-03-01 09:00,2026-03-02 09:00,refused",
    ),
    "posts": ("post,department,counter,clerk,stand_ins,valid_from,valid_to", "受理岗,人社局,1,张,李|王,2026-01-01,"),
    "counter_states": ("counter,state_from,state_to,state", "1,2026-03-02 09:00,2026-03-02 10:00,away"),
    "notices": ("case_no,kind,notice_no,at", "K1,受理通知书,S1,2026-03-02 09:00"),
    "leader_visits": ("at,department,person,rank", "2026-03-02 09:00,人社局,王局,in_charge"),
    "ballots": ("year,ballot_no,kind,target,voter_group,score", "2026,1,counter,1 号窗口,代表,95.5"),
    "staff": ("clerk,department,counter,valid_from,valid_to,established", "张,人社局,1,2026-01-01,,true"),
    "self_checks": ("month,counter,score,by,submitted_at", "2026-03,1,98,张,2026-04-01 09:00"),
}


async def test_every_register_is_told_by_its_header_and_taken(desk: Desk, tmp_path: Path) -> None:
    assert {register.name for register in REGISTERS} == set(LINES)
    for register in REGISTERS:
        done = await take(desk, a_file(tmp_path, *LINES[register.name]), "registers")
        assert (done.register, done.rows) == (register.name, 1)
        assert len(await rows(desk, f"SELECT 1 FROM {register.table} WHERE imported IS NOT NULL")) == 1
    assert await rows(desk, "SELECT target, score FROM ballot") == [("1", "95.5")]
    assert await rows(desk, "SELECT stand_ins FROM post") == [("李|王",)]


async def test_a_header_of_no_register_names_those_there_are(desk: Desk, tmp_path: Path) -> None:
    [(line, why)] = await refused(desk, a_file(tmp_path, "a,b", "1,2"), "registers")
    assert line == 1
    assert "services · consultations" in why


async def test_a_key_of_several_columns_is_one_key(desk: Desk, tmp_path: Path) -> None:
    first, other = "张,人社局,2026-03-02,late,20", "张,人社局,2026-03-02,early,20"
    await take(desk, a_file(tmp_path, ATTENDANCE, first, other), "attendance")
    again = a_file(tmp_path, ATTENDANCE, other, "张,人社局,2026-03-03,late,20")
    found = await refused_after(desk, again)
    assert found == [(2, "clerk=张 date=2026-03-02 session=day kind=early is in the register already")]


async def refused_after(desk: Desk, path: Path) -> list[tuple[int, str]]:
    with pytest.raises(BadLines) as bad:
        await take(desk, path, "attendance")
    return [(line.line, line.en) for line in bad.value.lines]


async def test_rows_that_are_not_published_are_seen_by_nobody_and_go_when_the_import_fails(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[int, int]] = []

    class Broken(Exception):
        pass

    async def look() -> None:
        loaded = len(await rows(desk, "SELECT 1 FROM attendance"))
        seen.append((loaded, len(await rows(desk, f"SELECT 1 FROM attendance WHERE {SEEN}"))))

    def broken(*_: Any) -> None:
        raise Broken

    load = Import._load

    async def loaded(self: Import, *rest: Any) -> Any:
        days = await load(self, *rest)
        await look()
        return days

    monkeypatch.setattr(Import, "_load", loaded)
    monkeypatch.setattr(verbs, "publish", broken)
    path = a_file(tmp_path, ATTENDANCE, *(f"张,人社局,2026-03-{day:02d},late,20" for day in range(1, 31)))
    with pytest.raises(Broken):
        await take(desk, path, "attendance")
    assert seen == [(30, 0)]
    assert await rows(desk, "SELECT 1 FROM attendance") == []
    assert await rows(desk, "SELECT 1 FROM import_run") == []


async def test_a_file_that_changes_while_it_is_read_is_not_taken(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = a_file(tmp_path, ATTENDANCE, "张,人社局,2026-03-02,late,20")
    load = Import._load

    async def changed(self: Import, *rest: Any) -> Any:
        a_file(tmp_path, ATTENDANCE, "张,人社局,2026-03-02,late,99")
        return await load(self, *rest)

    monkeypatch.setattr(Import, "_load", changed)
    with pytest.raises(BadLines, match="changed meanwhile"):
        await take(desk, path, "attendance")
    assert await rows(desk, "SELECT 1 FROM attendance") == []


async def test_one_import_at_a_time_and_a_lost_one_is_cleared_away(desk: Desk, tmp_path: Path) -> None:
    desk.clock.at = local("2026-03-02 09:00")
    register = BY_COMMAND["attendance"][0]
    run = await desk.store.write(verbs.begin, SYSTEM, None, register, "lost.csv")
    row = {"clerk": "张", "department": "人社局", "date": "2026-03-02", "session": "day", "kind": "late", "minutes": 9}
    await desk.store.write(verbs.load, SYSTEM, None, run, [("attendance", row)])
    path = a_file(tmp_path, ATTENDANCE, "张,人社局,2026-03-02,late,20")
    with pytest.raises(NotAllowed, match="attendance"):
        await take(desk, path, "attendance")
    desk.clock.at = local("2026-03-02 09:11")
    await take(desk, path, "attendance")
    assert await rows(desk, "SELECT minutes FROM attendance") == [(20,)]
    assert len(await rows(desk, "SELECT 1 FROM import_run")) == 1


async def test_an_import_is_journaled_without_anybodys_name(desk: Desk, tmp_path: Path) -> None:
    await take(desk, a_file(tmp_path, ATTENDANCE, "张,人社局,2026-03-02,late,20"), "attendance")
    [(data,)] = await rows(desk, "SELECT data FROM journal WHERE kind = 'register_imported'")
    assert '"register":"attendance","rows":1' in data
    assert "张" not in data


FINDINGS = "scheme,item,at,department,counter,clerk,effect,points,quantity,note"


async def test_findings_count_as_confirmed_and_the_same_file_is_taken_once(desk: Desk, tmp_path: Path) -> None:
    twelve = ["luzhou,19.8a,2026-03-02 18:10,人社局,,,,,1,"] * 12
    path = a_file(tmp_path, FINDINGS, *twelve, "star,w1a,2026-03-03 09:00,人社局,1,张,deduct,,2,不挂牌")
    assert (await take(desk, path, "findings")).rows == 13
    kept = await rows(desk, "SELECT scheme, item, day, effect, quantity, state FROM finding ORDER BY at, id")
    assert kept[0] == ("luzhou", "19.8a", "2026-03-02", "bonus", 1, "confirmed")
    assert kept[-1] == ("star", "w1a", "2026-03-03", "deduct", 2, "confirmed")
    with pytest.raises(NotAllowed, match="same content"):
        await take(desk, path, "findings")
    assert len(await rows(desk, "SELECT 1 FROM finding")) == 13


async def test_what_a_scheme_would_refuse_by_hand_is_a_bad_line(desk: Desk, tmp_path: Path) -> None:
    at = "2026-03-02 09:00,人社局,1,张"
    lines = [f"olympics,1,{at},,,,", f"star,x9,{at},,,,", f"star,w1a,{at},bonus,,,", f"luzhou,20.6,{at},,77,,"]
    found = await refused(desk, a_file(tmp_path, FINDINGS, *lines), "findings")
    assert [line for line, _ in found] == [2, 3, 4, 5]
    assert found[0][1].startswith("scheme: there is no scheme 'olympics'")
