"""The demo's virtual devices that share one process (`hall devices floor`), and who uses which."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

#: Counters with a strip over them; the wall shows the last calls.
WALL = "summary"


@dataclass(frozen=True)
class FloorTwin:
    """`name` is its page's path, `zh` and `en` its caption on the demo's page, `settings` what `--set` takes."""

    name: str
    kind: str
    zh: str
    en: str
    settings: Mapping[str, int] = field(default_factory=dict)


def _strip(counter: str) -> FloorTwin:
    return FloorTwin(
        f"led-{counter}", "led-bx", f"{counter} 号窗口", f"Counter {counter}", {"width": 240, "height": 16}
    )


def floor_twins(counters: tuple[str, ...]) -> tuple[FloorTwin, ...]:
    wall = FloorTwin(f"led-{WALL}", "led-bx", "综合屏", "Summary wall", {"width": 240, "height": 64})
    return (*(_strip(counter) for counter in counters), wall)


def floor_file(twins: tuple[FloorTwin, ...], ports: Mapping[str, int], page: int) -> str:
    """The TOML that `hall devices floor` reads."""
    lines = [f"page = {page}"]
    for twin in twins:
        told = ", ".join(f"{name} = {value}" for name, value in twin.settings.items())
        lines += ["[[twin]]", f'kind = "{twin.kind}"', f'name = "{twin.name}"', f"port = {ports[twin.name]}"]
        lines += [f"set = {{ {told} }}"]
    return "\n".join(lines) + "\n"


def strips(twins: tuple[FloorTwin, ...], ports: Mapping[str, int]) -> str:
    """`[display] led` as HALL_DISPLAY__LED."""
    return json.dumps(
        [
            {
                "url": f"socket://127.0.0.1:{ports[twin.name]}",
                "counter": twin.name.removeprefix("led-"),
                "rows": twin.settings["height"] // 16,
                **twin.settings,
            }
            for twin in twins
            if twin.kind == "led-bx"
        ]
    )
