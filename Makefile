# message-gateway: everything a developer types. `make help` lists it. Each target does its own set-up.

CARGO ?= cargo
export SQLX_OFFLINE := true

.DEFAULT_GOAL := help
.PHONY: help dev test install web gen lint bench-ingest crash db-prepare audit

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

dev: ## gateway, TikTok simulator and dashboard with demo data on http://localhost:3000, no credentials
	@scripts/install.sh build
	@scripts/web.sh build
	@$(CARGO) build --bin message-gateway
	@target/debug/message-gateway dev

test: ## everything CI runs; sets up what it needs, leaves nothing running
	@scripts/test.sh

install: ## the release binary, dashboard inside, into Cargo's bin folder
	@scripts/install.sh build
	@scripts/web.sh build
	@$(CARGO) install --locked --path crates/gateway

web: ## build the dashboard into web/build
	@scripts/install.sh build
	@scripts/web.sh build

lint: ## formatting, clippy, documentation: warnings are errors
	@scripts/lint.sh

gen: ## rewrite generated files: the OpenAPI document and the dashboard's types
	@scripts/gen.sh

db-prepare: ## rewrite the checked-SQL cache of store-postgres with a private PostgreSQL
	@scripts/install.sh postgres
	@scripts/db-prepare.sh

bench-ingest: ## durable ingest beside a no-op server and bare fsyncs, in one run
	@scripts/bench-ingest.sh

crash: ## play 10,000 schedules on both stores, then kill the gateway 300 times under load (SCHEDULES=n, KILLS=n, SEED=n); rewrites docs/crash.md
	@scripts/crash.sh

audit: ## licences, sources, unused dependencies (cargo-deny and cargo-machete from the registry)
	@scripts/audit.sh
