"""Imports by upload: taken whole, or every bad line named in the reader's language."""

import asyncio
from pathlib import Path
from typing import Any

import httpx

from tests.unit.hub.test_findings import Floor, a_floor

HEADER = "clerk,department,date,kind,minutes"


def left_in(folder: Path) -> list[Path]:
    return list(folder.glob("upload-*"))


async def sent(floor: Floor, kind: str, *lines: str, create: bool = True, language: str = "zh") -> dict[str, Any]:
    """Uploaded and followed to its end."""
    headers = {"Authorization": "Bearer wang", "Content-Type": "text/csv", "Accept-Language": language}
    path = f"/api/v1/imports/{kind}?name=x.csv&create_missing={str(create).lower()}"
    answer = await floor.client.post(path, content="\n".join(lines).encode(), headers=headers)
    assert answer.status_code == 202, answer.text
    for _ in range(2000):
        told = (await floor.client.get(f"/api/v1/imports/{answer.json()['id']}", headers=headers)).json()
        if told["state"] in ("done", "refused"):
            return dict(told)
        await asyncio.sleep(0.01)
    raise AssertionError("the import does not end")


async def test_a_file_is_taken_whole_told_as_taken_and_gone_from_the_disk(tmp_path: Path) -> None:
    async with a_floor(tmp_path) as floor:
        told = await sent(floor, "attendance", HEADER, "周,公安局,2026-02-10,late,20")
        listed = await floor.get("li", "/attendance?clerk=周")
        known = await floor.client.get("/api/v1/imports", headers={"Authorization": "Bearer wang"})
        seen = await floor.get("li", "/registers/departments")
    assert (told["state"], told["rows"], told["percent"], told["created"]) == ("done", 1, 100, {"clerk": ["周"]})
    assert listed["entries"][0]["minutes"] == 20
    assert [(one["file"], one["rows"], one["by"]) for one in known.json()["past"]] == [("x.csv", 1, "wang")]
    assert {"code": "d1", "name": "公安局", "historical": False} in seen["rows"]
    assert left_in(tmp_path) == []


async def test_every_bad_line_is_named_and_nothing_is_taken(tmp_path: Path) -> None:
    lines = (HEADER, "周,公安局,2026-02-10,late,20", "周,公安局,2026-02-31,late,x")
    async with a_floor(tmp_path) as floor:
        told = await sent(floor, "attendance", *lines)
        english = await sent(floor, "attendance", *lines, language="en")
        listed = await floor.get("li", "/attendance?clerk=周")
        file: httpx.Response = await floor.client.get(
            f"/api/v1/imports/{told['id']}/bad-lines", headers={"Authorization": "Bearer wang", "Accept-Language": "zh"}
        )
    assert (told["state"], told["bad"], {one["line"] for one in told["bad_lines"]}) == ("refused", 2, {3})
    assert told["bad_lines"] != english["bad_lines"]
    assert file.text.splitlines()[1:] == [f"3,{one['reason']}" for one in told["bad_lines"]]
    assert listed["entries"] == []


async def test_what_is_no_register_is_not_read(tmp_path: Path) -> None:
    async with a_floor(tmp_path) as floor:
        answer = await floor.client.post("/api/v1/imports/tea", headers={"Authorization": "Bearer wang"}, content="x")
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_import")
