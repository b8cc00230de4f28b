"""The told waiting times over whole simulated days, beside the naive estimate.

Two days in `make test`; all twenty with HALL_PROVE=1 (`make prove`), and as a table by `python -m tests.simulated`.
The bounds are loose: they fail when the estimator breaks, not when chance has a bad day. One counter with one
service leaves nothing to be cleverer about than the naive estimate.
"""

import os

from tests.simulated.__main__ import lived, scores
from tests.simulated.shapes import SHAPES

SHORT = ("a rush at the opening", "second choices after fifteen minutes")
DAYS = SHAPES if os.environ.get("HALL_PROVE") == "1" else tuple(shape for shape in SHAPES if shape.name in SHORT)


def test_the_truth_falls_into_the_range_and_the_middle_beats_the_naive_estimate() -> None:
    found = scores(lived(DAYS))
    for name, day in found:
        assert 0.35 <= day.inside <= 0.95, (name, day)
        assert day.error < max(1.0, 1.2 * day.naive_error), (name, day)
    _, everything = found[-1]
    assert 0.5 <= everything.inside <= 0.75, everything
    assert everything.error < 0.65 * everything.naive_error, everything
