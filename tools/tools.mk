# tools/tools.mk
#	What a person types besides building: run, test, their parts.  Included by the Makefile.

.PHONY: setup run clean-run test unit pgtap specs t gateway-test lint asan bench format

setup: ## Install the Debian packages that are missing
	@tools/setup

run: ## Set up, build, start everything, tell the story, serve until Ctrl-C (PORT=, STORY_ONLY=1, SMTP_URL=, RESEND_API_KEY=)
	@PORT='$(PORT)' STORY_ONLY='$(STORY_ONLY)' tools/run

clean-run: ## Remove what make run has made, with its data
	@tools/run --clean

test: ## Run every test (ONLY=suite or suite/file)
	@tools/test $(ONLY)

unit pgtap specs t lint: ## Run one suite of the tests
	@tools/test $@

gateway-test: ## Run the tests that speak HTTP
	@tools/test gateway

asan: ## Run tests with address and undefined-behaviour checks in server and gateway (ONLY=)
	@tools/asan $(ONLY)

bench: ## Measure, one line a row (ONLY=NAME; BENCH_SECONDS=, BENCH_PAIRS=)
	@tools/bench $(ONLY)

format: ## Give the C files the project's shape
	@clang-format -i $$(git ls-files '*.c' '*.h')
