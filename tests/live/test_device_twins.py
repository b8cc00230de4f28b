"""The twins as processes with their pages, as `hall demo` runs them."""

import asyncio
import contextlib
import io
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from PIL import Image

from devices.ports import open_port
from devices.printer import Printer
from devices.slip import Slip, TextLine
from devices.twins.bench import ff68_bench, printer_bench

ROOT = Path(__file__).parents[2]
SLIP = Slip((TextLine("请到 3 号窗口"),), 58)


@contextlib.asynccontextmanager
async def twin_process(*arguments: str) -> AsyncIterator[tuple[asyncio.subprocess.Process, dict[str, str]]]:
    """A `hall devices twin …` and the URLs it printed; ended by SIGTERM."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        "from devices.commands import devices; devices()",
        "twin",
        *arguments,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert process.stdout
    urls: dict[str, str] = {}
    async with asyncio.timeout(30):
        while "page" not in urls:
            line = (await process.stdout.readline()).decode().strip()
            if not line:
                break
            name, _, url = line.rpartition(" ")
            urls[name] = url
    try:
        yield process, urls
    finally:
        if urls:  # one that ended by itself is not signalled: Popen would reap it before asyncio can
            process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(15):
            await process.wait()
        process._transport.close()  # type: ignore[attr-defined]  # asyncio closes it only when collected


async def test_a_printer_process_prints_shows_its_paper_and_ends_cleanly(tmp_path: Path) -> None:
    arguments = ("--port", "0", "--pty", str(tmp_path / "printer"), "--page", "0", "--paper", str(tmp_path / "paper"))
    async with twin_process("printer", *arguments, "--paper-mm", "58") as (process, urls):
        assert urls["printer 2"] == str(tmp_path / "printer")
        for name in ("printer 1", "printer 2"):
            driver = Printer(urls[name], paper_mm=58)
            assert (await driver.print_slip(SLIP)).result == "printed"
            await driver.close()
        async with httpx.AsyncClient(base_url=urls["page"]) as page:
            assert (await page.get("paper.json")).json()["slips"][1] == {
                "number": 2,
                "lines": ["请到 3 号窗口"],
                "codes": [],
                "cut": "partial",
            }
            picture = Image.open(io.BytesIO((await page.get("paper/1.png")).content))
            assert picture.width == 464
            assert "虚拟号票打印机" in (await page.get("/")).text
    assert process.returncode == 0
    assert sorted(path.name for path in (tmp_path / "paper").iterdir()) == [
        "slip-0001.png",
        "slip-0001.txt",
        "slip-0002.png",
        "slip-0002.txt",
    ]
    assert not (tmp_path / "printer").exists()


async def test_a_keypad_process_names_its_lines_and_takes_presses(tmp_path: Path) -> None:
    arguments = ("--lines", "2", "--link", str(tmp_path), "--addresses", "1", "--page", "0", "--window-seconds", "5")
    async with twin_process("ff68", *arguments) as (process, urls):
        assert [urls["ff68 1"], urls["ff68 2"]] == [str(tmp_path / "ff68-1"), str(tmp_path / "ff68-2")]
        port = await open_port(urls["ff68 2"])
        async with httpx.AsyncClient(base_url=urls["page"]) as page:
            await page.post("press", json={"line": 2, "address": 1, "device": "caller", "keys": ["0C"]})
            async with asyncio.timeout(5):
                assert await port.read() == bytes.fromhex("ff 68 03 03 68 01 01 0c 0e 16")
        await port.close()
    assert process.returncode == 0


async def test_a_taken_port_is_said_in_a_sentence() -> None:
    async with printer_bench() as bench:
        taken = bench.urls[0].rpartition(":")[2]
        async with twin_process("printer", "--port", taken) as (process, urls):
            assert urls == {}
            assert process.stderr
            told = (await process.stderr.read()).decode()
        assert process.returncode == 1
        assert "address already in use" in told
        assert "Traceback" not in told


async def test_a_fault_that_does_not_exist_is_wrong_usage() -> None:
    async with twin_process("ff68", "--faults", "on-fire") as (process, urls):
        assert urls == {}
        assert process.stderr
        assert "no fault 'on-fire'" in (await process.stderr.read()).decode()
    assert process.returncode == 2


@pytest.fixture
async def printer_page() -> AsyncIterator[httpx.AsyncClient]:
    async with printer_bench(page=0) as bench, httpx.AsyncClient(base_url=bench.page_url) as page:
        yield page


@pytest.fixture
async def ff68_page() -> AsyncIterator[httpx.AsyncClient]:
    async with ff68_bench(lines=2, port=0, page=0) as bench, httpx.AsyncClient(base_url=bench.page_url) as page:
        yield page


async def test_faults_are_switched_on_the_page(printer_page: httpx.AsyncClient) -> None:
    state = (await printer_page.post("faults", json={"on": ["paper-out", "slow"]})).json()
    assert (state["faults"], state["blocked"]) == (["paper-out", "slow"], True)
    state = (await printer_page.post("faults", json={"off": ["paper-out", "slow"]})).json()
    assert (state["faults"], state["blocked"]) == ([], False)


async def test_a_watcher_learns_of_a_change_at_once(printer_page: httpx.AsyncClient) -> None:
    version = (await printer_page.get("state.json")).json()["version"]
    watching = asyncio.create_task(printer_page.get("events", params={"after": version}))
    await printer_page.post("faults", json={"on": ["near-end"]})
    async with asyncio.timeout(5):
        assert (await watching).json()["version"] > version


@pytest.mark.parametrize(
    ("path", "body", "told"),
    [
        ("faults", b'{"on": ["on-fire"]}', "no fault 'on-fire'"),
        ("faults", b'{"on": "mute"}', '"on" is a list'),
        ("faults", b"[1]", "no JSON object"),
        ("faults", b"{", "no JSON"),
        ("press", b'{"line": 3, "address": 1, "device": "caller", "keys": ["0C"]}', "no line 3"),
        ("press", b'{"line": 1, "address": 9, "device": "caller", "keys": ["0C"]}', "no address 9"),
        ("press", b'{"line": 1, "address": 1, "device": "toaster"}', '"device" is'),
        ("press", b'{"line": 1, "address": 1, "device": "caller", "keys": ["XY"]}', "invalid literal"),
        ("press", b'{"line": 1, "address": 1, "device": "caller", "keys": "0C"}', "hexadecimal"),
        ("press", b'{"line": 1, "address": 1, "device": "evaluator", "value": 7}', "0 to 4"),
    ],
)
async def test_a_senseless_request_is_refused_with_a_sentence(
    ff68_page: httpx.AsyncClient, path: str, body: bytes, told: str
) -> None:
    answer = await ff68_page.post(path, content=body)
    assert answer.status_code == 422
    assert told in answer.json()["detail"]


async def test_presses_are_counted_for_the_summary(ff68_page: httpx.AsyncClient) -> None:
    answer = await ff68_page.post("press", json={"line": 1, "address": 1, "device": "evaluator", "value": 0})
    assert answer.json() == {"accepted": False}
    state = (await ff68_page.get("state.json")).json()
    assert (state["pressed"], state["unanswered"], state["refused"]) == (0, 0, 1)
    assert [line["line"] for line in state["lines"]] == ["ff68-1", "ff68-2"]


async def test_a_slip_that_never_was_is_not_found(printer_page: httpx.AsyncClient) -> None:
    assert (await printer_page.get("paper/99.png")).status_code == 404
