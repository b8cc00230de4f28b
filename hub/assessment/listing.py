"""Findings as people look at them: with their appeals and evidence."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from hub.clock import instant
from hub.journal import RunSql
from hub.problems import Unknown
from hub.staff.tables import SEEN
from hub.wire import Appeal, Evidence, Finding, Findings

#: Columns that a list can be asked by.
FILTERS = ("scheme", "item", "state", "department", "counter", "clerk", "event")
PAGE_MOST = 200

_COLUMNS = """
id, scheme, item, at, department, counter, clerk, effect, points, quantity, event, compare_to, note, state,
lead, imported, made_at, made_by, decided_at, decided_by, reason
"""
_ONE = f"SELECT {_COLUMNS} FROM finding WHERE id = :id AND {SEEN}"
_APPEALS = """
SELECT finding, id, grounds, made_by, made_at, outcome, reason, reviewed_by, reviewed_at FROM finding_appeal
WHERE finding >= :first AND finding <= :last ORDER BY made_at, id
"""
_EVIDENCE = """
SELECT finding, sha256, name, media_type, bytes, made_by, made_at FROM finding_evidence
WHERE finding >= :first AND finding <= :last ORDER BY made_at, sha256
"""


def listed(
    run: RunSql,
    zone: ZoneInfo,
    asked: Mapping[str, str],
    *,
    first: str = "0000-01-01",
    last: str = "9999-12-31",
    after: str = "",
    most: int = 50,
    appealed: bool = False,
) -> Findings:
    """Oldest entry first; `asked` has keys of FILTERS, days are the hall's; `appealed`: those whose appeal is open."""
    where = "".join(f" AND {name} = :{name}" for name in FILTERS if name in asked)
    if appealed:
        where += " AND id IN (SELECT finding FROM finding_appeal WHERE outcome IS NULL)"
    rows = run(
        f"SELECT {_COLUMNS} FROM finding WHERE {SEEN} AND day BETWEEN :first AND :last AND id > :after{where}"
        " ORDER BY id LIMIT :most",
        **asked,
        first=first,
        last=last,
        after=after,
        most=most + 1,
    )
    page = _whole(run, zone, rows[:most])
    return Findings(findings=page, next=page[-1].id if len(rows) > most else None)


def finding_of(run: RunSql, zone: ZoneInfo, finding: str) -> Finding:
    """Raises Unknown."""
    found = _whole(run, zone, run(_ONE, id=finding))
    if not found:
        raise Unknown("finding", finding)
    return found[0]


def evidence_of(run: RunSql, finding: str, sha256: str) -> tuple[str, str]:
    """Name and media type of a file. Raises Unknown."""
    rows = run(
        "SELECT name, media_type FROM finding_evidence WHERE finding = :finding AND sha256 = :sha256",
        finding=finding,
        sha256=sha256,
    )
    if not rows:
        raise Unknown("evidence", sha256[:12])
    return rows[0][0], rows[0][1]


def _whole(run: RunSql, zone: ZoneInfo, rows: list[Any]) -> list[Finding]:
    if not rows:
        return []
    ids = {"first": min(row[0] for row in rows), "last": max(row[0] for row in rows)}
    appeals = _by_finding(run(_APPEALS, **ids), lambda row: _appeal(row, zone))
    evidence = _by_finding(run(_EVIDENCE, **ids), lambda row: _file(row, zone))
    return [_finding(row, zone, appeals[row[0]], evidence[row[0]]) for row in rows]


def _by_finding(rows: Iterable[Any], make: Any) -> defaultdict[str, list[Any]]:
    found: defaultdict[str, list[Any]] = defaultdict(list)
    for row in rows:
        found[row[0]].append(make(row))
    return found


def _finding(row: Any, zone: ZoneInfo, appeals: list[Appeal], evidence: list[Evidence]) -> Finding:
    return Finding(
        id=row[0],
        scheme=row[1],
        item=row[2],
        at=instant(row[3]).astimezone(zone),
        department=row[4],
        counter=row[5],
        clerk=row[6],
        effect=row[7],
        points=row[8],
        quantity=row[9],
        event=row[10],
        compare_to=row[11],
        note=row[12],
        state=row[13],
        origin="imported" if row[15] else "seen" if row[14] else "entered",
        entered_at=instant(row[16]).astimezone(zone),
        entered_by=row[17],
        decided_at=None if row[18] is None else instant(row[18]).astimezone(zone),
        decided_by=row[19],
        reason=row[20],
        appeals=tuple(appeals),
        evidence=tuple(evidence),
    )


def _appeal(row: Any, zone: ZoneInfo) -> Appeal:
    return Appeal(
        id=row[1],
        grounds=row[2],
        by=row[3],
        at=instant(row[4]).astimezone(zone),
        outcome=row[5],
        reason=row[6],
        reviewed_by=row[7],
        reviewed_at=None if row[8] is None else instant(row[8]).astimezone(zone),
    )


def _file(row: Any, zone: ZoneInfo) -> Evidence:
    return Evidence(
        sha256=row[1],
        name=row[2],
        media_type=row[3],
        bytes=row[4],
        by=row[5],
        at=instant(row[6]).astimezone(zone),
    )
