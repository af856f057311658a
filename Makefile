# Everything a newcomer needs: `make demo`, `make test`. The first run sets up .venv; a stamp file
# for each part of it makes the next run instant.

PYTHON ?= python3
JOBS ?= auto
PAGES ?= fixtures
DEMO_PORT ?= 8731
COUNT ?= 50000
ARTICLES ?= 3000
SOAK ?= 20000
TOWN ?= 600
COPIES ?= 100
VENV := .venv
PY := $(VENV)/bin/python

.DEFAULT_GOAL := help
.PHONY: help demo test lint bench bench-repair bench-decode bench-extract bench-kills bench-crawl bench-acceptance bench-store pictures clean-venv

help:
	@echo "make demo        clean the bundled pages and crawl the bundled site into demo.db"
	@echo "make test        run the tests (JOBS=1 for one process)"
	@echo "make lint        style, types and import rules"
	@echo "make bench       pages a second, next to bare trafilatura (PAGES=FOLDER for your own pages)"
	@echo "make bench-repair  damaged text repaired, beside ftfy; make bench-decode: bytes to text, beside other tools"
	@echo "make bench-extract PAGES=FOLDER   articles and metadata against known answers, next to installed peers"
	@echo "make bench-store writing, searching, size, exports and safety of a store of generated articles (COUNT=50000)"
	@echo "make bench-crawl crawling beside a plain spider (ARTICLES=3000), and its memory (SOAK=20000)"
	@echo "make bench-acceptance  ten publishers, traps and stops on loopback: what is stored, beside the targets"
	@echo "make bench-kills kill a crawl twenty times and count what was lost and fetched again"
	@echo "make pictures    draw the pictures of the README from demo.db (needs chromium and chromium-driver)"
	@echo "make clean-venv  remove $(VENV)"
	@echo "PYTHON=python3.12 make ... chooses the Python (3.11 or newer) that sets up $(VENV)"

demo: $(VENV)/.ready
	$(PY) fixtures/demo.py --port $(DEMO_PORT)

test: $(VENV)/.ready-test
	$(PY) -m pytest -n $(JOBS)

lint: $(VENV)/.ready-lint
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	$(VENV)/bin/lint-imports

bench: $(VENV)/.ready
	$(PY) -m tests.bench.throughput $(PAGES)

bench-repair: $(VENV)/.ready-test
	$(PY) -m tests.bench.repair

bench-decode: $(VENV)/.ready-test
	$(PY) -m tests.bench.decoding

bench-extract: $(VENV)/.ready-bench
	$(PY) -W ignore -m tests.bench.extraction $(PAGES)

bench-store: $(VENV)/.ready
	$(PY) -m tests.bench.store $(COUNT) $(COPIES)

bench-crawl: $(VENV)/.ready
	$(PY) -m tests.bench.crawl --articles $(ARTICLES)
	$(PY) -m tests.bench.crawl --articles $(SOAK) --soak

bench-acceptance: $(VENV)/.ready-test
	$(PY) -m tests.bench.acceptance --articles $(TOWN)

bench-kills: $(VENV)/.ready
	$(PY) -m tests.bench.crawl_kills

pictures: demo $(VENV)/.ready-test
	$(PY) docs/pictures/make_pictures.py

clean-venv:
	rm -rf $(VENV)

# pip is renewed first: an old one resolves some dependencies wrongly.
$(VENV)/.ready: pyproject.toml
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11))" \
	  || { echo "Python 3.11 or newer is needed; try: make PYTHON=python3.12 ..." >&2; exit 1; }
	@test -x $(PY) || $(PYTHON) -m venv $(VENV) \
	  || { rm -rf $(VENV); echo "No venv: on Debian and Ubuntu, install python3-venv." >&2; exit 1; }
	@echo "Setting up $(VENV) (once; a minute or two)"
	@$(PY) -m pip install --quiet --disable-pip-version-check --upgrade pip
	@$(PY) -m pip install --quiet --editable .
	@touch $@

$(VENV)/.ready-%: $(VENV)/.ready
	@echo "Adding what '$*' needs to $(VENV) (once)"
	@$(PY) -m pip install --quiet --editable '.[$*]'
	@touch $@
