# make alone lists the menu. Every target finds or makes its own virtual environment.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready-for-development
USABLE := $(VENV)/.ready-for-use
.DEFAULT_GOAL := menu
.PHONY: menu demo test check format lint types imports docs docs-check parts installed-parts golden vectors bench chaos dist clean
# Prerequisites are made from left to right, with -j too: parts come before what takes minutes.
.NOTPARALLEL:

menu:  ## this list
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "cecert needs Python 3.11 or later")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade -c constraints.txt pip

$(USABLE): $(VENV)/bin/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

$(READY): $(USABLE)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt --group dev
	@touch $@

demo: $(USABLE)  ## the main job on a real seminar: decide, issue, mail, verify (needs Python only)
	$(BIN)/cecert demo

parts:  ## name the system parts that tests need and this machine lacks
	@PYTHON='$(PYTHON)' bash .ci/parts

installed-parts:
	@PYTHON='$(PYTHON)' bash .ci/parts --install

test: installed-parts $(READY)  ## all tests, with branch coverage; on Debian it installs the parts first
	$(BIN)/python -m pytest -n 2 --cov --cov-report=term

check: installed-parts format lint types imports test docs-check dist  ## everything that CI runs

format: $(READY)  ## is the code formatted
	$(BIN)/ruff format --check .

lint: $(READY)  ## ruff, all rules minus the reasoned exceptions
	$(BIN)/ruff check .

types: $(READY)  ## mypy, strict
	$(BIN)/mypy

imports: $(READY)  ## do imports run one way
	$(BIN)/lint-imports

docs: $(READY)  ## write the generated pages of docs/
	$(BIN)/python docs/generate.py

docs-check: $(READY)  ## are the generated pages, links and console sessions of the docs true
	$(BIN)/python docs/generate.py --check

golden: $(READY)  ## redraw the golden texts; look at the difference before you keep it
	$(BIN)/python tests/golden/redraw.py
	git diff --stat tests/golden

vectors: $(READY)  ## make the test vectors anew; they must not change
	$(BIN)/python tests/vectors/make_token_vectors.py
	git diff --exit-code tests/vectors

bench: $(READY)  ## measure, as ratios against something in the same process
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt --group bench
	for each in benchmarks/*.py; do $(BIN)/python $$each || exit 1; done

chaos: installed-parts $(READY)  ## the long mail campaigns: 6,000 mails, 40 kills, 3 senders, a hostile clock
	$(BIN)/python tests/chaos/long.py

dist: $(READY)  ## build the wheel and run the README's session from it in an empty environment
	$(BIN)/python docs/prove_wheel.py

clean:  ## remove what make made
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache .coverage*
