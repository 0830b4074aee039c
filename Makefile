# From a clean clone, `make run` opens the app, `make test` tests it, and `make test-all` tests it exhaustively.
# All set up .venv/ first; nothing is installed again until requirements change.

PYTHON := .venv/bin/python
RUN_READY := .venv/.run-ready
DEV_READY := .venv/.dev-ready

# As many processes as cores. Each test file runs in one process, the slowest first.
PARALLEL := -rs -n auto --dist loadscope --no-loadscope-reorder

# Made where npm is there, tried once until its sources change; `make map` tries again and says what is missing.
MAP_READY := map_component/.ready
MAP_SOURCES := $(wildcard map_component/*.json map_component/.npmrc map_component/src/*) scripts/build_map.py

.PHONY: run test test-all nightly quick lint bench map

run: $(RUN_READY) $(MAP_READY)
	$(PYTHON) -m streamlit run app.py

# Everything but the exhaustive rest: some thirteen minutes on two cores.
test: $(DEV_READY) $(MAP_READY)
	$(PYTHON) -m pytest $(PARALLEL) -m "not nightly"

test-all: $(DEV_READY) $(MAP_READY)
	$(PYTHON) -m pytest $(PARALLEL)

# What `test` leaves out.
nightly: $(DEV_READY) $(MAP_READY)
	$(PYTHON) -m pytest $(PARALLEL) -m nightly

# No browser, no real networks, nothing slow; some ten minutes in one process.
quick: $(DEV_READY)
	$(PYTHON) -m pytest -m "not slow and not browser and not network and not nightly"

lint: $(DEV_READY)
	$(PYTHON) -m ruff check
	$(PYTHON) -m ruff format --check

bench: $(DEV_READY)
	@set -e; for script in tests/benchmarks/bench_*.py; do echo "$$script"; PYTHONPATH=. $(PYTHON) "$$script"; done

map: | $(PYTHON)
	$(PYTHON) scripts/build_map.py
	@touch $(MAP_READY)

$(MAP_READY): $(MAP_SOURCES) | $(PYTHON)
	@$(PYTHON) scripts/build_map.py --optional
	@touch $@

$(RUN_READY): requirements.txt | $(PYTHON)
	$(call install,requirements.txt)
	@touch $@

$(DEV_READY): requirements-dev.txt requirements.txt | $(PYTHON)
	$(call install,requirements-dev.txt)
	@touch $(RUN_READY) $@

# uv fetches Python 3.11 where the machine has none.
$(PYTHON):
	@set -e; \
	if [ -e .venv/bin ]; then echo "The Python of .venv/ is gone; delete .venv/ and run make again." >&2; exit 1; fi; \
	if command -v uv >/dev/null && uv venv --quiet --python 3.11 .venv; then exit 0; fi; \
	for python in python3.11 python3 python; do \
		if $$python -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null; then \
			exec $$python -m venv .venv; \
		fi; \
	done; \
	echo "shopsim needs Python 3.11, and neither python3.11 nor uv is here; install one of them and run make again." >&2; \
	exit 1

# uv takes seconds where pip takes a minute, but it does not read pip's settings (a company's mirror, say): then pip.
define install
	@if command -v uv >/dev/null && uv pip install --python $(PYTHON) -r $(1); then exit 0; fi; \
	$(PYTHON) -m pip --version >/dev/null 2>&1 || $(PYTHON) -m ensurepip >/dev/null; \
	$(PYTHON) -m pip install --disable-pip-version-check --quiet -r $(1)
endef
