# The commands of the project, one line each; what they do is in scripts/.
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.PHONY: help run check test build size bench fmt clean-data

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## build what is stale, start the app and a provider to sign in at; Ctrl-C stops both
	@scripts/run.sh

check: ## formatting, lints, dependency fences, tidy rules: under a minute once built
	@scripts/check.sh

test: ## every check and every test, browser included; ends with "N passed, N failed"
	@scripts/test.sh

build: ## release build: target/release/wrengate and target/site
	@scripts/setup.sh build
	@scripts/build.sh

size: build ## what a first visit costs, against the budget
	@node scripts/size.mjs

bench: ## what a session check costs with a thousand sessions and with a million
	@scripts/bench.sh

fmt: ## format all Rust
	@cargo fmt --all

clean-data: ## delete the local database: attempts and sessions of `make run`
	@rm -rf data
