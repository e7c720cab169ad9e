# Everything runs from a fresh clone with Python 3.11 or later and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
SQL := dagster_project/site/sql
ENGINE := $(SQL)/dist/built.json
AXE := tests/site/node_modules/.package-lock.json
ZENSICAL := $(VENV)/zensical/.installed
AUDIT := $(VENV)/audit/.installed
SPARK := $(VENV)/spark/.installed
POSTGRES := $(VENV)/.postgres
SQLMESH := $(VENV)/sqlmesh/.installed
PORT ?= 8000

export DO_NOT_TRACK := 1
export DAGSTER_DISABLE_TELEMETRY := yes
export DBT_SEND_ANONYMOUS_USAGE_STATS := false
export GX_ANALYTICS_ENABLED := false
# Container images often set it; without compiled modules each start takes more than twice as long.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help install prepare run dev site test test-long bench rounds attack fuzz fault-injection mutants lighthouse audit recompute \
	spark spark-parity postgres sqlmesh lint wording format lock upgrade-check sample sample-2018 clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: $(STAMP) $(ENGINE) ## Install the pinned packages into .venv, and the engine of the site's SQL page

# uv takes seconds where pip takes minutes. pip installs uv from the lock, by its hash.
# Without the stamp an install was interrupted, and the environment is made again.
$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null || \
	{ echo "$(PYTHON) is not Python 3.11, 3.12 or 3.13. Install one and name it: make PYTHON=python3.11 $(MAKECMDGOALS)"; exit 1; }
	@echo "Installing into $(VENV) ..."
	@test -e $@ || $(PYTHON) -m venv --clear $(VENV)
	@rm -f $@
	@sed -n '/^uv==/,/^[^ ]/{/^uv==/p;/^ *--hash/p}' requirements.lock > $(VENV)/uv.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(VENV)/uv.lock
	@$(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@
	@$(MAKE) --silent prepare

# Work that the first run would do otherwise: compile the imported modules and parse the models.
prepare:
	@$(BIN)/python -c "import great_expectations" & \
	$(BIN)/python -c "import dagster_project.definitions" >/dev/null 2>&1 || echo "The first run will parse the models."; wait

# SQL in the browser comes from npm. Without npm everything else works, and the page states that it is missing.
$(ENGINE): $(SQL)/package-lock.json $(SQL)/build.mjs $(wildcard $(SQL)/src/*)
	@if ! command -v npm >/dev/null; then echo "Without npm the site has no SQL in the browser."; \
	elif npm ci --silent --no-audit --no-fund --ignore-scripts --prefix $(SQL) && npm run --silent build --prefix $(SQL); \
	then rm -rf $(SQL)/node_modules; \
	else echo "SQL in the browser could not be installed: the site is built without it."; fi

run: install ## Read the returns, build, audit, and publish a release
	@$(BIN)/selfeval run

dev: install ## Open Dagster's interface on this machine (port 3000)
	@$(BIN)/selfeval dev

site: install ## Serve the published site on this machine (PORT=8000)
	@$(BIN)/selfeval site --port $(PORT)

test: install $(AXE) $(ZENSICAL) ## Run the test suite
	@if command -v java >/dev/null; then $(MAKE) --silent spark || echo "Spark could not be installed: its tests are skipped."; fi
	@$(BIN)/python -m pytest

test-long: install $(POSTGRES) ## Run the tests that start many whole runs (half an hour)
	@LONG_TESTS=1 $(BIN)/python -m pytest tests/system tests/rounds tests/release tests/tools tests/dbt/test_command_line.py tests/home tests/deploy \
		tests/site/test_axe.py

# The browser tests check accessibility with axe; without npm they are skipped.
$(AXE): tests/site/package.json tests/site/package-lock.json
	@if command -v npm >/dev/null; then npm ci --silent --no-audit --no-fund --ignore-scripts --prefix tests/site && touch $@; fi

# Zensical needs another pathspec than dbt, so it has an environment of its own. Without it its test is skipped.
$(ZENSICAL): tests/site/zensical.lock $(STAMP)
	@$(BIN)/python -m venv --clear $(VENV)/zensical
	@if $(BIN)/uv pip install --quiet --python $(VENV)/zensical/bin/python --require-hashes -r $<; then touch $@; fi

# Spark needs other versions than dbt, half a gigabyte and Java 17, so it has an environment of its own.
$(SPARK): requirements-spark.lock $(STAMP)
	@$(BIN)/python -m venv $(VENV)/spark
	@$(BIN)/uv pip sync --quiet --python $(VENV)/spark/bin/python --require-hashes $<
	@touch $@

spark: $(SPARK) ## Install Spark and dbt's adapter for it, into .venv/spark

spark-parity: $(SPARK) ## Compare the marts of Spark and DuckDB row by row, on a cluster of its own
	@SPARK_PARITY=1 $(BIN)/python -m pytest -n0 tests/dbt/spark

$(POSTGRES): requirements-postgres.lock $(STAMP)
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --require-hashes -r $<
	@touch $@

postgres: $(POSTGRES) ## Install Dagster's storage for PostgreSQL

$(SQLMESH): requirements-sqlmesh.lock $(STAMP)
	@$(BIN)/python -m venv $(VENV)/sqlmesh
	@$(BIN)/uv pip sync --quiet --python $(VENV)/sqlmesh/bin/python --require-hashes $<
	@touch $@

sqlmesh: $(SQLMESH) ## Install SQLMesh into .venv/sqlmesh: `make bench` then measures it as well

bench: run ## Measure transform, ingest, run, publication, site, query (PARTS="transform query"; QUICK=1)
	@$(BIN)/python -m tools.bench.suite --parts "$(PARTS)" $(if $(QUICK),--quick)

rounds: install ## Try 300 generated rounds of every shape: each is published, or a person can decide (ROUNDS=, SEED=)
	@$(BIN)/python -m tools.rounds --rounds $(or $(ROUNDS),300) --seed $(or $(SEED),1)

attack: install ## Try to work out single ratings from 200 generated releases (ROUNDS=, SEED=)
	@$(BIN)/python -m tools.attack.rounds --rounds $(or $(ROUNDS),200) --seed $(or $(SEED),1)

fuzz: install ## Read 5,000 returns with changed bytes and XML (FILES=, SEED=)
	@$(BIN)/python -m tests.intake.corpus.fuzz --files $(or $(FILES),5000) --seed $(or $(SEED),1)

fault-injection: run ## Kill runs, fill disks, read while releases are published (KILLS=, SEED=; hours)
	@$(BIN)/python -m tools.fault_injection.install
	@$(BIN)/python -m tools.fault_injection.read
	@$(BIN)/python -m tools.fault_injection.kill --kills $(or $(KILLS),100) --seed $(or $(SEED),1)
	@if [ "$$(id -u)" = 0 ]; then $(BIN)/python -m tools.fault_injection.fill; else echo "Only root can fill a disk."; fi

mutants: install ## Change models and release step, and count the changes that tests detect (MODELS=, MOST=, SEED=, JOBS=)
	@$(BIN)/python -m tools.mutation --models "$(MODELS)" --most $(or $(MOST),150) --seed $(or $(SEED),1) \
		--jobs $(or $(JOBS),1)

lighthouse: run ## Measure four pages of the published site with Lighthouse (npm, chromium)
	@npm ci --silent --no-audit --no-fund --ignore-scripts --prefix tools/lighthouse
	@$(BIN)/python -m tools.lighthouse.measure

# Both tools ask the registries for known vulnerabilities, and fail where that service is missing.
audit: install $(AUDIT) ## Look for known vulnerabilities in all pinned packages (needs the registries' services)
	@status=0; \
	for lock in $(wildcard requirements*.lock deploy/*.lock tests/*/*.lock tools/*/*.lock); do echo "$$lock"; \
		$(VENV)/audit/bin/pip-audit --strict --disable-pip --require-hashes --progress-spinner off -r $$lock || status=1; done; \
	for folder in $(SQL) tests/site tools/lighthouse; do echo "$$folder/package-lock.json"; \
		npm audit --package-lock-only --prefix $$folder || status=1; done; \
	exit $$status

$(AUDIT): tools/audit/requirements.lock $(STAMP)
	@$(BIN)/python -m venv $(VENV)/audit
	@$(BIN)/uv pip install --quiet --python $(VENV)/audit/bin/python --require-hashes -r $<
	@touch $@

lint: install ## Check format, style, types, imports, SQL and wording
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo --cache-dir .ruff_cache/imports
	@$(BIN)/sqlfluff lint --processes 2 dbt/models dbt/tests
	@$(MAKE) --silent wording

wording: install ## List discouraged words and phrases (part of lint)
	@$(BIN)/codespell
	@$(BIN)/python -m tools.wording

format: install ## Format all files
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .
	@$(BIN)/sqlfluff fix --processes 2 dbt/models dbt/tests

lock: install ## Pin the newest versions that pyproject.toml allows, with hashes
	@$(BIN)/uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --no-strip-extras \
		--generate-hashes --no-header --quiet --upgrade -o requirements.lock
	@$(BIN)/uv pip compile --group pyproject.toml:spark -c requirements.lock --universal --python-version 3.11 \
		--no-strip-extras --generate-hashes --no-header --quiet --upgrade -o requirements-spark.lock
	@$(BIN)/uv pip compile --group pyproject.toml:postgres -c requirements.lock --no-deps --python-version 3.11 \
		--generate-hashes --no-header --quiet --upgrade -o requirements-postgres.lock
	@$(BIN)/uv pip compile pyproject.toml --group build --group postgres -c requirements.lock --universal \
		--python-version 3.11 --no-strip-extras --generate-hashes --no-header --quiet --upgrade -o deploy/requirements.lock
	@$(BIN)/uv pip compile --group pyproject.toml:sqlmesh --universal --python-version 3.11 \
		--no-strip-extras --generate-hashes --no-header --quiet --upgrade -o requirements-sqlmesh.lock

# An environment of its own: nothing of it reaches .venv or the lock files.
upgrade-check: $(STAMP) ## Run the suite with the newest versions that pyproject.toml allows (SUITE="tests/dbt tests/site")
	@$(BIN)/python -m venv --clear $(VENV)/upgrade
	@$(BIN)/uv pip compile pyproject.toml --group dev --python $(VENV)/upgrade/bin/python --no-strip-extras \
		--no-header --no-annotate --quiet --upgrade -o $(VENV)/upgrade/newest.txt
	@$(BIN)/uv pip sync --quiet --python $(VENV)/upgrade/bin/python $(VENV)/upgrade/newest.txt
	@$(BIN)/uv pip install --quiet --python $(VENV)/upgrade/bin/python --no-deps --no-build-isolation -e .
	@echo "Newer than the lock file (< locked, > newest):"
	@$(BIN)/uv pip freeze --quiet --python $(BIN)/python > $(VENV)/upgrade/locked.txt
	@$(BIN)/uv pip freeze --quiet --python $(VENV)/upgrade/bin/python | diff $(VENV)/upgrade/locked.txt - | grep '^[<>]' || echo "nothing"
	@$(VENV)/upgrade/bin/python -m pytest $(SUITE)

sample: install ## Generate the invented sample round and its decisions again
	@$(BIN)/python -m tools.sample --seed 2016 --out warehouse/returns/2016
	@$(BIN)/selfeval run >/dev/null 2>&1 || true
	@$(BIN)/python -m tools.sample.decisions

sample-2018: install ## Generate and publish both invented rounds in warehouse/demo
	@rm -rf warehouse/demo
	@$(BIN)/python -m tools.sample.second warehouse/demo
	@$(BIN)/selfeval --home warehouse/demo run

recompute: run ## Recompute the published tables from the returned files, without the warehouse, and compare
	@$(BIN)/python -m tools.recompute

clean: ## Delete builds and caches, but not the releases
	@rm -rf warehouse/build dbt/target dbt/logs .pytest_cache .ruff_cache .mypy_cache
