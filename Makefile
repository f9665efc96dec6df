# Two commands matter: `make run` and `make test`. Everything they need comes from the lock files.
PYTHON ?= python3
PORT   ?= 8000
VENV   := .venv
BIN    := $(VENV)/bin
export PORT

.DEFAULT_GOAL := help
.PHONY: help run test bench reset setup lock tools

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/ —/'

run: setup ## set up everything and start the service (PORT=8000); Ctrl-C stops it
	@$(BIN)/python manage.py run_demo --port $(PORT)

test: setup ## every check and every test
	@$(BIN)/python tests/run_all.py

bench: setup ## measure speed on PostgreSQL against the real server; writes var/bench.json
	@$(BIN)/python -m tests.bench

reset: setup ## throw the demo data away and start over with `make run`
	@$(BIN)/python manage.py run_demo --reset

setup: tools $(VENV)/.synced node_modules/.synced

tools:
	@command -v $(PYTHON) >/dev/null || { echo "Python is missing: install Python 3.11 or newer (Debian: apt install python3 python3-venv)."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$(PYTHON) is too old: install Python 3.11 or newer, or call make with PYTHON=python3.11."; exit 1; }
	@[ -x $(BIN)/python ] || $(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "Python's venv module is missing: install it (Debian: apt install python3-venv)."; exit 1; }
	@command -v npm >/dev/null || { echo "npm is missing: install Node.js with npm (Debian: apt install nodejs npm)."; exit 1; }

# pip installs only uv, with its hash from the lock file; uv then makes the environment equal to the lock file.
$(VENV)/.synced: requirements.lock
	@[ -x $(BIN)/python ] || $(PYTHON) -m venv $(VENV)
	@mkdir -p var && sed -n '/^uv==/,/[^\\]$$/p' requirements.lock > var/uv.lock.txt
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes --no-deps -r var/uv.lock.txt
	@$(BIN)/uv pip sync --quiet --require-hashes --python $(BIN)/python requirements.lock
	@touch $@

node_modules/.synced: package-lock.json package.json
	@npm ci --silent --no-audit --no-fund
	@touch $@

lock: ## resolve the newest versions again (pyproject.toml, package.json)
	$(BIN)/uv pip compile --upgrade --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --all-extras --group dev pyproject.toml -o requirements.lock
	npm update --package-lock-only --silent
