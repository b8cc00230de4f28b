"""What every twin has in common: faults, cables, actions, and the control page made from them."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from devices.ports import open_port
from devices.twins import kinds
from devices.twins.bench import twin_bench
from devices.twins.faults import COMMON, GARBAGE, SLOW_S, Faults
from devices.twins.floor import floor_bench
from devices.twins.pages import device_page
from devices.twins.twin import Action, Cable, CabledTwin


class Bell(CabledTwin):
    """A bell that says DING when it hears a whole line, and when somebody presses it."""

    kind = "bell"
    more_faults = ("rusty",)
    actions = (Action("按铃", "ring", {"do": "ring"}, {"times": "1"}),)

    def hear(self, cable: Cable, data: bytes) -> None:
        cable.waiting += data
        while (end := cable.waiting.find(b"\n")) >= 0:
            del cable.waiting[: end + 1]
            self.say(b"DING\x2a", to=cable, wrong=b"DONG\x34")

    def act(self, body: dict[str, Any]) -> dict[str, Any]:
        if body.get("do") != "ring":
            raise ValueError("a bell can only ring")
        self.say(b"DING\x2a")
        return {"rang": int(body["times"])}

    def shown(self) -> dict[str, Any]:
        return {"rusty": "rusty" in self.faults}


@pytest.mark.parametrize(
    ("fault", "leaves"),
    [
        ("mute", []),
        ("unplugged", []),
        ("slow", [(SLOW_S, b"ABC\x10")]),
        ("garbage", [(0.0, GARBAGE + b"ABC\x10")]),
        ("half-frame", [(0.0, b"AB")]),
        ("wrong-sum", [(0.0, b"ABC\x11")]),
        ("wrong-answer", [(0.0, b"XYZ\x20")]),
    ],
)
def test_each_common_fault_damages_a_frame_in_its_way(fault: str, leaves: list[tuple[float, bytes]]) -> None:
    assert Faults(on=[fault]).mangle(b"ABC\x10", wrong=b"XYZ\x20") == leaves


def test_a_fault_that_does_not_exist_changes_nothing() -> None:
    faults = Faults(on=["mute"])
    with pytest.raises(ValueError, match=r"no fault 'tired'; there are mute, slow"):
        faults.set(["slow", "tired"])
    assert list(faults) == ["mute"]


async def test_a_twin_hangs_on_tcp_udp_and_a_terminal_at_once(tmp_path: Path) -> None:
    async with twin_bench(Bell(), udp=0, pty=tmp_path / "bell") as bench:
        assert [url.partition(":")[0] for url in bench.urls[:1]] == ["socket"]
        for url in (bench.urls[0], bench.urls[2]):
            port = await open_port(url)
            await port.write(b"hello\n")
            assert await port.read() == b"DING\x2a"
            await port.close()


async def test_unplugged_a_twin_is_gone_and_plugged_again_it_answers(tmp_path: Path) -> None:
    async with twin_bench(Bell(), port=None, pty=tmp_path / "bell", page=None) as bench:
        port = await open_port(bench.urls[0])
        bench.twin.set_faults(on=["unplugged"])
        with pytest.raises(ConnectionError):
            await port.read()
        await port.close()
        assert not (tmp_path / "bell").exists()
        bench.twin.set_faults(off=["unplugged"])
        again = await open_port(bench.urls[0])
        await again.write(b"hello\n")
        assert await again.read() == b"DING\x2a"
        await again.close()


async def test_the_control_page_shows_state_acts_and_switches_faults() -> None:
    twin = Bell()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=device_page(twin)), base_url="http://twin") as page:
        shown = (await page.get("/state.json")).json()
        assert (shown["kind"], shown["allowed"], shown["picture"]) == ("bell", [*COMMON, "rusty"], False)
        assert shown["actions"] == [{"zh": "按铃", "en": "ring", "body": {"do": "ring"}, "ask": {"times": "1"}}]
        assert (await page.post("/act", json={"do": "ring", "times": "2"})).json() == {"rang": 2}
        assert (await page.post("/faults", json={"on": ["rusty"]})).json()["state"]["rusty"] is True
        refused = await page.post("/act", json={"do": "sing"})
        assert (refused.status_code, refused.json()) == (422, {"detail": "a bell can only ring"})
        assert (await page.get("/picture.png")).status_code == 404
        assert "虚拟设备" in (await page.get("/")).text


async def test_a_floor_is_many_twins_in_one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(kinds.KINDS, "bell", f"{__name__}:Bell")
    toml = 'page = 0\n[[twin]]\nkind = "bell"\n[[twin]]\nkind = "bell"\nname = "bell-2"\nfaults = ["rusty"]\n'
    async with floor_bench(toml) as floor, httpx.AsyncClient(base_url=floor.page_url) as page:
        assert [name for name, _ in floor.urls] == ["bell", "bell-2"]
        assert (await page.get("bell-2/state.json")).json()["state"]["rusty"] is True
        assert (await page.get("bell/state.json")).json()["faults"] == []
        assert 'href="bell-2/"' in (await page.get("/")).text


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('kind = "organ"', "there is no twin 'organ'"),
        ('kind = "bell"\nprot = 1', "knows no 'prot'"),
        ('kind = "bell"\nset = { colour = "red" }', "bell takes name=…"),
        ('kind = "bell"\n[[twin]]\nkind = "bell"', "two twins are called 'bell'"),
    ],
)
async def test_a_floor_file_that_is_wrong_is_told_why(monkeypatch: pytest.MonkeyPatch, line: str, told: str) -> None:
    monkeypatch.setitem(kinds.KINDS, "bell", f"{__name__}:Bell")
    with pytest.raises(ValueError, match=told):
        async with floor_bench(f"[[twin]]\n{line}\n"):
            pass
