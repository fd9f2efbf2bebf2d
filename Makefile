# Every target sets up what it needs: a virtual environment in .venv, and for the tests a browser.
# PYTHON=python3.12 picks an interpreter; otherwise the first Python 3.11 or newer that is found.

.PHONY: run test check format bench bench-peers bench-browser generated clean
.DEFAULT_GOAL := help

BIN := .venv/bin
PYTEST := $(BIN)/python -m pytest

.PHONY: help
help:
	@echo "make run     open the dashboard on http://127.0.0.1:8501"
	@echo "make test    checks, then all tests (installs a browser if there is none, or none without windows and apt may)"
	@echo "make check   format, lint, types, layers"
	@echo "make format  let ruff rewrite the code"
	@echo "make generated   write the samples' files, the schema and the screenshots anew"
	@echo "make bench   measure the engine; make bench-peers adds Kedro, Hamilton, Dask and joblib"

.venv/.run: pyproject.toml
	@sh .ci/venv "$(PYTHON)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@$(BIN)/python -m compileall -q core dashboard sample_workflows
	@touch $@

# Compiled after it is installed, on all processors. A few packages carry files that are not for this Python.
.venv/.dev: pyproject.toml
	@sh .ci/venv "$(PYTHON)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --editable ".[dev]"
	@$(BIN)/python -W ignore -m compileall -qq -j 0 .venv/lib core dashboard sample_workflows tests || true
	@touch .venv/.run $@

.venv/.peers: .venv/.dev
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[peers]"
	@touch $@

run: .venv/.run
	@$(BIN)/tasktable serve

test: check
	@$(BIN)/python -m tests.browser.chromium
	@$(PYTEST) --ignore tests/browser --numprocesses auto --dist worksteal
	@$(PYTEST) tests/browser --numprocesses auto --dist worksteal

check: .venv/.dev
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

format: .venv/.dev
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: .venv/.dev
	@$(BIN)/python -m benchmarks.engine

bench-peers: .venv/.peers
	@$(BIN)/python -m benchmarks.engine --peers

bench-browser: .venv/.dev
	@$(BIN)/python -m tests.browser.chromium
	@$(BIN)/python -m benchmarks.browser

# What is made from the code and committed beside it: the samples' files, the schema, the README's screenshots.
generated: .venv/.dev
	@$(BIN)/python -m sample_workflows.analyses
	@$(BIN)/python -m core.schema > docs/workflow.schema.json
	@$(BIN)/python -m tests.browser.screenshots

clean:
	rm -rf .venv build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
