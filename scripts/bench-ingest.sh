#!/usr/bin/env bash
# Durable ingest of signed webhooks over loopback, beside a no-op server and bare fsyncs in the same run. Bounded; stops by itself.
set -euo pipefail
cd "$(dirname "$0")/.."
export SQLX_OFFLINE=true
scripts/install.sh build postgres
cargo build --quiet --locked --release -p message-gateway --example bench_ingest
dir=$(mktemp -d)
trap 'scripts/postgres.sh stop "$dir/pg" >/dev/null 2>&1 || true; rm -rf "$dir"' EXIT
BENCH_POSTGRES_URL=$(scripts/postgres.sh start "$dir/pg")
export BENCH_POSTGRES_URL
target/release/examples/bench_ingest "$@"
