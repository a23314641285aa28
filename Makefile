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
NODE_MODULES := frontend/node_modules/.installed
BUILD := cityinfo/cms/static/build/manifest.json
BROWSER := tests/browser/node_modules/.installed
# Templates count too: they say which icons and which rules of the style library are needed.
FRONTEND_SOURCES := $(shell find frontend/src cityinfo/cms/templates -type f 2>/dev/null) frontend/build.mjs
# Interface words as the program reads them.
WORDS := $(patsubst %.po,%.mo,$(wildcard translations/*/LC_MESSAGES/messages.po))
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
# Containers often forbid Python to keep what it has compiled. Each program that tests start would compile all anew.
unexport PYTHONDONTWRITEBYTECODE

MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.PHONY: help setup run test test-fast screenshots lint types format bench requirements clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile

setup: $(STAMP) $(WORDS) $(BUILD) ## prepare .venv (with .venv/bin/cityinfo) and the front end; start nothing
	@:

run: setup ## serve the demo city on http://localhost:8000 (PORT=…)
	@$(BIN)/cityinfo db upgrade
	@$(BIN)/cityinfo demo --if-empty
	@exec $(BIN)/cityinfo serve --with-worker --port $(PORT)

test: lint types $(BROWSER) ## lint, types and every test (PYTEST_ARGS=…)
	@echo "→ tests"
	@$(BIN)/pytest $(PYTEST_ARGS)

test-fast: setup ## only the tests that need no PostgreSQL, no browser and little time
	@$(BIN)/pytest $(PYTEST_ARGS) -m "not postgres and not slow and not browser"

screenshots: setup $(BROWSER) ## pictures of the main screens into var/screenshots, and those of the handbook
	@echo "→ pictures of the screens"
	@$(BIN)/python -m tests.browser.screenshots var/screenshots

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

bench: setup ## measure reading, media, search, the CMS, cloning and pushing, as quoted in docs (BENCH_ARGS=…)
	@$(BIN)/python -m benchmarks.read $(BENCH_ARGS)
	@$(BIN)/python -m benchmarks.media $(BENCH_MEDIA_ARGS)
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m benchmarks.search $(BENCH_SEARCH_ARGS)
	@$(BIN)/python -m benchmarks.cms $(BENCH_CMS_ARGS)
	@$(BIN)/python -m benchmarks.lists $(BENCH_CMS_ARGS)
	@$(BIN)/python -m benchmarks.cloning $(BENCH_CLONING_ARGS)
	@$(BIN)/python -m benchmarks.pushing $(BENCH_PUSHING_ARGS)

COMPILE = $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make requirements" $(UPGRADE)

requirements: $(UV) ## pin the requirements again (UPGRADE=--upgrade takes newer versions)
	@echo "→ requirements"
	@$(COMPILE) --output-file requirements/base.txt pyproject.toml
	@$(COMPILE) --output-file requirements/meaning.txt --constraints requirements/base.txt --extra meaning pyproject.toml
	@$(COMPILE) --output-file requirements/dev.txt --constraints requirements/meaning.txt --extra meaning pyproject.toml requirements/dev.in
	@$(COMPILE) --output-file requirements/tools.txt requirements/tools.in

clean: ## remove environments, caches and builds, but no data (var stays)
	@rm -rf $(VENV) $(TOOLS) frontend/node_modules cityinfo/cms/static/build build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
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

# node comes from PyPI with the packages. Its npm keeps its cache in the checkout, as uv does.
$(NODE_MODULES): frontend/package.json frontend/package-lock.json $(STAMP)
	@echo "→ front end packages into frontend/node_modules"
	@cd frontend && PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --silent --cache "$(CURDIR)/$(TOOLS)/npm"
	@touch $@

# The browser that tests drive, unpacked on a disk that many checkouts may share.
$(BROWSER): tests/browser/package.json tests/browser/package-lock.json $(STAMP)
	@echo "→ browser into tests/browser/node_modules"
	@cd tests/browser && PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --silent --cache "$(CURDIR)/$(TOOLS)/npm"
	@PATH="$(CURDIR)/$(BIN):$$PATH" node tests/browser/unpack.mjs $(TOOLS)/chromium >/dev/null
	@touch $@

$(BUILD): $(FRONTEND_SOURCES) $(NODE_MODULES)
	@echo "→ front end into $(dir $@)"
	@cd frontend && PATH="$(CURDIR)/$(BIN):$$PATH" node build.mjs
translations/%.mo: translations/%.po | $(STAMP)
	@$(BIN)/cityinfo translations compile

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
