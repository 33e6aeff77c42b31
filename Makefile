# Two commands: `make run` serves the demo, `make test` runs every check and test.
# Both set up a virtual environment of their own (.venv) from the locked dependencies first.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check --no-input
PO     := $(wildcard crm/translations/*/LC_MESSAGES/*.po)
MO     := $(PO:.po=.mo)

.PHONY: help run test check format lock setup setup-dev translations clean

help:
	@echo "make run     set up and serve the demo on http://localhost:8080 (Ctrl-C ends it)"
	@echo "make test    set up and run every check and every test"
	@echo "make check   the checks alone: ruff, mypy, import-linter, djlint"
	@echo "make format  let ruff write the format"
	@echo "make lock    resolve the dependencies anew into requirements*.lock"
	@echo "make clean   remove .venv and caches (never var/, where the data is)"

run: setup translations
	@exec $(BIN)/klynge up

# Both run, whatever the first says; one fault of either fails the whole. A process a core, and a file stays in one process, so
# that what a session starts (PostgreSQL, Chromium, Prefect) is started once in each.
SPREAD := --numprocesses=auto --dist=loadfile

test: setup-dev translations
	@scripts/check; checks=$$?; $(BIN)/python -m pytest $(SPREAD); tests=$$?; [ $$checks -eq 0 ] && [ $$tests -eq 0 ]

check: setup-dev translations
	@scripts/check

format: setup-dev
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format .

# ---------------------------------------------------------------------------------------------------------- set-up
setup: $(VENV)/.stamp-run
setup-dev: $(VENV)/.stamp-dev
translations: $(MO)

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Klynge needs Python 3.11 or newer (PYTHON=…)."; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' || { echo "Python's venv is missing: apt install python3-venv"; exit 1; }
	@echo "Making $(VENV) …"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.stamp-run: requirements.lock pyproject.toml | $(BIN)/python
	@echo "Installing the locked dependencies …"
	@$(PIP) install -qq --require-hashes -r requirements.lock
	@$(PIP) install -qq --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.stamp-dev: requirements-dev.lock pyproject.toml | $(BIN)/python
	@echo "Installing the locked dependencies, those for development too …"
	@$(PIP) install -qq --require-hashes -r requirements-dev.lock
	@$(PIP) install -qq --no-deps --no-build-isolation -e .
	@touch $@ $(VENV)/.stamp-run

%.mo: %.po
	@$(BIN)/pybabel --quiet compile --input-file=$< --output-file=$@

$(MO): | $(BIN)/python

# ----------------------------------------------------------------------------------------------------------- lock
# No index address, no local folder: only names, versions and hashes. The dev lock is the run lock and more.
LOCK := $(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links --quiet

lock: setup-dev
	@$(LOCK) $(LOCKFLAGS) --output-file requirements.lock
	@$(LOCK) --extra dev --constraint requirements.lock --output-file requirements-dev.lock

clean:
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis build *.egg-info
	@find . -name __pycache__ -type d -prune -not -path './var/*' -exec rm -rf {} +
