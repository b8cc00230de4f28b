# make demo · make test · make check · make bench · make prove
PYTHON ?= python3
FUZZ_SECONDS ?= 600
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
INSTALLED := $(VENV)/.installed
TESTING := $(VENV)/.testing

.PHONY: demo test check bench prove clean

demo: $(INSTALLED)
	$(BIN)/hall demo $(ARGS)

# Everything that CI runs. HALL_TEST_ALL=1 makes a missing browser or interpreter a failure instead of a skip.
# Three at a time also on two cores, as they mostly wait; the files that take longest come first.
test: check
	$(BIN)/python -m pytest -n 3 --dist loadfile --maxprocesses 3 tests/hall tests/live tests/web tests/postgres

# Lint, types, import contracts, unit tests: all cores at work.
check: $(TESTING)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	@$(BIN)/mypy & types=$$!; $(BIN)/lint-imports & imports=$$!; \
	$(BIN)/python -m pytest -n auto tests/unit; unit=$$?; \
	wait $$types && wait $$imports && exit $$unit

bench: $(TESTING)
	$(BIN)/python -m tests.bench $(ARGS)

# The long proofs whole; `make test` runs them in short.
prove: $(TESTING)
	HALL_PROVE=1 $(BIN)/python -m pytest tests/hall tests/postgres/test_processes.py \
	  tests/unit/hub/test_queue_machine.py tests/postgres/test_queue_machine.py tests/live/test_fuzzed.py \
	  tests/live/test_hub_http.py::test_two_clerks_pressing_next_at_once_never_get_the_same_citizen
	$(BIN)/python -m tests.fuzz --seconds $(FUZZ_SECONDS)

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit("Hall needs Python 3.11 or newer; say make PYTHON=python3.12" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)

$(INSTALLED): $(VENV)/bin/python pyproject.toml constraints.txt
	$(PIP) install --constraint constraints.txt --editable .
	touch $@

$(TESTING): $(INSTALLED)
	$(PIP) install --constraint constraints.txt --editable '.[test]'
	touch $@

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
