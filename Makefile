# Everything a person runs on a checkout. Needs Python 3.11 or newer, git and make, and Node 20 for the type
# checker and the VS Code extension; the rest is installed into .venv, .cache and node_modules from the pinned,
# hashed lists in requirements/ and the package-lock.json files.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
MODEL ?=
PYTEST_ARGS ?=
# How many tests run at once.
WORKERS ?= $(shell nproc 2>/dev/null || echo 2)

VENV := .venv
BIN := $(VENV)/bin
CACHE := .cache
INSTALL = -m pip install --quiet --disable-pip-version-check --require-hashes

# A set-up is done again when the content of what it was made from changes, and only then.
key = $(firstword $(shell cat $(1) | cksum))
RUN_LOCKS := requirements/build.txt requirements/run.txt
TEST_LOCKS := $(RUN_LOCKS) requirements/test.txt
RUN_READY := $(VENV)/.ready/run-$(call key,pyproject.toml $(RUN_LOCKS))
TEST_READY := $(VENV)/.ready/test-$(call key,pyproject.toml $(TEST_LOCKS))
EDITORS_READY := $(CACHE)/editors/.ready-$(call key,requirements/editors.txt requirements/sample.txt)
EXTENSION_READY := vscode-client/node_modules/.ready-$(call key,vscode-client/package-lock.json)
BENCH_READY := $(CACHE)/bench/.ready-$(call key,requirements/run.txt requirements/bench.txt benchmarks/peers.json)
FUZZ_READY := $(CACHE)/fuzz/.ready-$(call key,requirements/fuzz.txt)
MUTATION_READY := $(CACHE)/mutation/.ready-$(call key,requirements/mutation.txt)
LOCK_READY := $(CACHE)/lock/.ready-$(call key,requirements/lock.txt)

# The wrapper fetches this release of the type checker from npm, so that everyone has the same one.
PYRIGHT_PYTHON_FORCE_VERSION := $(shell sed -n 's/^pyright==\([^ ]*\).*/\1/p' requirements/test.txt)
export PYRIGHT_PYTHON_FORCE_VERSION
export PYRIGHT_PYTHON_IGNORE_WARNINGS := 1

.PHONY: help demo test lint check generate editors extension test-vscode test-chat vscode test-editors bench bench-editors soak lock clean

help:
	@echo 'make demo          the main job on a sample repository; no key, no network'
	@echo 'make demo MODEL=M  the same with a real model, its key in the environment'
	@echo 'make test          the tests'
	@echo 'make lint          format, lint, types, import contracts'
	@echo 'make check         lint and test'
	@echo 'make generate      what follows from code and tables: schemas, pages, modules; commit it too'
	@echo 'make test-vscode   type check and unit tests of the VS Code extension'
	@echo "make test-chat     tests of the extension's chat in Chromium, at /usr/bin/chromium"
	@echo 'make test-editors  the tests that drive real editors (VS Code, Neovim, Emacs)'
	@echo 'make editors       installs what test-editors drives, Emacs and Chromium excepted'
	@echo 'make vscode        the VS Code extension: checked, tested, and packed as vscode-client/dist/droid.vsix'
	@echo 'make bench         speed and memory beside a bare language server and another agent'
	@echo 'make bench-editors what the clients cost in their editors: start, first paint, longest frame'
	@echo 'make soak          hours of use in minutes: does anything grow or stay behind; a million commands that'
	@echo '                   a fuzzer thinks of; the merging of settings broken in hundreds of ways'
	@echo 'make lock          pin the newest allowed releases in requirements/'

demo: $(RUN_READY)
	@$(BIN)/droid-lsp demo $(if $(MODEL),--model $(MODEL))

# What would disturb its neighbours, or be disturbed, is marked `alone` and comes after. Exit code 5 means
# that PYTEST_ARGS leave nothing to run in a pass.
test: $(TEST_READY)
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -m 'not editors and not alone' $(PYTEST_ARGS) || test $$? -eq 5
	$(BIN)/python -m pytest -m alone $(PYTEST_ARGS) || test $$? -eq 5

check: lint test

