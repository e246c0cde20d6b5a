# fenjie: make run ingests raw/ into outputs/, make test runs the whole suite. Both set up what they need.
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv

# The first interpreter that works and is a release that the pinned packages run on.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; raise SystemExit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null && echo $$p && break; done)

COMPILE := $(UV) pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11

.PHONY: setup setup-dev run test check bench docs lock clean

setup: $(VENV)/.runtime
setup-dev: $(VENV)/.dev

$(UV):
	@test -n "$(PYTHON)" || { echo "fenjie needs Python 3.11, 3.12 or 3.13; none was found. Install one, or: make PYTHON=/path/to/python" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --root-user-action ignore uv==0.13.9

# Bytecode is compiled at once: otherwise, where PYTHONDONTWRITEBYTECODE is set, every start would do it again.
$(VENV)/.runtime: requirements.lock pyproject.toml | $(UV)
	$(UV) pip install --quiet --python $(BIN)/python --compile-bytecode --require-hashes -r requirements.lock
	$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.runtime
	$(UV) pip install --quiet --python $(BIN)/python --compile-bytecode --require-hashes -r requirements-dev.lock
	@touch $@

run: setup
	$(BIN)/fenjie ingest

# One process more than there are cores, as some tests wait for schedules (more than four are memory rather than speed);
# each takes whole files, so that what a file starts is started once. TESTS=tests/test_x.py for some of them, WORKERS=0
# for one process.
WORKERS ?= $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)
test: setup-dev
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n $(WORKERS) --maxprocesses 4 --dist loadfile --no-loadscope-reorder $(TESTS)

check: setup-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Peers that are no dependencies are installed into .venv-peers; those that can't be had are named.
bench: setup-dev
	$(BIN)/python bench/ingest_cpu.py
	PYTHONPATH=tests $(BIN)/python bench/format_speed.py
	PYTHONPATH=tests $(BIN)/python bench/scan_quality.py
	$(BIN)/python bench/pdf_speed.py

# The pages of docs/ and the deployments of prefect.yaml, which are made from the code.
docs: setup-dev
	$(BIN)/python -m writers.dictionary
	$(BIN)/python -m flows.rulebook
	$(BIN)/python -m flows.deployments

lock: $(UV)
	$(COMPILE) pyproject.toml --all-extras -o requirements.lock
	$(COMPILE) pyproject.toml --all-extras --group dev -o requirements-dev.lock
	$(COMPILE) tests/requirements-frictionless.in -o tests/requirements-frictionless.lock

clean:
	rm -rf $(VENV) .venv-frictionless .venv-peers .prefect .mypy_cache .ruff_cache .pytest_cache .hypothesis build *.egg-info
