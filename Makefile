# Words of the trade for this repository; `make help` lists them.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

SWIFT ?= swift
SOURCES := Package.swift Sources Tests Benchmarks

.PHONY: help run test build release bench fuzz faults disk fmt check fix scenarios screenshots snapshots

help: ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)$$/  make \1\t\2/' | expand -t 20

run: ## install what is missing, build, start Roost and run a real pipeline on it
	@scripts/install-packages run
	@scripts/demo

test: ## install what tests need, build, run all of them
	@scripts/install-packages test
	@scripts/install-python
	@scripts/run-tests

build: ## build everything for debugging
	@scripts/install-packages build
	$(SWIFT) build --build-tests

release: ## build the two executables optimised; prints the size of the agent
	@scripts/install-packages build
	@scripts/build-release

bench: ## measure this build beside Buildbot and packer; prints ratios
	@scripts/install-packages bench
	@scripts/bench

fuzz: ## try the languages with inputs nobody would write; MINUTES=1 SEED=1
	$(SWIFT) build --product roost-fuzz
	.build/debug/roost-fuzz --minutes $(or $(MINUTES),1) --seed $(or $(SEED),1) --corpus Tests/RoostPipelineTests/Fixtures

faults: ## run jobs while servers, agents and machines are killed and the provider lies; SEED=1 JOBS=1000 PROVIDER=process|sandbox
	@scripts/install-packages test
	$(SWIFT) build --product roost-faults
	.build/debug/roost-faults run --seed $(or $(SEED),1) --jobs $(or $(JOBS),1000) --provider $(or $(PROVIDER),process)

disk: ## run 500 jobs of 100 repositories on an agent with a disk of 2 GB; as root, a quarter of an hour
	@scripts/install-packages test
	ROOST_TEST_DISK=whole $(SWIFT) test --filter DiskRunTests

fmt: ## format all Swift files
	$(SWIFT) format --in-place --parallel --recursive $(SOURCES)

check: ## what CI asks of the text: format, lint, warnings as errors
	$(SWIFT) format lint --strict --parallel --recursive $(SOURCES)
	$(SWIFT) build

fix: fmt ## repair what can be repaired

scenarios: ## run the scenarios only: whole runs on a real server and agent
	@scripts/install-packages test
	@scripts/install-python
	$(SWIFT) test --filter RoostScenarioTests

screenshots: ## take the pictures of docs/screenshots anew
	@scripts/install-packages test
	@scripts/install-python
	ROOST_SCREENSHOTS=$(CURDIR)/docs/screenshots $(SWIFT) test --filter 'ClientProgramTests|ElasticPageTests'

snapshots: ## write the golden files anew; read the difference before you commit it
	ROOST_UPDATE_SNAPSHOTS=1 $(SWIFT) test --filter 'RoostPipelineTests|RoostServerTests|TestFormatTests'

