"""Many twins in one process, from a file; a process each would cost a second of start and 40 MB.

page = 9190                 # the pages of all of them: /NAME/; absent = no pages

[[twin]]
kind = "scanner"            # as in `hall devices twin KIND`
name = "scanner-1"          # absent = the kind
port = 0                    # TCP; udp and pty likewise; none of them = TCP on any free port
faults = ["slow"]
set = { width = "96" }      # what `--set` takes
"""

from __future__ import annotations

import contextlib
import html
import tomllib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount, Route

from devices.twins import kinds
from devices.twins.bench import served, twin_bench
from devices.twins.pages import device_page
from devices.twins.twin import Twin

WIRES = ("port", "udp", "pty")
KEYS = frozenset((*WIRES, "kind", "name", "faults", "set"))


@dataclass(frozen=True)
class FloorBench:
    twins: Mapping[str, Twin]
    """By name, in the order of the file."""
    urls: tuple[tuple[str, str], ...]
    """Name and URL; a twin on two wires is there twice."""
    page_url: str


@contextlib.asynccontextmanager
async def floor_bench(toml: str) -> AsyncIterator[FloorBench]:
    """Raises ValueError for what the file says wrongly, OSError when a port cannot be opened."""
    plan = tomllib.loads(toml)
    twins: dict[str, Twin] = {}
    urls: list[tuple[str, str]] = []
    async with contextlib.AsyncExitStack() as stack:
        for entry in plan.get("twin", []):
            twin = _made(entry)
            if twin.name in twins:
                raise ValueError(f"two twins are called {twin.name!r}; give each a name of its own")
            bench = await stack.enter_async_context(twin_bench(twin, **_wires(entry)))
            twins[twin.name] = twin
            urls += [(twin.name, url) for url in bench.urls]
        page_url = await stack.enter_async_context(served(floor_page(twins), plan.get("page")))
        yield FloorBench(twins, tuple(urls), page_url)


def _made(entry: Mapping[str, Any]) -> Twin:
    if wrong := set(entry) - KEYS:
        raise ValueError(f"[[twin]] knows no {sorted(wrong)[0]!r}; it knows {', '.join(sorted(KEYS))}")
    kind = str(entry.get("kind", ""))
    told = [f"{name}={value}" for name, value in entry.get("set", {}).items()]
    options = kinds.options_of(kind, told)
    return kinds.make(kind, **{**options, "name": entry.get("name", ""), "faults": entry.get("faults", [])})


def _wires(entry: Mapping[str, Any]) -> dict[str, Any]:
    wires = {"port": entry.get("port"), "udp": entry.get("udp"), "pty": Path(entry["pty"]) if "pty" in entry else None}
    return wires if any(wire is not None for wire in wires.values()) else {**wires, "port": 0}


def floor_page(twins: Mapping[str, Twin]) -> Starlette:
    """Every twin's page under its name, and a list of them."""
    items = "".join(f'<li><a href="{html.escape(name)}/">{html.escape(name)}</a></li>' for name in twins)
    page = f'<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>虚拟设备 · Twins</title><ul>{items}</ul>'

    async def home(request: Request) -> Response:
        return HTMLResponse(page)

    return Starlette(routes=[Route("/", home), *(Mount(f"/{name}", device_page(twin)) for name, twin in twins.items())])
