# Everything a developer needs; `make` lists it. The work is done by deploy/local (plain Python, no packages).
# Settings go on the line: make run IV_PORT=8010. All of them are in .env.example.

PYTHON ?= python3
LAUNCH = $(PYTHON) -m deploy.local
APP = .venv/app/bin/python

.DEFAULT_GOAL := help
.PHONY: help run test test-fast train validate bench nlu-report import import-outlook import-susa lint lock setup clean

help: ## list these targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{ printf "%-22s %s\n", $$1, $$2 }'

run: ## start everything: environments, model, database, the four processes (Ctrl-C stops)
	@$(LAUNCH) run

test: ## style, types and every test, the real Rasa included; ARGS="-k booking" goes to pytest
	@$(LAUNCH) test -- $(ARGS)

test-fast: ## the tests that need neither a trained model nor a browser
	@$(LAUNCH) test --fast -- $(ARGS)

train: ## train the language model, if none fits the data
	@$(LAUNCH) train

validate: ## let Rasa check training data and domain
	@$(LAUNCH) validate

bench: ## measure times and memory of the whole stack
	@$(LAUNCH) train
	@$(APP) -m bench $(ARGS)

nlu-report: ## how well the bot understands: FILE=messages.jsonl, a message with its right topic in each line
	@$(LAUNCH) nlu-report -- "$(FILE)"

import: ## import a catalogue: FILE=kurser.xlsx shows what would change, APPLY=1 changes it
	@$(LAUNCH) import $(if $(APPLY),--apply) -- "$(FILE)"

import-outlook: ## import Arbetsförmedlingen's forecasts: FILE=yrkesbarometer.json
	@$(LAUNCH) import-outlook -- "$(FILE)"

import-susa: ## import saved pages of Susa-navet: DIR=sidor/; WHOLE=1 when they are the whole list
	@$(LAUNCH) import-susa $(if $(WHOLE),--whole) -- "$(DIR)"

lint: ## style and formatting (ruff) and static types (mypy, strict); FIX=1 puts the code in shape
	@$(LAUNCH) setup --quiet
	@$(APP) -m ruff check $(if $(FIX),--fix) .
	@$(APP) -m ruff format $(if $(FIX),,--check) .
	@$(APP) -m mypy

lock: ## compile requirements/*.txt from pyproject.toml; UPGRADE=1 takes newer versions
	@$(LAUNCH) lock $(if $(UPGRADE),--upgrade)

setup: ## build the environments only
	@$(LAUNCH) setup

clean: ## remove environments, models and caches; data in var/ stays
	rm -rf .venv .rasa .mypy_cache .pytest_cache .ruff_cache .hypothesis models/*.tar.gz models/.training-* var/test
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
