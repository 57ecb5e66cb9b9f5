# Needs GNU make, a POSIX shell and Python 3.11 or later. Nothing to activate: the recipes call .venv/bin/python.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help init chat discord test lint format rebuild bench eval release clean

PY := .venv/bin/python
PIP_INSTALL := $(PY) -m pip install -qq --disable-pip-version-check --no-input --root-user-action=ignore -c constraints.txt
SETUP_FAILED := echo 'The set-up failed: see the lines above; once their cause is gone, run the same command again.' >&2; exit 1

# PyTorch runs other embedding models than the bundled one; without it the environment is a third as large. One that
# was set up with LIGHT=1 stays light, until a command is given with LIGHT= or needs more.
LIGHT ?= $(if $(wildcard .venv/.installed),,$(wildcard .venv/.installed-light))
INSTALLED := .venv/.installed$(if $(LIGHT),-light)

# The question travels in the environment, untouched: $(value Q) keeps the $ that make would expand,
# and `unexport Q` stops make from expanding it for the export that command-line variables get by default.
unexport Q
export BABILLARD_QUESTION := $(value Q)

help: ## Print this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

chat: $(INSTALLED) ## Ask in French or English; one question with Q='…', or one a line on standard input; LIGHT=1 installs no PyTorch
	@$(PY) -m bot index rebuild --if-stale </dev/null
	@if [ -n "$$BABILLARD_QUESTION" ]; then exec $(PY) -m bot ask -- "$$BABILLARD_QUESTION"; \
	elif [ -t 0 ]; then exec $(PY) -m bot repl; \
	else exec $(PY) -m bot ask -; fi

init: $(INSTALLED) ## Ask where the articles are and about Discord, write .env, build the index, show what can be asked
	@exec $(PY) -m bot init

discord: $(INSTALLED) ## Serve Discord with the token in .env; docs/discord.md says how to get one
	@$(PY) -m bot index rebuild --if-stale </dev/null
	@exec $(PY) -m bot discord

test: lint ## Run all that CI runs: lint, then the tests; COVERAGE=1 lists the modules that they cover for less than 90 %
	@$(PY) $(if $(COVERAGE),-m coverage run) -m pytest
	@$(if $(COVERAGE),$(PY) -m coverage report | awk '/^TOTAL/ || $$NF + 0 < 90')

lint: .venv/.installed-test ## Check style, types and import contracts; change nothing
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy
	@$(PY) .venv/bin/lint-imports --no-logo

format: .venv/.installed-test ## Format the code and apply the safe fixes
	@$(PY) -m ruff check --fix .
	@$(PY) -m ruff format .

rebuild: $(INSTALLED) ## Build the index again from the articles in seeds/
	@$(PY) -m bot index rebuild

bench: .venv/.installed-test ## Measure the figures of docs/benchmarks.md (half an hour); QUICK=1 shows in two minutes that it works
	@$(PY) -m benchmarks $(if $(QUICK),--quick)

eval: $(INSTALLED) ## Measure search and answers on PIAF and SQuAD 2 (long; the data are not part of the project)
	@$(PY) -m benchmarks.quality

release: .venv/.installed-test ## Make a release of the last commit in dist/: wheel, sources, list of what it brings, checksums
	@$(PY) -m release

clean: ## Remove the environment, the caches and the index; the articles stay
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage build dist ./*.egg-info var/index
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Set-up. Each stamp is touched last, so an interrupted installation starts again.
# pip reads no standard input: `make chat < questions.txt` keeps it for the questions.

$(PY):
	@set -e; found=; \
	for python in "$$PYTHON" python3 python3.13 python3.12 python3.11 python; do \
	  if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then found=$$python; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
	  echo 'Python 3.11 or later was not found: install it, or run make with PYTHON=/path/to/python3.' >&2; exit 1; \
	fi; \
	if ! "$$found" -c 'import ensurepip, venv' >/dev/null 2>&1; then \
	  echo "The venv module of $$found is missing: on Debian or Ubuntu, install the package python3-venv." >&2; exit 1; \
	fi; \
	"$$found" -m venv --clear .venv

.venv/.installed-light: $(PY) pyproject.toml constraints.txt
	@echo 'Setting up Babillard in .venv: a minute the first time…' >&2
	@$(PIP_INSTALL) -e . </dev/null || { $(SETUP_FAILED); }
	@touch $@

.venv/.installed: $(PY) pyproject.toml constraints.txt
	@echo 'Setting up Babillard in .venv: a few minutes the first time…' >&2
	@$(PIP_INSTALL) -e '.[models]' </dev/null || { $(SETUP_FAILED); }
	@touch .venv/.installed-light $@

.venv/.installed-test: $(PY) pyproject.toml constraints.txt
	@echo 'Setting up Babillard and its test tools in .venv: a few minutes the first time…' >&2
	@$(PIP_INSTALL) -e '.[models,test,bench,release]' </dev/null || { $(SETUP_FAILED); }
	@touch .venv/.installed-light .venv/.installed $@
