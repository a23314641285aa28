# Needs python3 (3.11 or newer) with pip, make and git. Everything else is fetched into .tools and .venv.

PYTHON ?= python3
PORT ?= 8000
PYTEST_ARGS ?= -n 2 --dist loadgroup
BENCH_ARGS ?=
BENCH_MEDIA_ARGS ?=
BENCH_SEARCH_ARGS ?=

VENV := .venv
BIN := $(VENV)/bin
TOOLS := .tools
UV := $(TOOLS)/bin/uv
STAMP := $(VENV)/.installed
PYTHON_CODE := $(wildcard cityinfo migrations benchmarks tests wsgi.py)
# Tests are linted but not typed strictly.
TYPED_CODE := $(filter-out tests,$(PYTHON_CODE))
YAML_RULES := {extends: default, rules: {document-start: disable, line-length: {max: 120}}}

# The cache lies in the checkout because HOME may be missing or read-only (CI, containers).
export UV_CACHE_DIR ?= $(CURDIR)/$(TOOLS)/cache
export UV_PYTHON_DOWNLOADS := never
# Trust what the system trusts, as Debian's pip does: offices often have a certificate authority of their own.
export UV_SYSTEM_CERTS ?= 1
# Another activated environment must not be mistaken for ours.
unexport VIRTUAL_ENV

MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.PHONY: help setup run test test-fast lint types format bench requirements clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile

setup: $(STAMP) ## prepare .venv (with .venv/bin/cityinfo); start nothing
	@:

run: setup ## serve the demo city on http://localhost:8000 (PORT=…)
	@$(BIN)/cityinfo db upgrade
	@$(BIN)/cityinfo demo --if-empty
	@exec $(BIN)/cityinfo serve --with-worker --port $(PORT)

test: lint types ## lint, types and every test (PYTEST_ARGS=…)
	@echo "→ tests"
	@$(BIN)/pytest $(PYTEST_ARGS)

test-fast: setup ## only the tests that need no PostgreSQL and little time
	@$(BIN)/pytest $(PYTEST_ARGS) -m "not postgres and not slow"

lint: setup ## check code style, Dockerfile and YAML
	@echo "→ lint"
	@$(BIN)/ruff check --quiet --output-format concise $(PYTHON_CODE)
	@$(BIN)/ruff format --check $(PYTHON_CODE)
	@$(BIN)/hadolint Dockerfile
	@$(BIN)/yamllint --strict --config-data "$(YAML_RULES)" compose.yaml

types: setup ## check types
	@echo "→ types"
	@$(BIN)/mypy --no-error-summary $(TYPED_CODE)

format: setup ## format the code and fix what can be fixed safely
	@$(BIN)/ruff check --quiet --fix $(PYTHON_CODE)
	@$(BIN)/ruff format --quiet $(PYTHON_CODE)

bench: setup ## measure reading, media and search, as quoted in docs (BENCH_ARGS=…)
	@$(BIN)/python -m benchmarks.read $(BENCH_ARGS)
	@$(BIN)/python -m benchmarks.media $(BENCH_MEDIA_ARGS)
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m benchmarks.search $(BENCH_SEARCH_ARGS)

COMPILE = $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make requirements" $(UPGRADE)

requirements: $(UV) ## pin the requirements again (UPGRADE=--upgrade takes newer versions)
	@echo "→ requirements"
	@$(COMPILE) --output-file requirements/base.txt pyproject.toml
	@$(COMPILE) --output-file requirements/dev.txt --constraints requirements/base.txt pyproject.toml requirements/dev.in
	@$(COMPILE) --output-file requirements/tools.txt requirements/tools.in

clean: ## remove environments, caches and builds, but no data (var stays)
	@rm -rf $(VENV) $(TOOLS) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find cityinfo migrations benchmarks tests -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true

# An environment knows its own place: one that was moved or copied here is made again.
ifneq ($(shell test -x $(BIN)/python && cat $(STAMP) 2>/dev/null),$(CURDIR))
.PHONY: $(STAMP)
endif

# Order matters: a sync removes the project itself again, so the project comes last.
$(STAMP): pyproject.toml requirements/dev.txt $(UV)
	@echo "→ packages into $(VENV)"
	@test "$$(cat $@ 2>/dev/null)" = "$(CURDIR)" && test -x $(BIN)/python || \
		$(UV) venv --quiet --clear --python "$$($(PYTHON) -c 'import sys; print(sys.executable)')" $(VENV)
	@$(UV) pip sync --quiet --compile-bytecode --require-hashes --python $(BIN)/python requirements/dev.txt
	@$(UV) pip install --quiet --no-deps --no-build-isolation --python $(BIN)/python --editable .
	@echo "$(CURDIR)" > $@

# `--target` works where the system's python is marked as externally managed and has no venv module.
$(UV): requirements/tools.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "cityinfo needs python 3.11 or newer (PYTHON=/path/to/python3)" >&2; exit 1; }
	@$(PYTHON) -m pip --version >/dev/null 2>&1 || \
		{ echo "$(PYTHON) has no pip (on Debian: apt install python3-pip)" >&2; exit 1; }
	@echo "→ uv into $(TOOLS)"
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --no-cache-dir --root-user-action ignore \
		--no-warn-script-location --upgrade --target $(TOOLS) --require-hashes --requirement requirements/tools.txt
	@touch $@
