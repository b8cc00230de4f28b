"""The demo's LED strips: one over each counter and a wall with the last calls, all fed by the display."""

import json
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class DemoStrip:
    """`counter` as in `[display] led`; `zh` and `en` its caption on the demo's page."""

    counter: str
    zh: str
    en: str
    rows: int = 1

    @property
    def name(self) -> str:
        """Of the twin, and the path of its page."""
        return f"led-{self.counter}"

    @property
    def size(self) -> dict[str, int]:
        return {"width": 240, "height": 16 * self.rows}


STRIPS = (
    *(DemoStrip(counter, f"{counter} 号窗口", f"Counter {counter}") for counter in "1234"),
    DemoStrip("summary", "综合屏", "Summary wall", rows=4),
)


def strips_toml(ports: Mapping[str, int]) -> str:
    """Their twins, for `hall devices floor`; ports by name."""
    return "".join(
        f'[[twin]]\nkind = "led-bx"\nname = "{strip.name}"\nport = {ports[strip.name]}\n'
        f"set = {{ width = {strip.size['width']}, height = {strip.size['height']} }}\n"
        for strip in STRIPS
    )


def strips_setting(ports: Mapping[str, int]) -> str:
    """`[display] led`, as its environment variable is written."""
    return json.dumps(
        [
            {
                "url": f"socket://127.0.0.1:{ports[strip.name]}",
                "counter": strip.counter,
                "rows": strip.rows,
                **strip.size,
            }
            for strip in STRIPS
        ]
    )
