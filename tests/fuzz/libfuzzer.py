"""One target under atheris: `python -m tests.fuzz.libfuzzer TARGET [libFuzzer's own arguments]`."""

import sys

import atheris

with atheris.instrument_imports(include=["devices"]):
    from tests.fuzz.targets import TARGETS

if __name__ == "__main__":
    atheris.Setup([sys.argv[0], *sys.argv[2:]], TARGETS[sys.argv[1]].run)
    atheris.Fuzz()
