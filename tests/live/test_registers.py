"""The registers over HTTP and by import, beside a running hub."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from hub.imports.commands import import_cases
from tests.running import RunningHub, free_port, hub_settings
from tests.unit.hub.commands import run
from tests.unit.hub.halls import a_hall
from tests.unit.hub.plans import local

pytestmark = pytest.mark.sqlite

NEW = {"case_no": "K1", "service": "A", "kind": "promised", "promised_days": 5}
HEADER = "outcome,case_no,service,department,counter,clerk,kind,online,on_site,received_at,legal_days,promised_days"


@pytest.fixture
def hub(database: str, tmp_path: Path) -> Iterator[RunningHub]:
    with RunningHub(hub_settings(tmp_path, free_port(), **a_hall()), now=lambda: local("2026-03-02 09:30")) as running:
        yield running


def post(hub: RunningHub, path: str, body: Any = None, token: str = "demo-clerk-1", key: str = "") -> httpx.Response:
    headers = {"Authorization": f"Bearer {token}", **({"Idempotency-Key": key} if key else {})}
    return httpx.post(f"{hub.url}/api/v1{path}", json=body, headers=headers)


def get(hub: RunningHub, path: str) -> Any:
    return httpx.get(f"{hub.url}/api/v1{path}", headers={"Authorization": "Bearer demo-manager"}).json()


def test_a_case_over_http_from_its_receipt_to_its_end(hub: RunningHub) -> None:
    first, again = post(hub, "/cases", NEW, key="one"), post(hub, "/cases", NEW, key="one")
    assert (first.status_code, again.json()) == (201, first.json())
    assert first.json()["due_at"] == "2026-03-09T17:00:00+08:00"
    refused = post(hub, "/cases/K1/resume")
    assert (refused.status_code, refused.json()["code"], refused.json()["state"]) == (409, "not_allowed", "received")
    assert post(hub, "/cases/K1/accept").json()["state"] == "accepted"
    assert post(hub, "/cases/K1/suspend", {"reason": "hearing"}).json()["state"] == "suspended"
    assert post(hub, "/cases/K1/resume").json()["due_at"] == "2026-03-09T17:00:00+08:00"
    assert post(hub, "/cases/K1/close", {"outcome": "approved", "notice_no": "S1"}).json()["outcome"] == "approved"
    assert [step["verb"] for step in get(hub, "/cases/K1")["steps"]] == [
        "receive",
        "accept",
        "suspend",
        "resume",
        "close",
    ]
    assert post(hub, "/cases/K9/accept").json()["code"] == "unknown_case"


def test_lists_come_in_pages_and_by_filter(hub: RunningHub) -> None:
    for number in ("K1", "K2", "K3"):
        post(hub, "/cases", {**NEW, "case_no": number})
    post(hub, "/cases/K2/accept")
    page = get(hub, "/cases?limit=2")
    assert ([case["case_no"] for case in page["cases"]], page["next"]) == (["K1", "K2"], "K2")
    assert [case["case_no"] for case in get(hub, f"/cases?after={page['next']}")["cases"]] == ["K3"]
    assert [case["case_no"] for case in get(hub, "/cases?state=accepted")["cases"]] == ["K2"]
    assert get(hub, "/cases?overdue=true")["cases"] == []
    for day in ("2026-03-02", "2026-02-28"):
        seen = {"clerk": "张", "department": "人社局", "date": day, "kind": "late", "minutes": 15}
        assert post(hub, "/attendance", seen, token="demo-manager").json()["verdict"] == "grace"
    listed = get(hub, "/attendance?limit=1")
    assert ([one["date"] for one in listed["entries"]], bool(listed["next"])) == (["2026-02-28"], True)
    assert [one["date"] for one in get(hub, f"/attendance?after={listed['next']}")["entries"]] == ["2026-03-02"]


def test_an_import_beside_the_hub_is_seen_by_it(
    hub: RunningHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "cases.csv"
    rows = [f"open,P{n},A,人社局,1,张,promised,0,1,2026-02-13 09:00,20,2" for n in range(300)]
    file.write_text("\n".join([HEADER, *rows, ""]), encoding="utf-8-sig")
    done = run(monkeypatch, tmp_path, import_cases, str(file), "--create-missing")
    assert (done.exit_code, "cases: 300 rows taken" in done.output) == (0, True)
    late = get(hub, "/cases?overdue=true&limit=1")["cases"]
    assert (late[0]["case_no"], late[0]["due_at"], late[0]["imported"]) == ("P0", "2026-02-24T17:00:00+08:00", True)
    again = run(monkeypatch, tmp_path, import_cases, str(file), language="zh")
    assert (again.exit_code, "第 2 行：case_no=P0 已在登记中" in again.output) == (1, True)
