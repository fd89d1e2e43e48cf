# make run   start the bot with a local workspace (or with real Slack when tokens are set)
# make test  every test but the browser's      make check  lint, types, contracts, every test, every kill point
# make quick lint, types, unit (before a commit)   make browser  the page in headless Chromium   make bench [ROWS='open.*']
# make kills-replicas  SIGKILL at every commit and call of the same stories on PostgreSQL, where another process goes on
# make soak [MINUTES=30]  fifty messages a second with random faults; what is lost, what is seen twice, memory
SHELL := /bin/bash
VENV := .venv
PY := $(VENV)/bin/python
PYTHON ?= python3
ROWS ?= *
MINUTES ?= 30
PYTEST := $(PY) -m pytest -q
unexport PYTHONDONTWRITEBYTECODE  # hundreds of tests start the bot: it is compiled once for all of them
PARALLEL ?= -n 4 --dist worksteal  # half of the time a test waits, so twice the cores of a small machine

.PHONY: run test quick check kills kills-replicas lint types browser bench soak lock clean

$(VENV)/.run: requirements.lock
	@test -x $(PY) || $(PYTHON) -m venv $(VENV)
	@$(PY) -m pip install --quiet --require-hashes -r requirements.lock
	@touch $@

$(VENV)/.dev: requirements-dev.lock
	@test -x $(PY) || $(PYTHON) -m venv $(VENV)
	@$(PY) -m pip install --quiet --require-hashes -r requirements-dev.lock
	@touch $(VENV)/.run $@

run: $(VENV)/.run
	@exec $(PY) -m bot run

test: $(VENV)/.dev
	$(PYTEST) $(PARALLEL) tests --ignore=tests/browser --ignore=tests/bench

lint: $(VENV)/.dev
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(VENV)/bin/lint-imports

types: $(VENV)/.dev
	$(PY) -m mypy

quick: lint types
	$(PYTEST) tests/unit

check: lint types test kills

kills: $(VENV)/.dev
	MERIDIAN_ALL_KILL_POINTS=1 $(PYTEST) $(PARALLEL) tests/system/test_kill.py tests/system/test_kill_boundaries.py tests/system/test_kill_boundaries_replicas.py tests/system/test_replicas.py

kills-replicas: $(VENV)/.dev
	MERIDIAN_ALL_REPLICA_KILL_POINTS=1 $(PYTEST) $(PARALLEL) tests/system/test_kill_boundaries_replicas.py

browser: $(VENV)/.dev
	$(PYTEST) $(PARALLEL) tests/browser

bench: $(VENV)/.dev
	$(PY) -m tests.bench --rows '$(ROWS)'

soak: $(VENV)/.dev
	$(PY) -m tests.bench.soak --minutes '$(MINUTES)'

lock:
	$(VENV)/bin/uv pip compile --universal --generate-hashes --no-header --python-version 3.11 pyproject.toml -o requirements.lock
	$(VENV)/bin/uv pip compile --universal --generate-hashes --no-header --python-version 3.11 pyproject.toml --group dev -o requirements-dev.lock

clean:
	rm -rf $(VENV) .meridian .bench .pytest_cache .mypy_cache .ruff_cache .hypothesis
