"""`python -m tests.fuzz [--seconds 3600] [--jobs 2] [TARGET …]`: a line per target; exit 1 when something broke."""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from random import Random

from tests.fuzz.guided import LONGEST, Broke, fuzz
from tests.fuzz.targets import TARGETS

FOUND = Path(__file__).parent / "found"
SLOWEST_S = 10
"""An input that takes longer than this hangs the reader, as a real line would."""


def main(arguments: list[str]) -> int:
    options = read(arguments)
    names = options.target or list(TARGETS)
    share = options.seconds * options.jobs / len(names)
    way = with_atheris if find_spec("atheris") else by_ourselves
    print(f"{len(names)} targets, {share:.0f} s each, {options.jobs} at a time, {way.__name__.replace('_', ' ')}")
    start = time.monotonic()
    with ThreadPoolExecutor(options.jobs) as pool:
        broken = 0
        for name, ok, line in pool.map(lambda name: (name, *way(name, share)), names):
            broken += not ok
            print(f"{'ok ' if ok else 'BROKE'} {name:<20} {line}", flush=True)
    print(f"{time.monotonic() - start:.0f} s, {broken} broke")
    return 1 if broken else 0


def read(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("--seconds", type=float, default=60.0, help="for all targets together")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("target", nargs="*", choices=[*TARGETS, []])
    return parser.parse_args(arguments)


def with_atheris(name: str, seconds: float) -> tuple[bool, str]:
    """In a process of its own, as libFuzzer ends the one it runs in."""
    (FOUND / name).mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as corpus:
        for at, seed in enumerate(TARGETS[name].seeds):
            (Path(corpus) / str(at)).write_bytes(seed)
        limits = (f"-max_total_time={max(1, round(seconds))}", f"-max_len={LONGEST}", f"-timeout={SLOWEST_S}")
        ended = subprocess.run(
            [
                *(sys.executable, "-m", "tests.fuzz.libfuzzer", name, corpus, *limits),
                *("-print_final_stats=1", f"-artifact_prefix={FOUND / name}/"),
            ],
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
    named = list(keep(name))
    if ended.returncode == 0:
        if not any((FOUND / name).iterdir()):
            (FOUND / name).rmdir()
        return True, facts(ended.stderr)
    return False, f"{', '.join(named)}\n{ended.stderr[-3000:]}"


def facts(said: str) -> str:
    """`1234567 runs, 321 edges, 45 inputs kept`."""
    runs = re.findall(r"number_of_executed_units:\s*(\d+)", said)
    edges = re.findall(r"cov: (\d+) ft: \d+ corp: (\d+)", said)
    return f"{runs[-1] if runs else '?'} runs" + (
        f", {edges[-1][0]} edges, {edges[-1][1]} inputs kept" if edges else ""
    )


def keep(name: str) -> Iterator[str]:
    """libFuzzer's `crash-…` files under the name that the tests run again."""
    for path in [path for path in (FOUND / name).iterdir() if path.suffix != ".bin"]:
        kept = path.with_name(f"{sha256(path.read_bytes()).hexdigest()[:12]}.bin")
        path.replace(kept)
        yield str(kept)


def by_ourselves(name: str, seconds: float) -> tuple[bool, str]:
    try:
        runs, reached = fuzz(name, TARGETS[name], runs=sys.maxsize, chance=Random(name), seconds=seconds)
    except Broke as broke:
        kept = FOUND / name / f"{sha256(broke.data).hexdigest()[:12]}.bin"
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(broke.data)
        return False, f"{kept}: {broke.__cause__!r}"
    return True, f"{runs} runs, {reached} pairs of lines"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
