"""`make bench`: what a citizen, a clerk and a screen wait for, each beside the floor of the same run."""

import argparse
import asyncio
import tempfile
from pathlib import Path

import pytest

from tests.bench.figures import figures_bench
from tests.bench.keypad import keypad
from tests.bench.keypads import keypads
from tests.bench.postgresql import postgresql
from tests.bench.process import hub_process
from tests.bench.screens import screens
from tests.bench.start import start
from tests.bench.table import fact, head, title
from tests.bench.tickets import tickets, tickets_per_commit
from tests.bench.years import years


async def main() -> None:
    asked = arguments()
    with tempfile.TemporaryDirectory(prefix="hall-bench-") as name:
        folder = Path(name)
        (folder / "hall.toml").touch()
        head()
        async with hub_process(folder) as hub:
            title("Tickets")
            await tickets(hub)
            title("Screens")
            for many in (50, 1000):
                await asyncio.to_thread(screens, hub, many)
            title("Keypad")
            await keypad(hub)
            title("A slow disk")
            await tickets_per_commit(hub)
        title("64 keypads")
        await keypads(folder)
        title("Several processes on PostgreSQL")
        try:
            await asyncio.to_thread(postgresql)
        except pytest.skip.Exception as missing:
            fact("left out", str(missing))
        title("The hub itself")
        await start(folder)
        if asked.history:
            title(f"{asked.history:,} visits")
            await years(folder, asked.history)
            title(f"{asked.history:,} visits: figures and assessment")
            await figures_bench(folder, asked.history)


def arguments() -> argparse.Namespace:
    """From the command line, or `make bench ARGS="--history 3000000"`."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--history", type=int, default=0, metavar="VISITS", help="also in a hall with so many visits")
    return parser.parse_args()


if __name__ == "__main__":
    asyncio.run(main())
