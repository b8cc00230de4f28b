"""Half an hour of the whole hall, every part its own process, over real sockets and ptys; then the books must agree."""

import csv
import io
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.running import free_port

MINUTES = 30
SPEED = 60


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], Path]:
    """The summary of half an hour, and the folder with its exports."""
    folder = tmp_path_factory.mktemp("demo")
    clean = {name: value for name, value in os.environ.items() if not name.startswith("HALL_")}
    options = ("--port", free_port(), "--minutes", MINUTES, "--speed", SPEED, "--summary", folder / "summary.json")
    run = subprocess.run(
        [sys.executable, "-m", "hub", "demo", "--headless", "--seed", "7", *map(str, options)],
        env={**clean, "PYTHONUTF8": "1", "TMPDIR": str(folder), "XDG_DATA_HOME": str(folder / "user")},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert run.returncode == 0, run.stderr[-3000:]
    summary: dict[str, Any] = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    assert summary == json.loads(run.stdout)
    return summary, folder


def test_nothing_was_written_into_the_users_own_data(played: tuple[dict[str, Any], Path]) -> None:
    assert not (played[1] / "user").exists()


def test_it_was_a_busy_half_hour(played: tuple[dict[str, Any], Path]) -> None:
    summary, _ = played
    assert summary["issued"] >= 20
    assert summary["served"] >= 10
    assert summary["pressed"] >= 5


def test_every_ticket_is_somewhere_and_was_printed(played: tuple[dict[str, Any], Path]) -> None:
    summary, _ = played
    places = ("waiting", "serving", "served", "no_shows", "cancelled")
    assert summary["issued"] == sum(summary[place] for place in places)
    assert summary["printed"] == summary["issued"]


def test_every_called_number_was_on_the_glass(played: tuple[dict[str, Any], Path]) -> None:
    summary, _ = played
    ended = summary["serving"] + summary["served"] + summary["no_shows"]
    assert summary["shown"] == summary["called"] == ended + summary["again"]


def test_every_press_is_one_evaluation(played: tuple[dict[str, Any], Path]) -> None:
    summary, _ = played
    assert summary["evaluated"] == summary["pressed"]


def test_the_exported_satisfaction_is_what_was_pressed(played: tuple[dict[str, Any], Path]) -> None:
    """The evaluators' own keys and the tablet's, as their twins counted them, against the exported levels."""
    summary, folder = played
    lines = json.loads((folder / "state.json").read_text(encoding="utf-8"))["lines"]
    tablet = json.loads((folder / "tablet.json").read_text(encoding="utf-8"))["state"]
    assert tablet["pressed"] >= 1
    counts = [*(line["devices"][0]["evaluator"]["pressed_by_value"] for line in lines), tablet["pressed_by_value"]]
    document = json.loads((folder / "satisfaction.json").read_text(encoding="utf-8"))
    levels = ("very_satisfied", "satisfied_level", "basically_satisfied", "dissatisfied_level", "very_dissatisfied")
    for value, level in enumerate(levels):
        assert sum(row[level] for row in document["rows"]) == sum(count.get(str(value), 0) for count in counts), level
    assert sum(row["finished"] for row in document["rows"]) == summary["served"]


def test_the_exports_agree_with_each_other(played: tuple[dict[str, Any], Path]) -> None:
    summary, folder = played
    assert {Path(path).name for path in summary["exports"]} == {
        f"{kind}.{form}" for kind in ("satisfaction", "waits") for form in ("csv", "json", "xlsx")
    }
    waits = json.loads((folder / "waits.json").read_text(encoding="utf-8"))["rows"]
    assert summary["called"] - summary["again"] <= sum(row["n"] for row in waits) <= summary["called"]
    assert sum(row["no_shows"] for row in waits) == summary["no_shows"]
    lines = list(csv.DictReader(io.StringIO((folder / "waits.csv").read_bytes().decode("utf-8-sig"))))
    assert [int(line["n"]) for line in lines] == [row["n"] for row in waits]
    sheet = openpyxl.load_workbook(folder / "waits.xlsx").active
    assert sheet is not None
    assert [row[3] for row in sheet.iter_rows(min_row=5, values_only=True)] == [row["n"] for row in waits]


def test_the_wall_shows_the_last_calls(played: tuple[dict[str, Any], Path]) -> None:
    texts = json.loads((played[1] / "wall.json").read_text(encoding="utf-8"))["state"]["texts"]
    assert len(texts) == 4
    assert all(re.fullmatch(r"请 [A-G]\d{3} 号到 [1-4]号窗口", text) for text in texts), texts


def test_the_paper_is_one_slip_a_ticket_with_its_number_and_code(played: tuple[dict[str, Any], Path]) -> None:
    summary, folder = played
    slips = json.loads((folder / "paper.json").read_text(encoding="utf-8"))["slips"]
    numbers = [line for slip in slips for line in slip["lines"] if re.fullmatch(r"[A-G]\d{3}", line)]
    assert len(slips) == len(numbers) == len(set(numbers)) == summary["issued"]
    assert all(slip["cut"] == "partial" and "/t/" in slip["codes"][0] for slip in slips)


def end_of(demo: "subprocess.Popen[str]", how: signal.Signals, port: int) -> str:
    """Let the demo start, end it this way, and answer what it said last."""
    assert demo.stderr is not None
    told = [demo.stderr.readline() for _ in range(3)]
    assert f"http://127.0.0.1:{port}" in told[0]
    assert "demo-clerk-1" in told[1]
    demo.send_signal(how)
    last = demo.stderr.read()
    demo.wait(60)
    return last


def nobody_listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port)).close()
    except ConnectionRefusedError:
        return True
    return False


@pytest.mark.skipif(os.name != "posix", reason="signals are for POSIX systems")
@pytest.mark.parametrize("how", ["SIGINT", "SIGKILL"])  # SIGTERM is taken by the same hand as SIGINT
def test_a_demo_that_ends_leaves_no_part_behind(tmp_path: Path, how: str) -> None:
    if how == "SIGKILL" and sys.platform != "linux":
        pytest.skip("only Linux tells a process that its parent was killed")
    clean = {name: value for name, value in os.environ.items() if not name.startswith("HALL_")}
    port = free_port()
    with subprocess.Popen(
        [sys.executable, "-m", "hub", "demo", "--headless", "--history", "0", "--port", str(port), "--lang", "en"],
        env={**clean, "PYTHONUTF8": "1", "TMPDIR": str(tmp_path)},
        stderr=subprocess.PIPE,
        text=True,
    ) as demo:
        last = end_of(demo, signal.Signals[how], port)
    if how == "SIGKILL":
        pause = threading.Event()
        assert any(nobody_listens(port) or pause.wait(0.1) for _ in range(150))
    else:
        assert (demo.returncode, last.splitlines()[-1]) == (0, "The demo has ended.")
        assert not list(tmp_path.glob("hall-demo-*"))
        assert nobody_listens(port)


def test_a_port_that_another_program_has_is_told_and_nothing_is_started(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        run = subprocess.run(
            [
                sys.executable,
                "-m",
                "hub",
                "demo",
                "--headless",
                "--history",
                "0",
                "--minutes",
                "1",
                "--port",
                str(port),
            ],
            env={**os.environ, "PYTHONUTF8": "1", "TMPDIR": str(tmp_path)},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert run.returncode == 1
    assert f"端口 {port} 已被其他程序占用" in run.stderr
    assert not list(tmp_path.iterdir())
