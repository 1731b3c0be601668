# Everything that set-up says goes to standard error: standard output is the bot's (from another folder, say
# `make -s -C FOLDER run`: without -s, make itself prints which folder it enters).
# Needs GNU make and Python 3.11 or newer; the rest is installed into .venv.

PYTHON ?= python3
VENV ?= .venv
ARGS ?=
TESTS ?= tests

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

BIN := $(VENV)/bin
DATA := src/milestonebot/data/openstack
DATA_JSON := $(DATA).json
# Code that decides what the compiled data looks like is among its sources.
DATA_SOURCES := $(wildcard $(DATA)/*.yaml src/milestonebot/*.py $(addprefix src/milestonebot/,sources/*.py yamlfile/*.py))

# One file for every Python from 3.11 on and every platform; what is pinned stays unless ARGS=--upgrade.
COMPILE := $(VENV)-lock/bin/uv pip compile --quiet --no-config --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --custom-compile-command 'make lock' $(ARGS)

# A Python that the caller did not name need not be the one that made the environment.
KEEP := $(if $(filter file,$(origin PYTHON)),--any-python)

define setup
@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' </dev/null >/dev/null 2>&1 || { \
	echo 'milestonebot: Python 3.11 or newer is needed, and "$(PYTHON)" is none; name one: make PYTHON=…' >&2; \
	exit 1; }
@$(PYTHON) scripts/setup_venv.py $(1) --venv $(2) $(KEEP) </dev/null >&2
endef

.PHONY: help
help: ## tell what can be made (the default)
	@echo 'make TARGET [PYTHON=python3.12] [ARGS=…] [TESTS=…]'
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1\t\2/p' Makefile | expand -t 16

# Where Python may not write bytecode itself, every start would compile the sources anew: 80 ms of an `ask`.
.PHONY: bytecode
bytecode: | venv-run $(DATA_JSON)
	@$(BIN)/python -m compileall -q src </dev/null >&2

.PHONY: run
run: venv-run $(DATA_JSON) bytecode ## talk to the bot; ARGS are its arguments
	@PYTHONPATH=src exec $(BIN)/python bot.py $(ARGS)

.PHONY: install
install: venv-dev $(DATA_JSON) bytecode ## make .venv with all that is needed to develop
	@echo 'milestonebot: ready; the commands are in $(BIN)' >&2

.PHONY: servers
servers: install ## install the servers that some tests talk to, where that may be done
	@$(PYTHON) -m scripts.setup_servers --venv $(VENV)-synapse $(KEEP) </dev/null >&2

# Where Python may not write bytecode, pytest would rewrite the asserts of all tests in each process: 8 s of each.
test test-fast coverage: export PYTHONDONTWRITEBYTECODE =

.PHONY: test
test: servers ## run every test; TESTS=tests/test_x.py runs some, ARGS go to pytest
	$(BIN)/pytest -n 3 --dist loadfile $(ARGS) $(TESTS)

.PHONY: test-fast
test-fast: install ## run the quick tests, which need no server: under 30 seconds
	HYPOTHESIS_PROFILE=fast $(BIN)/pytest -m 'not server and not slow' -n 2 $(ARGS) $(TESTS)

.PHONY: coverage
coverage: servers ## run every test and tell which lines none of them reached
	$(BIN)/coverage run -m pytest $(ARGS) $(TESTS)
	$(BIN)/coverage report

.PHONY: check
check: lint types imports schema example ## run everything that judges the code without running it

.PHONY: lint
lint: install ## ruff: rules and format
	$(BIN)/ruff check
	$(BIN)/ruff format --check

.PHONY: types
types: install ## mypy --strict
	$(BIN)/mypy --strict

.PHONY: imports
imports: install ## the import contracts of pyproject.toml
	$(BIN)/lint-imports --no-logo

.PHONY: schema
schema: install ## config.schema.json is what the code says it is
	$(BIN)/milestonebot schema | diff -u config.schema.json -

.PHONY: example
example: install ## config.example.yaml passes the bot's own check
	$(BIN)/milestonebot check --config config.example.yaml

.PHONY: format
format: install ## format the code, mend what ruff can mend, write config.schema.json anew
	$(BIN)/ruff check --fix-only
	$(BIN)/ruff format
	$(BIN)/milestonebot schema > config.schema.json.new
	mv config.schema.json.new config.schema.json

.PHONY: fuzz
fuzz: install ## put a million made-up messages through the bot; ARGS go to tests/fuzz
	$(BIN)/python -m tests.fuzz $(ARGS)

.PHONY: fuzz-irc
fuzz-irc: install ## let the IRC core hear ten million damaged bytes; ARGS go to tests/transports/irc/fuzz.py
	$(BIN)/python -m tests.transports.irc.fuzz $(ARGS)

.PHONY: chaos
chaos: servers ## kill the bot and its servers at every step, and count what arrives: forty minutes
	$(BIN)/python -m tests.chaos $(ARGS)

.PHONY: bench
bench: install ## measure look-ups, start and memory
	$(BIN)/python -m benchmarks $(ARGS)

.PHONY: peers
peers: install ## install the bots that benchmarks measure beside ours, each in an environment of its own
	$(call setup,limnoria,$(VENV)-limnoria)
	$(call setup,maubot,$(VENV)-maubot)
	$(call setup,sopel,$(VENV)-sopel)

.PHONY: build
build: install ## build dist/*.tar.gz and the wheel from it
	$(BIN)/python -m build $(ARGS)

.PHONY: lock
lock: venv-lock ## bring requirements/ in line with pyproject.toml; ARGS=--upgrade takes newer versions
	$(COMPILE) pyproject.toml -o requirements/run.txt
	$(COMPILE) pyproject.toml --group dev -c requirements/run.txt -o requirements/dev.txt
	$(COMPILE) --group build -c requirements/dev.txt -o requirements/build.txt
	$(COMPILE) --group lock -o requirements/lock.txt
	$(COMPILE) --group synapse -o requirements/synapse.txt
	$(COMPILE) --group limnoria -o requirements/limnoria.txt
	$(COMPILE) --group maubot -o requirements/maubot.txt
	$(COMPILE) --group sopel -o requirements/sopel.txt

.PHONY: clean
clean: ## remove all that was made, the environments too
	rm -rf $(VENV) $(addprefix $(VENV)-,limnoria lock maubot sopel synapse)
	rm -rf build dist htmlcov .coverage .coverage.* .hypothesis .import_linter_cache .mypy_cache .pytest_cache
	rm -rf .ruff_cache $(DATA_JSON)
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: venv-run venv-dev
venv-run venv-dev: venv-%:
	$(call setup,$*,$(VENV))

.PHONY: venv-lock
venv-lock:
	$(call setup,lock,$(VENV)-lock)

# The folder stands for files that are gone from it.
$(DATA_JSON): $(DATA) $(DATA_SOURCES) | venv-run
	@echo 'milestonebot: compiling the data that ships with the bot' >&2
	@PYTHONPATH=src $(BIN)/python -m milestonebot.sources.compiled $(DATA) $@ </dev/null >&2
