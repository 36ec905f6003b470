# Everything a person does with a checkout. `make demo` and `make test` work on a fresh machine.
.DEFAULT_GOAL := help
.PHONY: help demo run test check fix bench lock translations clean

PYTHON := .venv/bin/python
PIP := .venv/bin/pip --disable-pip-version-check --quiet

help: ## show this list
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/^([a-z]+):.*## /  make \1\t/'

demo: .venv/.runtime ## assess the sample claim and write its report
	@$(PYTHON) manage.py demo

run: .venv/.runtime ## serve: web server, worker and beat (Ctrl-C stops them)
	@$(PYTHON) manage.py run

test: .venv/.dev ## run the tests
	@scripts/test-packages
	$(PYTHON) -m pytest -n auto

check: .venv/.dev ## lint, types, import contracts, migrations
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m mypy .
	.venv/bin/lint-imports
	$(PYTHON) manage.py check --fail-level WARNING
	$(PYTHON) manage.py makemigrations --check --dry-run

fix: .venv/.dev ## format, and mend what the linter can mend
	$(PYTHON) -m ruff check --fix .
	$(PYTHON) -m ruff format .

bench: benchmarks/.venv/.ready .venv/.runtime ## measure reading, outlining, the local engine and asking beside others
	@benchmarks/.venv/bin/python -m benchmarks.outlines
	@benchmarks/.venv/bin/python -m benchmarks.local
	@$(PYTHON) -m benchmarks.engine

translations: .venv/.dev ## compile the portal's translations
	.venv/bin/pybabel --quiet compile --domain django --directory portal/locale

lock: .venv/.dev ## pin and hash requirements.txt and requirements-dev.txt from pyproject.toml
	$(LOCK) -o requirements.txt pyproject.toml
	$(LOCK) -o requirements-dev.txt pyproject.toml --group dev

LOCK = .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-annotate --no-strip-extras --custom-compile-command "make lock"

clean: ## remove the virtual environment and all local data
	rm -rf .venv benchmarks/.venv var

# Both markers stand in one environment: what runs Eaves, and what also tests it.
.venv/.runtime: requirements.txt | .venv
	@echo "Installing Python packages (requirements.txt)"
	@$(PIP) install --require-hashes --requirement requirements.txt
	@touch $@

.venv/.dev: requirements-dev.txt | .venv
	@echo "Installing Python packages (requirements-dev.txt)"
	@$(PIP) install --require-hashes --requirement requirements-dev.txt
	@touch $@ .venv/.runtime

# The libraries compared stay out of what runs Eaves.
benchmarks/.venv/.ready: requirements.txt benchmarks/requirements.txt
	@scripts/check-python
	@echo "Making benchmarks/.venv"
	@python3 -m venv benchmarks/.venv
	@benchmarks/$(PIP) install --require-hashes --requirement requirements.txt
	@benchmarks/$(PIP) install --requirement benchmarks/requirements.txt
	@touch $@

.venv:
	@scripts/check-python
	@scripts/system-packages
	@echo "Making .venv"
	@python3 -m venv .venv
