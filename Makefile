# make report   make the environment once, run the pipeline on the bundled archive
# make test     the same for the tests; make test-slow for those that take long
# Works from any directory (make -C, make -f) and with spaces in the path.

ROOT := $(shell cd "$$(dirname "$$(echo '$(MAKEFILE_LIST)' | sed 's/^ *//')")" && pwd)
PYTHON ?= $(shell command -v python3.11 || command -v python3.12 || command -v python3.13 || command -v python3)
SHELL := /bin/sh
# Every recipe starts in the project, whatever its path looks like.
IN := cd "$(ROOT)" &&
BIN := .venv/bin
# Three on two cores, since one may wait; a file stays with one, which makes its fixtures once.
PYTEST := $(BIN)/python -m pytest -n 3 --dist loadfile
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --custom-compile-command "make lock"

.PHONY: help report refresh test test-slow snapshots lint bench ui setup setup-dev lock clean
.DEFAULT_GOAL := help

help: ## what can be made
	@$(IN) awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-9s  %s\n", $$1, $$2}' Makefile

setup:
	@$(IN) if [ -z "$(PYTHON)" ]; then \
		echo "set-up: no python3 found on this machine: install Python 3.11 to 3.13" >&2; exit 1; fi
	@$(IN) "$(PYTHON)" pipeline/bootstrap.py

setup-dev:
	@$(IN) if [ -z "$(PYTHON)" ]; then \
		echo "set-up: no python3 found on this machine: install Python 3.11 to 3.13" >&2; exit 1; fi
	@$(IN) "$(PYTHON)" pipeline/bootstrap.py --dev

report: setup ## an edition from the archive; prints where it is
	@$(IN) $(BIN)/sco report

refresh: setup ## ask the publishers for news, then an edition
	@$(IN) $(BIN)/sco refresh

ui: setup ## the Dagster UI on 127.0.0.1, with schedule and sensors running
	@$(IN) $(BIN)/sco ui

test: setup-dev ## the tests, but those that take long
	@$(IN) $(PYTEST) -m "not slow"

test-slow: setup-dev ## the tests that take long: full archive, browser, kills, damage
	@$(IN) $(PYTEST) -m slow

snapshots: setup-dev ## write the stored snapshots of report and charts anew, for review
	@$(IN) $(BIN)/python -m pytest tests/report/test_snapshots.py --update-snapshots

lint: setup-dev ## style, types
	@$(IN) $(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

bench: setup-dev ## the benchmarks, side by side with what they are compared with
	@$(IN) $(BIN)/python -m pytest tests/benchmarks -o python_files='bench_*.py' -s

lock: setup-dev ## compile the lock files anew
	@$(IN) $(LOCK) pyproject.toml -o requirements.lock
	@$(IN) $(LOCK) --extra dev pyproject.toml -o requirements-dev.lock

clean: ## drop all generated state but editions and the archive of refreshes
	@$(IN) rm -rf .sco/cache .sco/warehouse .pytest_cache .mypy_cache .ruff_cache .hypothesis
