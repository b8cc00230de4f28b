"""Findings from proposal to a closed period, through the API of a hub with registers, and the scores of it all."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from hub.app import create_app
from hub.cases.tables import CaseRow, ComplaintRow, NoticeRow
from hub.clock import micros
from hub.edges import Hub
from hub.staff.tables import AttendanceRow, DepartmentRow, ImportRunRow, PostRow
from hub.store import SYSTEM, Tx, Who
from tests.running import free_port, hub_settings

#: After the first quarter of 2026 (December to February).
NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
PEOPLE = {
    "li": Who("li", "duty_leader"),
    "wang": Who("wang", "manager"),
    "zhao": Who("zhao", "manager"),
    "clerk": Who("clerk", "clerk", "1"),
}
PDF = b"%PDF-1.4 minutes of the inspection"


@dataclass
class Floor:
    """A hub and who asks it."""

    client: httpx.AsyncClient
    hub: Hub

    async def post(self, who: str, path: str, body: dict[str, Any] | None = None) -> httpx.Response:
        return await self.client.post(f"/api/v1{path}", json=body or {}, headers={"Authorization": f"Bearer {who}"})

    async def get(self, who: str, path: str) -> Any:
        answer = await self.client.get(f"/api/v1{path}", headers={"Authorization": f"Bearer {who}"})
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def found(self, who: str = "li", **told: Any) -> dict[str, Any]:
        body = {"scheme": "luzhou", "item": "20.9", "department": "d1", "at": "2026-01-05T10:00:00+08:00"} | told
        answer = await self.post(who, "/findings", body)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    async def item(self, code: str, period: str = "2026Q1") -> dict[str, Any]:
        score = await self.get("wang", f"/assessments/luzhou/{period}?unit=d1")
        return next(one for one in score["items"] if one["code"] == code)


def at(text: str) -> int:
    return micros(datetime.fromisoformat(f"{text}+08:00"))


def a_case(case_no: str, **told: Any) -> CaseRow:
    row: dict[str, Any] = {
        "case_no": case_no,
        "service": "A",
        "department": "d1",
        "counter": "1",
        "clerk": "zhang",
        "kind": "promised",
        "online": False,
        "on_site": True,
        "state": "closed",
        "received_at": at("2026-01-02T09:00"),
        "legal_days": 10,
        "promised_days": 3,
        "closed_at": at("2026-01-05T10:00"),
        "due_at": at("2026-01-07T17:00"),
        "outcome": "approved",
        "calendar_version": 1,
        "made_at": 0,
        "made_by": "x",
    }
    return CaseRow(**(row | told))


def fill(tx: Tx) -> None:
    """Two cases in time, one of them late by a day in February; a verified complaint; two late mornings; a post."""
    tx.insert(DepartmentRow(code="d1", name="公安局"))
    tx.insert(a_case("c1", level="satisfied", level_source="citizen"))
    tx.insert(a_case("c2", level="satisfied", level_source="default", on_site=False))
    tx.insert(a_case("c3", due_at=at("2026-02-26T17:00"), closed_at=at("2026-02-27T10:00"), corrections=2))
    # an import that is not published yet does not count
    tx.insert(ImportRunRow(id="r1", kind="cases", file="f", sha256="", rows=1, begun_at=0, touched_at=0, begun_by="x"))
    tx.insert(a_case("c4", imported="r1", on_site=False))
    tx.insert(NoticeRow(case_no="c1", kind="result", notice_no="1", at=0, made_at=0, made_by="x"))
    for number, finding in (("t1", "verified"), ("t2", "unfounded")):
        tx.insert(
            ComplaintRow(
                complaint_no=number, at=at("2026-01-06T10:00"), department="d1", finding=finding, made_at=0, made_by="x"
            )
        )
    for minutes in (15, 16):
        tx.insert(
            AttendanceRow(
                clerk=f"clerk{minutes}", date="2026-01-05", session="am", kind="late", department="d1",
                minutes=minutes, made_at=0, made_by="x",
            )
        )  # fmt: skip
    tx.insert(
        PostRow(post="p1", department="d1", counter="1", clerk="zhang", valid_from="2025-01-01", made_at=0, made_by="x")
    )


@asynccontextmanager
async def a_floor(folder: Path) -> AsyncIterator[Floor]:
    app = create_app(hub_settings(folder, free_port()), now=lambda: NOW, fixed_tokens=PEOPLE)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://hall") as client,
    ):
        hub: Hub = app.state.hub
        await hub.store.write(fill, SYSTEM, None)
        yield Floor(client, hub)


@pytest.mark.usefixtures("database")
async def test_the_registers_give_the_scores(tmp_path: Path) -> None:
    async with a_floor(tmp_path) as floor:
        on_site, satisfaction, late = [await floor.item(code) for code in ("15.1", "15.3", "17.2")]
        overdue, complaints = await floor.item("20.6"), await floor.item("15.4")
    # 2 of 3 closed on the spot: 12 · 2/3; the unpublished c4 is not there
    assert (on_site["inputs"], on_site["score"]) == ({"on_site": 2, "closed": 3, "rate": "66.67"}, "8.00")
    assert on_site["behind"] == [{"case": "c2"}]
    # one citizen's own answer; the default one is none
    assert (satisfaction["inputs"]["answers"], satisfaction["score"], satisfaction["bonus"]) == (1, "6.00", "0.50")
    # fifteen minutes are within the grace, sixteen are not
    assert (late["score"], late["events"][0]["clerk"]) == ("1.80", "clerk16")
    assert (overdue["score"], overdue["events"][0]["case"]) == ("-2.00", "c3")
    assert (complaints["score"], complaints["inputs"]) == ("5.00", {"verified": 1, "complaints": 2})


async def test_a_finding_counts_once_it_is_confirmed_and_tells_by_whom(tmp_path: Path) -> None:
    async with a_floor(tmp_path) as floor:
        finding = await floor.found(event="quarrel", note="与办事人员争吵")
        before = await floor.item("20.9")
        confirmed = await floor.post("wang", f"/findings/{finding['id']}/confirm")
        after = await floor.item("20.9")
    assert (finding["state"], before["score"]) == ("proposed", "0.00")
    assert (confirmed.json()["state"], after["score"]) == ("confirmed", "-0.50")
    told = after["findings"][0]
    assert (told["entered_by"], told["confirmed_by"], told["event"]) == ("li", "wang", "quarrel")


async def test_a_dismissed_finding_does_not_count_and_keeps_its_reason(tmp_path: Path) -> None:
    async with a_floor(tmp_path) as floor:
        finding = await floor.found()
        dismissed = await floor.post("wang", f"/findings/{finding['id']}/dismiss", {"reason": "误记"})
        again = await floor.post("wang", f"/findings/{finding['id']}/confirm")
        assert (await floor.item("20.9"))["score"] == "0.00"
    assert (dismissed.json()["reason"], again.status_code) == ("误记", 409)


async def test_only_who_may_decide_confirms_at_once(tmp_path: Path) -> None:
    async with a_floor(tmp_path) as floor:
        body = {"scheme": "luzhou", "item": "17.3", "department": "公安局", "points": "1.5", "confirm": True}
        refused = await floor.post("li", "/findings", body)
        entered = await floor.post("wang", "/findings", body | {"at": "2026-02-28T23:59:00+08:00"})
        score = await floor.item("17.3")
    assert (refused.status_code, entered.status_code) == (403, 201)
    assert (score["score"], score["provisional"]) == ("1.50", False)


@pytest.mark.usefixtures("database")
async def test_an_appeal_is_reviewed_by_somebody_else(tmp_path: Path) -> None:
    async with a_floor(tmp_path) as floor:
        finding = await floor.found(counter="1")
        await floor.post("wang", f"/findings/{finding['id']}/confirm")
        path = f"/findings/{finding['id']}"
        appealed = await floor.post("clerk", f"{path}/appeal", {"grounds": "当时不在岗"})
        twice = await floor.post("clerk", f"{path}/appeal", {"grounds": "当时不在岗"})
        verdict = {"outcome": "granted", "reason": "监控证实"}
        own = await floor.post("wang", f"{path}/review", verdict)
        other = await floor.post("zhao", f"{path}/review", verdict)
        score = await floor.item("20.9")
    assert (appealed.status_code, twice.status_code, own.status_code) == (200, 409, 409)
    assert (other.json()["state"], other.json()["appeals"][0]["reviewed_by"], score["score"]) == (
        "dismissed",
        "zhao",
        "0.00",
    )


async def test_a_clerk_sees_findings_of_the_own_counter_only(tmp_path: Path) -> None:
    async with a_floor(tmp_path) as floor:
        mine, other = await floor.found(counter="1"), await floor.found(counter="2")
        seen = await floor.get("clerk", "/findings?counter=2")
        refused = await floor.post("clerk", f"/findings/{other['id']}/appeal", {"grounds": "不服"})
    assert [one["id"] for one in seen["findings"]] == [mine["id"]]
    assert refused.status_code == 403


@pytest.mark.usefixtures("database")
async def test_the_system_proposes_each_lead_once(tmp_path: Path) -> None:
    """c2 off the spot, c3 corrected twice, a post without a stand-in; c2 and c3 closed without a paper."""
    async with a_floor(tmp_path) as floor:
        first = await floor.post("li", "/findings/propose", {"scheme": "luzhou", "period": "2026Q1"})
        second = await floor.post("li", "/findings/propose", {"scheme": "luzhou", "period": "2026Q1"})
        listed = (await floor.get("li", "/findings?state=proposed"))["findings"]
    assert (first.json(), second.json()) == ({"seen": 5, "proposed": 5}, {"seen": 5, "proposed": 0})
    assert sorted(f"{one['item']} {one.get('compare_to', '')}" for one in listed) == [
        "11.1 ", "16.1 stand_in", "16.1 told_once", "21 20.2", "21 20.2",
    ]  # fmt: skip


async def test_evidence_is_kept_under_its_hash_and_only_pictures_and_pdf(tmp_path: Path) -> None:
    async with a_floor(tmp_path) as floor:
        path = f"/api/v1/findings/{(await floor.found())['id']}/evidence"
        headers = {"Authorization": "Bearer li"}
        kept = await floor.client.post(f"{path}?name=检查记录.pdf", content=PDF, headers=headers)
        refused = await floor.client.post(path, content=b"MZ\x90\x00 program", headers=headers)
        long = await floor.client.post(path, content=PDF + bytes(5_000_001), headers=headers)
        file = kept.json()["evidence"][0]
        back = await floor.client.get(f"{path}/{file['sha256']}", headers=headers)
    assert (file["name"], file["media_type"], back.content) == ("检查记录.pdf", "application/pdf", PDF)
    assert (refused.status_code, long.status_code) == (422, 422)


@pytest.mark.usefixtures("database")
async def test_a_closed_period_is_frozen_until_it_is_reopened(tmp_path: Path) -> None:
    async with a_floor(tmp_path) as floor:
        finding = await floor.found()
        waiting = await floor.post("wang", "/assessments/luzhou/2026Q1/close")
        await floor.post("wang", f"/findings/{finding['id']}/confirm")
        closed = await floor.post("wang", "/assessments/luzhou/2026Q1/close")
        late = await floor.post("li", "/findings", {"scheme": "luzhou", "item": "20.9", "department": "d1",
                                                    "at": "2026-01-05T10:00:00+08:00"})  # fmt: skip
        await floor.hub.store.write(_another_complaint, SYSTEM, None)
        frozen = await floor.get("wang", "/assessments/luzhou/2026Q1?unit=d1")
        await floor.post("wang", "/assessments/luzhou/2026Q1/reopen", {"reason": "补登投诉"})
        open_again = await floor.get("wang", "/assessments/luzhou/2026Q1?unit=d1")
        told = (await floor.get("wang", "/assessments/luzhou"))["closings"][0]
    assert (waiting.status_code, closed.status_code, late.status_code) == (409, 200, 409)
    assert frozen["closed"]["sha256"] == closed.json()["sha256"]
    complaints = [_of(document, "15.4") for document in (frozen, open_again)]
    assert complaints == ["5.00", "4.00"]
    assert (told["closed_by"], told["reopened_by"], told["reason"]) == ("wang", "wang", "补登投诉")


async def test_a_year_takes_a_closed_quarter_as_it_was_frozen(tmp_path: Path) -> None:
    async with a_floor(tmp_path) as floor:
        await floor.post("wang", "/assessments/luzhou/2026Q1/close")
        before = (await floor.get("wang", "/assessments/luzhou/2026?unit=d1"))["parts"][0]["total"]
        await floor.hub.store.write(_another_complaint, SYSTEM, None)
        after = (await floor.get("wang", "/assessments/luzhou/2026?unit=d1"))["parts"][0]["total"]
    assert before == after


async def test_a_running_period_is_not_closed(tmp_path: Path) -> None:
    async with a_floor(tmp_path) as floor:
        refused = await floor.post("wang", "/assessments/luzhou/2026Q2/close")
    assert (refused.status_code, refused.json()["state"]) == (409, "not_over")


async def test_a_reading_changes_the_score_and_only_a_known_one_is_taken(tmp_path: Path) -> None:
    async with a_floor(tmp_path) as floor:
        taken = await floor.post("wang", "/assessments/luzhou/readings", {"name": "grace_minutes", "value": "10"})
        wrong = await floor.post("wang", "/assessments/luzhou/readings", {"name": "annual", "value": "median"})
        late = await floor.item("17.2")
    assert (taken.json()["readings"]["grace_minutes"], wrong.status_code) == ("10", 422)
    assert (late["score"], late["reading"]["grace_minutes"]) == ("1.60", "10")


async def test_what_the_text_does_not_give_is_refused(tmp_path: Path) -> None:
    bodies: list[dict[str, Any]] = [
        {"item": "20.9", "points": "3"},  # 0.5 each time
        {"item": "17.3", "points": "2.5"},  # an item of 2
        {"item": "17.3"},  # a score needs its points
        {"item": "21"},  # compared to what?
        {"item": "20.9", "effect": "bonus"},
        {"item": "99"},
        {"item": "20.9", "department": None},
    ]
    async with a_floor(tmp_path) as floor:
        base = {"scheme": "luzhou", "department": "d1"}
        answers = [await floor.post("wang", "/findings", base | body) for body in bodies]
    assert [answer.status_code for answer in answers] == [422, 422, 422, 422, 422, 404, 422]


@pytest.mark.usefixtures("database")
async def test_the_class_of_a_window_stands_beside_its_year(tmp_path: Path) -> None:
    async with a_floor(tmp_path) as floor:
        before = await floor.get("wang", "/assessments/star/2026?unit=1")
        body = {"unit": "1", "year": 2026, "class": "half"}
        assert (await floor.post("wang", "/assessments/star/classes", body)).status_code == 204
        after = await floor.get("wang", "/assessments/star/2026?unit=1")
    assert (before["total"], after["class"]["code"]) == (after["total"], "half")


def _another_complaint(tx: Tx) -> None:
    tx.insert(
        ComplaintRow(
            complaint_no="t3", at=at("2026-01-07T10:00"), department="d1", finding="verified", made_at=0, made_by="x"
        )
    )


def _of(document: dict[str, Any], code: str) -> Any:
    return next(one["score"] for one in document["items"] if one["code"] == code)
