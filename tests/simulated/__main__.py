"""`python -m tests.simulated`: the estimate beside the naive one, over twenty days lived by the queue's own verbs."""

import asyncio
import sys
import tempfile
from pathlib import Path

from hub.queue.backtest import Foretold, Score, score, table
from tests.simulated.hall import live_through
from tests.simulated.shapes import SHAPES, Shape

#: The days' chance; the estimator was set up on others.
SEED = 20260302


def lived(shapes: tuple[Shape, ...] = SHAPES, seed: int = SEED) -> dict[str, list[Foretold]]:
    """What was foretold on each day, by the day's name."""
    found = {}
    for number, shape in enumerate(shapes):
        with tempfile.TemporaryDirectory(prefix="hall-day-") as folder:
            found[shape.name] = asyncio.run(live_through(Path(folder), shape, seed + number))
    return found


def scores(days: dict[str, list[Foretold]]) -> list[tuple[str, Score]]:
    """By day, and over all tickets."""
    known = list(days.items())
    known.append(("all tickets", [one for foretold in days.values() for one in foretold]))
    return [(name, found) for name, foretold in known if (found := score(foretold))]


if __name__ == "__main__":
    sys.stdout.write("\n".join(table(scores(lived()), chinese=False, first="day")) + "\n")
