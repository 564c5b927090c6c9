# Everything a developer runs. Needs make and Python 3.11 or later with venv and pip; `make help` lists it all.
# Paths are relative, so that a folder with blanks in its name works too.

PYTHON ?= python3
DEMO ?= examples/erdos-resources.xlsx
WORKERS ?= 2
ROOMS ?=

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

export PIP_DISABLE_PIP_VERSION_CHECK = 1
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test lint format examples schema fuzz faults attacks mutation sbom advisories dist dist-test bench spark-test clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

demo: $(READY) ## what one firm can claim: DEMO=examples/… chooses the file
	@$(BIN)/ordos-subsidy calc "$(DEMO)"

# pytest runs last: its summary is the last line.
test: lint ## lint, types, the policy's own examples, then all tests
	@$(BIN)/ordos-subsidy check policies.toml
	@$(BIN)/python -m pytest -n $(WORKERS)

lint: $(READY) ## style, format and types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

format: $(READY) ## put the code into its format and mend what lint can mend
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

examples: $(READY) ## write the expected outputs of the examples anew (then read the diff)
	@WRITE_EXPECTED=1 $(BIN)/python -m pytest -q tests/test_examples.py

schema: $(READY) ## the JSON Schema of policy files, for editors: ordos_subsidy/policies.schema.json
	@$(BIN)/python -c 'import json, pathlib; from ordos_subsidy.policy.grammar import json_schema; pathlib.Path("ordos_subsidy/policies.schema.json").write_text(json.dumps(json_schema(), ensure_ascii=False, indent=2) + "\n", "utf-8")'
	@echo "ordos_subsidy/policies.schema.json"

fuzz: $(READY) ## the property and fuzz tests again, with many more and random examples
	@$(BIN)/python -m pytest -n $(WORKERS) -m hypothesis --hypothesis-profile=fuzz --hypothesis-show-statistics tests

faults: $(READY) ## run every fault and write docs/faults.md anew
	@$(BIN)/python -m tests.faults

attacks: $(READY) ## run every attack with its time and memory, and write docs/attacks.md anew
	@$(BIN)/python -m tests.attacks

# No file is changed: mutants live in forks of one process. What survives is listed; docs/mutation.md explains it.
mutation: .venv-mutation/.ready ## change the judgement in hundreds of ways; which change nothing? ROOMS=amounts for less
	@.venv-mutation/bin/python -m tests.mutation $(ROOMS) --workers $(WORKERS)

dist-test: $(READY) ## sdist and wheel, installed from the registry on every Python of this machine
	@DIST_TEST=1 $(BIN)/python -m pytest tests/test_supply.py

# The bill of materials tells what a user installs, so it is drawn up in an environment without our tools.
sbom: $(READY) ## bill of materials of an installation, CycloneDX: build/sbom.cdx.json
	@rm -rf build/installed && mkdir -p build
	@$(PYTHON) -m venv --without-pip build/installed
	@$(BIN)/python -m pip --python build/installed/bin/python install --quiet --constraint requirements-dev.txt .
	@$(BIN)/cyclonedx-py environment --pyproject pyproject.toml --mc-type application --output-reproducible --output-file build/sbom.cdx.json build/installed/bin/python
	@echo "build/sbom.cdx.json"

# Before a release, and on a machine that reaches the advisory service: where it does not, nothing has been proven.
advisories: $(READY) ## known vulnerabilities in the pinned libraries (asks the network; run it before a release)
	@PIP_AUDIT_LOGLEVEL=ERROR $(BIN)/pip-audit --requirement requirements-dev.txt --no-deps --disable-pip --strict \
	  --progress-spinner off || { echo "The check for advisories has not passed. A library that is named above with its advisories needs \
	another version; 'not found' or a failed connection says that the advisory service cannot be reached from here, and \
	nothing was checked: run it where it can be." >&2; exit 1; }

dist: $(READY) ## source archive and wheel in dist/
	@rm -rf dist
	@$(BIN)/python -m build --no-isolation

bench: .venv-bench/.ready ## speed beside other engines, in an environment of its own
	@.venv-bench/bin/python -m benchmarks

# Spark is 450 MB and needs Java, so that its test has an environment of its own and is not part of `make test`.
spark-test: .venv-spark/.ready ## firms judged inside a local Spark come out the same (needs Java 17)
	@.venv-spark/bin/python -m pytest tests/test_spark.py

clean: ## remove everything that can be made again
	@rm -rf $(VENV) .venv-mutation .venv-bench .venv-spark build dist .hypothesis .mypy_cache .pytest_cache .ruff_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# $(call environment,folder,what to install): pip speaks only when it fails.
define environment
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "ordos-subsidy needs Python 3.11 or later; '$(PYTHON)' is: $$($(PYTHON) --version 2>&1)." >&2; \
	  echo "Name a newer one: make $(firstword $(MAKECMDGOALS) demo) PYTHON=python3.12" >&2; exit 1; }
	@$(1)/bin/python -c 'import sys, pip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { echo "Making $(1) ..." >&2; $(PYTHON) -m venv --clear $(1); } || { \
	  echo "Python's venv module is missing or incomplete; on Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	@echo "Installing into $(1); this takes half a minute the first time ..." >&2
	@mkdir -p build && $(1)/bin/python -m pip install --quiet $(2) >build/install.log 2>&1 \
	  && $(1)/bin/python -m pip install --quiet $(3) >>build/install.log 2>&1 || { \
	  cat build/install.log >&2; echo "The installation failed; what pip said is above." >&2; exit 1; }
	@touch $@
endef

$(READY): requirements-dev.txt pyproject.toml
	$(call environment,$(VENV),--requirement requirements-dev.txt,--no-deps --no-build-isolation --editable .)

.venv-mutation/.ready: requirements-dev.txt requirements-mutation.txt pyproject.toml
	$(call environment,.venv-mutation,--requirement requirements-dev.txt --requirement requirements-mutation.txt,--no-deps --no-build-isolation --editable .)

.venv-bench/.ready: requirements-dev.txt requirements-bench.txt pyproject.toml
	$(call environment,.venv-bench,--requirement requirements-dev.txt --requirement requirements-bench.txt,--no-deps --no-build-isolation --editable .)

.venv-spark/.ready: requirements-dev.txt requirements-spark.txt pyproject.toml
	$(call environment,.venv-spark,--requirement requirements-dev.txt --requirement requirements-spark.txt,--no-deps --no-build-isolation --editable .)
