# Every verb sets up what it needs. The first one installs into .venv, which takes a few minutes.
# make run | test | lint | bench | faults | test-crash | screenshots | clean        make run PORT=8502

PORT  ?= 8501
ARGS  ?=
WORKERS ?= 2
VENV  := .venv
PY    := $(VENV)/bin/python
PIP   := $(PY) -m pip install --disable-pip-version-check --constraint constraints.txt
PLACES := src tests pages benchmarks sample_data app.py

export HF_HUB_OFFLINE := 1
export PYTHONUTF8 := 1

.PHONY: help run test lint bench bench-quality faults test-crash screenshots clean

help:
	@echo "make run          the app on http://127.0.0.1:$(PORT), with demo data on the first start (PORT=8502: another port)"
	@echo "make test         all tests with branch coverage (ARGS=... is passed to pytest)"
	@echo "make lint         formatting, ruff, mypy, import rules"
	@echo "make bench        speed, memory and recall, each beside its target (ARGS=--quick: small and short)"
	@echo "make faults       every fault of the language model's server: what became of a question, seconds, attempts"
	@echo "make bench-quality  the best profile found against plain methods on real data (TASTEBENCH_SHARED_DATA=its folder)"
	@echo "make test-crash   kills imports and feedback 50 times at random moments"
	@echo "make screenshots  takes the pictures of docs/screenshots again"
	@echo "make clean        removes .venv and caches; never the data"

run: $(VENV)/.installed
	@$(PY) -c "import socket; socket.create_server(('127.0.0.1', $(PORT))).close()" 2>/dev/null || \
	  { echo "Port $(PORT) is taken. Stop what listens there, or choose another: make run PORT=8502"; exit 1; }
	@$(PY) -m tastebench.cli demo --if-empty || echo "The demo was not loaded. The app starts without it; Home can load it."
	@echo "Tastebench: http://127.0.0.1:$(PORT)  (Ctrl+C stops it)"
	@exec $(PY) -m streamlit run app.py --server.address 127.0.0.1 --server.port $(PORT) --server.headless true

test: $(VENV)/.installed-dev
	$(PY) -m pytest --numprocesses=$(WORKERS) --dist=loadfile --cov=src/tastebench --cov=pages --cov-report=term -rs $(ARGS)

lint: $(VENV)/.installed-dev
	$(PY) -m ruff format --check $(PLACES)
	$(PY) -m ruff check $(PLACES)
	$(PY) -m mypy
	$(VENV)/bin/lint-imports

bench: $(VENV)/.installed-dev
	$(PY) -m benchmarks $(ARGS)

faults: $(VENV)/.installed-dev
	@$(PY) -m tests.faults

bench-quality: $(VENV)/.installed-dev build/peers/.installed
	$(PY) -m benchmarks.quality $(ARGS)

test-crash: $(VENV)/.installed-dev
	TASTEBENCH_CRASH_ROUNDS=50 $(PY) -m pytest tests/crash --timeout 3600 $(ARGS)

screenshots: $(VENV)/.installed-dev
	TASTEBENCH_SCREENSHOTS=docs/screenshots $(PY) -m pytest tests/e2e -k screenshots $(ARGS)

clean:
	rm -rf $(VENV) build src/*.egg-info .coverage htmlcov test-results
	rm -rf .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A stamp is written only after its install went through, so an interrupted one is simply done again.
$(VENV)/.installed: pyproject.toml constraints.txt
	@if ! $(PY) -m pip --version >/dev/null 2>&1; then found=; \
	  for python in "$${PYTHON:-python3}" python3.13 python3.12 python3.11; do \
	    if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found="$$python"; break; fi; \
	  done; \
	  test -n "$$found" || { echo "Tastebench needs Python 3.11 or newer, and none was found. Install it, or name it: PYTHON=/path/to/python3 make run"; exit 1; }; \
	  "$$found" -m venv $(VENV) || { echo "The virtual environment could not be made. On Debian and Ubuntu: apt install python3-venv"; exit 1; }; \
	fi
	$(PIP) torch==2.13.0
	$(PIP) --editable .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	$(PIP) --editable ".[dev]"
	@touch $@

# The peers of bench-quality need older versions than Tastebench does.
build/peers/.installed: $(VENV)/.installed benchmarks/quality/peers-requirements.txt
	$(PY) -m venv build/peers
	build/peers/bin/python -m pip install --disable-pip-version-check -r benchmarks/quality/peers-requirements.txt
	@touch $@
