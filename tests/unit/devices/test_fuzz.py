"""Every reader of device bytes, fuzzed for a moment, and every input that ever broke one; see tests/fuzz."""

from pathlib import Path
from random import Random

import pytest

from tests.fuzz.guided import fuzz
from tests.fuzz.targets import TARGETS

FOUND = sorted((Path(__file__).parents[2] / "fuzz" / "found").glob("*/*.bin"))
RUNS = 150


@pytest.mark.parametrize("name", TARGETS)
def test_no_bytes_break_a_reader(name: str) -> None:
    runs, reached = fuzz(name, TARGETS[name], runs=RUNS, chance=Random(name))
    assert runs == RUNS
    assert reached > 3


def test_what_once_broke_a_reader_does_no_more() -> None:
    for path in FOUND:
        TARGETS[path.parent.name].run(path.read_bytes())


def test_every_module_of_frames_that_reads_is_fuzzed() -> None:
    devices = Path(__file__).parents[3] / "devices"
    told = (Path(__file__).parents[2] / "fuzz" / "targets.py").read_text(encoding="utf-8")
    readers = [
        path.stem
        for path in devices.glob("*_frames.py")
        if any(word in path.read_text(encoding="utf-8") for word in ("def feed(", "def decode(", "def hear("))
    ]
    assert readers
    assert [name for name in readers if name not in told] == []
