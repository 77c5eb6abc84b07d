# lab · test · test-backends · test-classroom · notebooks · book · progress · bands · answers · classroom · bench · data · lock · clean
# README.md has the lines for Windows.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
TORCH_INDEX ?= --extra-index-url https://download.pytorch.org/whl/cpu
UV := $(shell command -v uv 2>/dev/null)
INSTALL = $(if $(UV),$(UV) pip install --quiet --compile-bytecode --python $(BIN)/python,$(BIN)/python -m pip install --quiet --disable-pip-version-check) --no-deps

.PHONY: lab test test-backends test-classroom lint unit executed notebooks book progress bands answers classroom bench data lock clean

lab: $(VENV)/learner  ## set everything up, lay the course out in work/, open JupyterLab on it
	$(BIN)/python -m tools.work
	$(BIN)/jupyter lab --notebook-dir=work $(LAB)

test: $(VENV)/author  ## everything CI runs: lint, unit tests, wrong answers, drift, every notebook
	$(MAKE) lint unit executed

lint: $(VENV)/author
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

unit: $(VENV)/author
	$(BIN)/python -m pytest tests --ignore-glob='tests/*/*' -q

executed: $(VENV)/author  ## every notebook whole, through nbmake (SHARD=2/3 for a part), then what their outputs must hold
	$(BIN)/python -m tools.execute --shard $(or $(SHARD),1/1)
	$(BIN)/python -m pytest tests/executed -q

test-backends: $(VENV)/backends  ## every lesson on JAX and on PyTorch, and what needs JAX (some hours on two cores)
	$(BIN)/python -m tools.backends jax
	$(BIN)/python -m tools.backends torch
	$(BIN)/python -m pytest tests/backends -q

notebooks: $(VENV)/author  ## course/ -> notebooks/, exercises/, solutions/
	$(BIN)/python -m tools.build

book: $(VENV)/book  ## the web book in build/book/html, from the outputs of the last run of every notebook
	$(BIN)/python -m tools.book
	$(BIN)/python -m pytest tests/book -q -rs

progress: $(VENV)/learner  ## which exercises are right
	@$(BIN)/python -m tools.progress

bands: $(VENV)/author  ## DAY=day01_hello_sine: run a lesson with three seeds and record its results
	$(BIN)/python -m tools.bands $(DAY)

answers: $(VENV)/author  ## every planted wrong answer with the message it gets
	$(BIN)/python -m tools.answers $(DAY)

classroom: $(VENV)/author  ## a folder for nbgrader with every sheet, in work/classroom or FOLDER=...; see TEACHING.md
	$(BIN)/python -m tools.classroom $(or $(FOLDER),work/classroom)

test-classroom: $(VENV)/author  ## DAY=day01_hello_sine, or DAY="day01 or day02": every wrong answer of a sheet through nbgrader (minutes)
	$(BIN)/python -m pytest tests/classroom -q -k "exchange or $(or $(DAY),day01_hello_sine)"

bench: $(VENV)/author  ## time the training recipe against plain Keras and write README's table (half an hour)
	$(BIN)/python -m bench

data: $(VENV)/author  ## rebuild data/ from its sources
	$(BIN)/python data/build.py

lock:  ## compile the complete locks from pyproject.toml (needs uv)
	uv pip compile --quiet --universal --no-header --python-version 3.11 pyproject.toml -o requirements.txt $(LOCK)
	uv pip compile --quiet --universal --no-header --python-version 3.11 --group dev -c requirements.txt pyproject.toml -o requirements-dev.txt $(LOCK)
	uv pip compile --quiet --universal --no-header --python-version 3.11 --group book -c requirements-dev.txt pyproject.toml -o requirements-book.txt $(LOCK)
	uv pip compile --quiet --universal --no-header --python-version 3.11 --group backends -c requirements-dev.txt pyproject.toml -o requirements-backends.txt $(LOCK)

clean:  ## remove what can be made again; never work/
	rm -rf build .pytest_cache .ruff_cache

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(None if (3, 11) <= sys.version_info[:2] <= (3, 13) else "the course needs Python 3.11, 3.12 or 3.13; this is " + sys.version.split()[0] + ". Run for example: make lab PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/learner: requirements.txt | $(BIN)/python
	$(INSTALL) -r requirements.txt
	touch $@

$(VENV)/author: requirements-dev.txt | $(BIN)/python
	$(INSTALL) -r requirements-dev.txt
	touch $@ $(VENV)/learner

$(VENV)/book: requirements-book.txt | $(BIN)/python
	$(INSTALL) -r requirements-book.txt
	touch $@ $(VENV)/author $(VENV)/learner

$(VENV)/backends: requirements-backends.txt | $(BIN)/python  # by pip, which prefers torch's CPU build to the one with CUDA
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps $(TORCH_INDEX) -r requirements-backends.txt
	touch $@ $(VENV)/author $(VENV)/learner
