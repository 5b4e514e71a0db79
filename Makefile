# The commands of this project. A machine with Python 3.11 or later and make is enough.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8080
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
COMPILE := $(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-header \
	--no-emit-index-url --no-emit-trusted-host --no-emit-find-links

.DEFAULT_GOAL := help
.PHONY: help demo test check words register snapshots walk fuzz storm bench lock clean

help:  ## what can be done here
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

demo: $(VENV)/.runs  ## the whole product in your browser, no token, no internet (PORT=8080 DATABASE=path PEOPLE=2000)
	@$(BIN)/python -m bot demo --port $(PORT) $(if $(DATABASE),--database $(DATABASE)) $(if $(PEOPLE),--people $(PEOPLE)) $(DEMO)

test: $(VENV)/.tests  ## the whole test suite
	@$(BIN)/python -m pytest -n auto --dist worksteal $(TESTS)

check: $(VENV)/.tests  ## style, types, architecture, schema, then the tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/alembic check
	$(BIN)/python -m pytest -n auto --dist worksteal $(TESTS)

words: $(VENV)/.tests  ## bring the catalogues of words up to date with the code (NEW=pt_BR begins a language)
	@$(BIN)/python -m tests.handlers.words $(NEW)

register: $(VENV)/.tests  ## write docs/privacy.md anew from the register of personal data
	@$(BIN)/python -m tests.storage.register

snapshots: $(VENV)/.tests  ## write every screen down anew, in every language, to be looked at
	@$(BIN)/python -m tests.handlers.gallery.snapshots

storm: $(VENV)/.tests  ## kill the real bot at random through thousands of renewals, then count
	@$(BIN)/python -m tests.storm $(STORM)

walk: $(VENV)/.tests  ## hundreds of random walks over the money, against a model of what truly happened
	@$(BIN)/python -m tests.services.walk $(WALK)

fuzz: $(VENV)/.tests  ## a hundred thousand hostile updates, with good ones among them that must be answered
	@$(BIN)/python -m tests.fuzz $(FUZZ)

bench: $(VENV)/.tests  ## speed, beside a bare python-telegram-bot and an aiogram echo in the same run
	@$(BIN)/python -m tests.benchmarks $(BENCH)

lock: $(VENV)/.tests  ## pin the dependencies anew, with hashes
	$(PIP) install pip-tools
	$(COMPILE) --upgrade --extra dev -o requirements-dev.txt pyproject.toml
	$(COMPILE) --upgrade -c requirements-dev.txt -o requirements.txt pyproject.toml

clean:  ## forget the environment and every cache
	rm -rf $(VENV) build .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or later is needed; name yours with: make PYTHON=python3.12 …"; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.runs: requirements.txt | $(VENV)/bin/python
	@echo "Installing what the bot runs on (the first time only) …"
	@$(PIP) install --require-hashes -r requirements.txt
	@touch $@

$(VENV)/.tests: requirements.txt requirements-dev.txt | $(VENV)/bin/python
	@echo "Installing what the tests need (the first time only) …"
	@$(PIP) install --require-hashes -r requirements-dev.txt
	@touch $@ $(VENV)/.runs
