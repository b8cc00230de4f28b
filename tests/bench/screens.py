"""A clerk presses next; the time until the last of the screens has the call.

Beside it, by turns and on the same hub: the same bytes by a blocking send loop over the same sockets, and by the
broadcast of the `websockets` library to as many screens of its own.
"""

import time

from tests.bench.client import BlockingConnection
from tests.bench.crowd import Crowd
from tests.bench.process import HubProcess
from tests.bench.table import fact, median, row

RUNS = 5
CALLS = 30
WARM_UP = 5
BOARD = "/api/v1/board/ws"
#: Only what announces carries this.
CALL = b'"calls":['

Times = dict[str, list[float]]


def screens(hub: HubProcess, many: int) -> None:
    clerk = BlockingConnection(hub.port, "demo-clerk-1")
    clerk.post("/floor/listen")
    take_tickets(hub.port, RUNS * CALLS + WARM_UP)
    before = hub.memory_mb()
    crowd = Crowd(hub.port, BOARD, many)
    crowd.drain()
    memory = hub.memory_mb() - before
    others = Crowd(hub.broadcast_port, "/", many)
    for _ in range(WARM_UP):
        once(clerk, crowd, others)
    runs: list[Times] = []
    for _ in range(RUNS):
        times: Times = {"send": [], "call": [], "answer": [], "broadcast": []}
        for _ in range(CALLS):
            for way, took in once(clerk, crowd, others).items():
                times[way].append(took)
        runs.append(times)
    size = clerk.post("/floor/send")["bytes"]
    tell(runs, many, size)
    if many >= 1000:
        fact(f"memory of the hub for each of {many} screens", f"{memory / many * 1024:8.1f} kB")
    for one in (crowd, others, clerk):
        one.close()


def once(clerk: BlockingConnection, crowd: Crowd, others: Crowd) -> dict[str, float]:
    """One call and its floors, in seconds."""
    called, answered = call(clerk, crowd)
    took = {"call": called, "answer": answered}
    for way, screens in (("send", crowd), ("broadcast", others)):
        started = time.perf_counter()
        clerk.send(f"/floor/{way}")
        last, _ = screens.until_all(CALL, clerk)
        took[way] = last - started
        clerk.answer()
    return took


def call(clerk: BlockingConnection, crowd: Crowd) -> tuple[float, float]:
    """Seconds until the last screen had the call, and until the clerk had the answer."""
    crowd.drain()
    started = time.perf_counter()
    clerk.send("/api/v1/counters/1/next", {"finish_current": True})
    last, answered = crowd.until_all(CALL, clerk)
    clerk.answer()
    return last - started, answered - started


def tell(runs: list[Times], many: int, size: int) -> None:
    """Each ratio is the middle of the runs' own ratios of medians."""

    def against(way: str, floor: str) -> float:
        return median([median(run[way]) / median(run[floor]) for run in runs])

    def all_of(way: str) -> list[float]:
        return [took for run in runs for took in run[way]]

    row(f"floor: POST, blocking send of {size} bytes to {many} screens", all_of("send"))
    row(f"call -> last of {many} screens", all_of("call"), against("call", "send"))
    row(f"broadcast() of websockets to {many} screens", all_of("broadcast"), against("broadcast", "send"))
    row("call -> the clerk's own answer, the same calls", all_of("answer"))


def take_tickets(port: int, many: int) -> None:
    clerk, kiosk = BlockingConnection(port, "demo-clerk-1"), BlockingConnection(port, "demo-kiosk")
    try:
        clerk.post("/api/v1/counters/1/open", {"services": ["A"]})
    except RuntimeError as error:
        if "not_allowed" not in str(error):  # open already
            raise
    for _ in range(many):
        kiosk.post("/api/v1/tickets", {"service": "A"})
    clerk.close()
    kiosk.close()
