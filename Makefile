# Everything a checkout can do. `make help` lists it. Needs python3 (3.11 or newer) with venv, and make: no root.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-warn-script-location
TESTS  ?= tests

.DEFAULT_GOAL := help
.PHONY: help install run test lint demo bench man soak lock clean

help:  ## this list
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 10

install: $(VENV)/.runtime  ## set up .venv from requirements.lock; the command is then .venv/bin/gateway

run: $(VENV)/.runtime  ## the daemon with this checkout's gateway.toml: SMTP on 127.0.0.1:2525, letters in state/outgoing/
	$(BIN)/gateway -c gateway.toml serve

test: $(VENV)/.dev  ## the whole suite; GATEWAY_REQUIRE_SERVERS=1 fails where a server is missing, TESTS=PATH runs a part
	$(BIN)/python -m pytest -n 2 --dist loadfile $(TESTS)

lint: $(VENV)/.dev  ## style, format, types, import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

demo: $(VENV)/.runtime  ## two tickets' lives in under a minute, no network; their mails as pages in gateway-demo/
	$(BIN)/gateway demo

bench: $(VENV)/.dev  ## the benchmarks: every figure beside its goal, ratios taken in one run
	$(BIN)/python -m tests.bench

man: $(VENV)/.runtime  ## the manual pages, into build/man: read one with man -l build/man/man1/gateway.1
	$(BIN)/gateway manual build/man

soak: $(VENV)/.dev  ## long runs: 1,500 mails under kill -9, the mutants that the harness must catch, an hour of fuzzing
	-@$(PIP) 'atheris>=3.0'  # has no wheel for every Python: where it is missing the fuzzing alone is skipped
	$(BIN)/python -m pytest -m soak $(TESTS)

lock: $(VENV)/.dev  ## write both lock files anew from pyproject.toml (pins that still fit are kept; UPGRADE=-U renews all)
	$(PIP) uv
	$(BIN)/uv $(COMPILE) --group dev pyproject.toml -o requirements-dev.lock
	$(BIN)/uv $(COMPILE) -c requirements-dev.lock pyproject.toml -o requirements.lock

clean:  ## remove .venv and caches; state/ is left alone
	rm -rf $(VENV) .mypy_cache .ruff_cache .hypothesis .import_linter_cache build dist

# One resolution for every supported Python; hashes, and no address of where the files come from.
COMPILE := pip compile --quiet $(UPGRADE) --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --group build

# A virtual environment is full of absolute paths: one that was moved or copied with its checkout is built anew.
ifneq ($(shell cat $(VENV)/.home 2>/dev/null),$(CURDIR))
$(shell rm -f $(VENV)/.home $(VENV)/.runtime $(VENV)/.dev)
endif

$(VENV)/.home:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	  || { echo "This needs Python 3.11 or newer: make PYTHON=/path/to/python3 …" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null \
	  || { echo "Python's venv is missing: apt install python3-venv" >&2; exit 1; }
	@echo "Setting up $(VENV), once …" >&2
	@$(PYTHON) -m venv --clear $(VENV)
	@printf %s "$(CURDIR)" > $@

# The project itself is installed editable: a changed source needs no set-up, a changed lock or pyproject.toml does.
$(VENV)/.runtime: $(VENV)/.home requirements.lock pyproject.toml
	@$(PIP) --require-hashes -r requirements.lock
	@$(PIP) --no-deps --no-build-isolation -e .
	@$(BIN)/python -m compileall -q gateway  # start-up must not wait for it where Python may not write these itself
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime requirements-dev.lock
	@$(PIP) --require-hashes -r requirements-dev.lock
	@touch $@