lint: $(TEST_READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/pyright
	$(BIN)/lint-imports
	$(BIN)/python -m pip check

generate: $(RUN_READY)
	$(BIN)/python -m droid.settings.generate
	$(BIN)/python -m generate.command_table
	$(BIN)/python -m generate.protocol

editors: $(EDITORS_READY) $(EXTENSION_READY)
	tests/editors/vscode/install.sh $(CACHE)/vscode

extension: $(EXTENSION_READY)
	cd vscode-client && npm run --silent build

test-vscode: $(TEST_READY) extension
	cd vscode-client && npm run --silent check
	cd vscode-client && PATH="$(CURDIR)/$(BIN):$$PATH" npm test --silent

test-editors: $(TEST_READY) editors extension
	PATH="$(CURDIR)/$(CACHE)/editors/bin:$$PATH" $(BIN)/python -m pytest -m editors tests/editors $(PYTEST_ARGS)

test-chat: extension
	cd vscode-client && npm run --silent test-chat

vscode: test-vscode
	cd vscode-client && npm run --silent package

bench: $(RUN_READY) $(BENCH_READY)
	$(CACHE)/bench/bin/python -m benchmarks.run

bench-editors: $(TEST_READY) editors extension
	PATH="$(CURDIR)/$(CACHE)/editors/bin:$$PATH" $(BIN)/python -m benchmarks.bench_editors

soak: $(RUN_READY) $(BENCH_READY) $(FUZZ_READY) $(MUTATION_READY)
	$(CACHE)/bench/bin/python -m benchmarks.soak
	$(CACHE)/fuzz/bin/python benchmarks/fuzz_commands.py
	$(CACHE)/mutation/bin/python -m benchmarks.mutation

# --- set-ups ---------------------------------------------------------------------------------

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(RUN_READY): | $(BIN)/python
	$(BIN)/python $(INSTALL) $(addprefix -r ,$(RUN_LOCKS))
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@mkdir -p $(@D) && touch $@

$(TEST_READY): $(RUN_READY)
	$(BIN)/python $(INSTALL) $(addprefix -r ,$(TEST_LOCKS))
	@mkdir -p $(@D) && touch $@

$(EDITORS_READY):
	rm -rf $(CACHE)/editors
	$(PYTHON) -m venv $(CACHE)/editors
	$(CACHE)/editors/bin/python $(INSTALL) -r requirements/editors.txt
	$(CACHE)/editors/bin/python -m pip download --quiet --disable-pip-version-check --require-hashes --no-deps \
		--no-binary click -d $(CACHE)/editors/sample -r requirements/sample.txt
	@touch $@

$(EXTENSION_READY): vscode-client/package-lock.json
	cd vscode-client && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

$(BENCH_READY):
	rm -rf $(CACHE)/bench
	$(PYTHON) -m venv $(CACHE)/bench
	$(CACHE)/bench/bin/python $(INSTALL) -r requirements/bench.txt
	$(CACHE)/bench/bin/python benchmarks/install_peers.py $(CACHE)/bench
	@touch $@

$(FUZZ_READY):
	rm -rf $(CACHE)/fuzz
	$(PYTHON) -m venv $(CACHE)/fuzz
	$(CACHE)/fuzz/bin/python $(INSTALL) -r requirements/fuzz.txt
	@touch $@

$(MUTATION_READY):
	rm -rf $(CACHE)/mutation
	$(PYTHON) -m venv $(CACHE)/mutation
	$(CACHE)/mutation/bin/python $(INSTALL) -r requirements/mutation.txt
	@touch $@

# --- pinned lists ----------------------------------------------------------------------------

$(LOCK_READY):
	rm -rf $(CACHE)/lock
	$(PYTHON) -m venv $(CACHE)/lock
	$(CACHE)/lock/bin/python $(INSTALL) -r requirements/lock.txt
	@touch $@

COMPILE = $(CACHE)/lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-emit-index-url --no-emit-find-links --upgrade

# Each list is resolved under the pins of the one before it, so that a release is the same in all.
lock: $(LOCK_READY)
	$(COMPILE) pyproject.toml -o requirements/run.txt
	$(COMPILE) pyproject.toml --group test -c requirements/run.txt -o requirements/test.txt
	$(COMPILE) --group build -c requirements/test.txt -o requirements/build.txt
	$(COMPILE) pyproject.toml --group bench -c requirements/test.txt -o requirements/bench.txt
	$(COMPILE) --group editors -o requirements/editors.txt
	$(COMPILE) pyproject.toml --group fuzz -c requirements/run.txt -o requirements/fuzz.txt
	$(COMPILE) --group lock -o requirements/lock.txt
	$(COMPILE) --group mutation -c requirements/test.txt -o requirements/mutation.txt
	$(COMPILE) --group release -c requirements/test.txt -o requirements/release.txt
	$(COMPILE) --group sample -o requirements/sample.txt

clean:
	rm -rf $(VENV) $(CACHE) build dist
