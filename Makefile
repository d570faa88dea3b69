# make alone lists the menu. Every target finds or makes its own virtual environment.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
USABLE := $(VENV)/.ready-for-use
QUICK := $(VENV)/.ready-for-quick-tests
READY := $(VENV)/.ready-for-development
MEASURING := $(VENV)/.ready-for-measuring
SITE := $(VENV)/.ready-for-the-site
PINNED := --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-strip-extras pyproject.toml
PIP := -m pip --disable-pip-version-check --quiet install
.DEFAULT_GOAL := menu
.PHONY: menu install uninstall demo quick quick-all test slow check format lint types imports docs docs-check docs-site parts installed-parts pins golden vectors bench chance chaos assets dist clean
# A test that starts a program pays for compiling all of cecert where no bytecode may be kept.
unexport PYTHONDONTWRITEBYTECODE
# Prerequisites are made from left to right, with -j too: parts come before what takes minutes.
.NOTPARALLEL:

menu:  ## this list
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "cecert needs Python 3.11 or later")'
	$(PYTHON) -m venv $(VENV)

# Every distribution is the one whose hash is written down; the project itself has none.
$(VENV)/.ready-for-%: $(VENV)/bin/python pyproject.toml
	$(BIN)/python $(PIP) --require-hashes -r $(filter requirements/%,$^)
	$(BIN)/python $(PIP) --no-deps --no-build-isolation -e .
	@touch $@

$(USABLE): requirements/use.txt
$(QUICK): requirements/quick.txt
$(READY): requirements/dev.txt
$(MEASURING): requirements/all.txt
$(SITE): requirements/site.txt

install:  ## the command for every folder: with pipx, else in ~/.local/share/cecert
	@PYTHON='$(PYTHON)' bash .ci/install

uninstall:  ## take away what make install brought
	@bash .ci/install --undo

demo: $(USABLE)  ## the main job on a real seminar: decide, issue, mail, verify (needs Python only)
	$(BIN)/cecert demo

parts:  ## name the system parts that tests need and this machine lacks
	@PYTHON='$(PYTHON)' bash .ci/parts

installed-parts:
	@PYTHON='$(PYTHON)' bash .ci/parts --install

quick: $(QUICK)  ## tests of the domain and the workflows (needs Python only)
	$(BIN)/python -m pytest -q -n 2 --dist worksteal tests/domain tests/workflows tests/testing

quick-all:  ## make quick on every Python from 3.11 on the search path or of pyenv
	@bash .ci/quick-all

test: installed-parts $(READY)  ## all tests but the slow ones; on Debian it installs the parts first
	$(BIN)/python -m pytest -q -n 2 --dist worksteal -m 'not slow'

slow: installed-parts $(READY)  ## the slow tests: campaigns, races, kills
	$(BIN)/python -m pytest -q -n 2 --dist worksteal -m 'slow and not long'

check: installed-parts format lint types imports test slow docs-check docs-site dist  ## everything that CI runs

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

docs-check: $(READY)  ## are the generated pages and the links of the docs true
	$(BIN)/python docs/generate.py --check

docs-site: $(SITE)  ## the documentation as a site in build/site, with the library's reference; every link checked
	$(BIN)/python docs/make_site.py

# What is pinned stays as it is where it can; delete a line of requirements/all.txt to renew it.
pins:  ## write requirements/ anew from pyproject.toml (needs uv)
	uv pip compile $(PINNED) --group dev --group bench --group fonts --group site -o requirements/all.txt
	uv pip compile $(PINNED) -c requirements/all.txt --group dev -o requirements/dev.txt
	uv pip compile $(PINNED) -c requirements/all.txt --group backend --group quick -o requirements/quick.txt
	uv pip compile $(PINNED) -c requirements/all.txt --group backend --group site -o requirements/site.txt
	uv pip compile $(PINNED) -c requirements/all.txt --group backend -o requirements/use.txt

golden: $(READY)  ## redraw the golden texts; look at the difference before you keep it
	$(BIN)/python tests/golden/redraw.py
	git diff --stat tests/golden

vectors: $(READY)  ## make the test vectors anew; they must not change
	$(BIN)/python tests/vectors/make_token_vectors.py
	$(BIN)/python tests/vectors/make_log_vectors.py
	$(BIN)/python tests/vectors/make_pdf_vectors.py
	$(BIN)/python tests/vectors/make_attendance_vectors.py
	git diff --exit-code tests/vectors

SIZE ?= full
bench: $(MEASURING)  ## measure, and write docs/performance.md; SIZE=small takes minutes
	$(BIN)/python benchmarks/report.py $(SIZE)

chance: $(READY)  ## the property tests on examples of their own, others in each run
	$(BIN)/python -m pytest -q -n 2 --dist worksteal -m 'hypothesis and not slow' --hypothesis-profile chance

chaos: installed-parts $(READY) chance  ## the long campaigns: every pair of commands, every kill; 6,000 mails, 40 kills, 3 senders
	$(BIN)/python -m pytest -q -n 2 -m long
	$(BIN)/python tests/slow/long.py
	folder=$$(mktemp -d) && $(BIN)/python tests/slow/pairs.py $$folder uneventful; ended=$$?; rm -r $$folder; exit $$ended

assets: $(READY)  ## fetch the reader of QR codes for browsers that have none (needs npm)
	$(BIN)/python reader/fetch_reader.py

dist: $(READY)  ## build the wheels, twice the same, with a bill of materials; run them in empty environments
	$(BIN)/python docs/prove_wheel.py

clean:  ## remove what make made
	rm -rf .venv .venv-* dist build .mypy_cache .ruff_cache .pytest_cache .coverage*
