"""Coverage-guided fuzzing of everything that reads bytes of devices.

`python -m tests.fuzz --seconds 3600` runs every target of `targets.py`, with atheris (libFuzzer) where it is installed
and with `guided.py` where it is not; `make test` runs each for a moment, `make prove` for longer. An input that broke
something is put into `found/TARGET/` and is run again in every `make test`.
"""
