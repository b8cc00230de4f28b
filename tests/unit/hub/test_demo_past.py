"""The demo's past: planted visits count in the figures, and its registers pass the hall's own import."""

from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from zoneinfo import ZoneInfo

from hub.clock import micros
from hub.demo.history import plant
from hub.demo.registers import plant_registers
from hub.edges import Hub
from hub.figures.rows import Floor
from hub.figures.tables import figures
from hub.keys import new_keys
from hub.settings import settings_from
from hub.store import SYSTEM
from tests.unit.hub.desk import Desk

FIRST, LAST = date(2026, 2, 1), date(2026, 3, 2)


async def test_the_past_fills_figures_and_registers(tmp_path: Path) -> None:
    desk = await Desk.open(tmp_path / "hall.db")
    settings = settings_from({}, origin="test")
    hub = cast(Hub, SimpleNamespace(store=desk.store, hall=desk.hall, settings=settings, keys=new_keys()))
    await desk.store.write(plant, SYSTEM, None, desk.hall, 14)
    await plant_registers(hub, 14)
    floor = Floor(ZoneInfo("Asia/Shanghai"), micros(desk.clock.at))

    def asked(reader: Any) -> Any:
        return figures(reader.rows, floor, "waits", FIRST, LAST, ("day",), limit_s=600).rows

    days = await desk.store.read(asked)
    [[planted]] = await desk.rows("SELECT count(DISTINCT day) FROM ticket")
    assert len(days) == planted == 10
    assert all(int(day["n"]) > 20 for day in days)
    counts = {
        table: (await desk.rows(f"SELECT count(*) FROM {table}"))[0][0]
        for table in ("case_file", "complaint", "consultation", "staff", "service_terms", "self_check")
    }
    assert counts["case_file"] == 50
    assert all(counts.values()), counts
    [[open_]] = await desk.rows("SELECT count(*) FROM case_file WHERE closed_at IS NULL")
    assert 0 < open_ < 20
    desk.store.close()
