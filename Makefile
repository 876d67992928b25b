# Tocsin. `make run` on a bare machine ends with a report to look at; `make help` lists the rest.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
EXTRAS ?= dev
ARGS ?=
WORKERS ?= 3
VENV := .venv
BIN := $(VENV)/bin
comma := ,
STAMP := $(VENV)/.installed-$(subst $(comma),-,$(EXTRAS))

# uv where it is on the PATH, else venv and pip: the same versions either way, from constraints.txt.
UV := $(if $(NO_UV),,$(shell command -v uv 2>/dev/null))

.PHONY: help setup run up test test-chaos test-live test-soak bench check format train constraints clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

setup: $(STAMP) ## make .venv with everything in it

$(STAMP): pyproject.toml constraints.txt
ifneq ($(UV),)
	test -x $(BIN)/python || uv venv --quiet --python $(PYTHON) $(VENV)
	uv pip install --quiet --compile-bytecode --python $(BIN)/python $(if $(PIP_FIND_LINKS),--find-links $(PIP_FIND_LINKS)) -c constraints.txt -e '.[$(EXTRAS)]'
else
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[$(EXTRAS)]'
endif
	@touch $@

run: setup ## one full pass of the pipeline; ARGS="--archive FILE" for your own posts
	@$(BIN)/tocsin run $(ARGS)

up: setup ## Airflow on this machine, until Ctrl-C
	@$(BIN)/tocsin up $(ARGS)

test: setup ## every test that needs no credentials
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(ARGS)

test-chaos: setup ## only the tests that kill processes at random
	@$(BIN)/python -m pytest tests/chaos -m chaos $(ARGS)

test-live: setup ## installs and starts real servers, posts there and follows a marker to the marts; needs PyPI
	@$(BIN)/python -m pytest live $(ARGS)

test-soak: setup ## 1,000 incidents, 100 kills of their sender, a tenth of the answers cut; on both databases
	@$(BIN)/python -m pytest soak -s $(ARGS)

bench: ## measured beside its peers, as ratios, into benchmarks/RESULTS.md
	@$(MAKE) --no-print-directory setup EXTRAS=dev,bench,detoxify
	@$(BIN)/python -m benchmarks $(ARGS)

check: setup ## lint, format, types, SQL, Dockerfile, compose file
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/sqlfluff lint --nocolor sql/marts > /dev/null || $(BIN)/sqlfluff lint sql/marts
	@$(BIN)/hadolint docker/Dockerfile
	@$(BIN)/check-jsonschema --builtin-schema vendor.compose-spec docker/compose.yaml
	@$(BIN)/check-jsonschema --schemafile policies/schema.json policies/*.yaml policies/examples/*.yaml

format: setup ## mend what can be mended by a machine
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

train: ## make the embedded model again, from DATA=DIR to OUT=var/training; an evening on two cores
	@$(MAKE) --no-print-directory setup EXTRAS=dev,train
	@$(BIN)/python -m classifiers.training.train --data $(DATA) --out $(or $(OUT),var/training) $(ARGS)

constraints: ## resolve constraints.txt anew (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --no-annotate --no-header --all-extras pyproject.toml -o constraints.txt

clean: ## remove .venv and everything that a run wrote
	rm -rf $(VENV) var
