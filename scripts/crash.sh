#!/usr/bin/env bash
# Plays 10,000 schedules on both stores, then kills the gateway at seeded points under load, prints what became of it, and writes it to
# docs/crash.md. KILLS, SEED and SCHEDULES choose another run.
set -euo pipefail
cd "$(dirname "$0")/.."
export SQLX_OFFLINE=true CARGO_TERM_COLOR=never CARGO_INCREMENTAL=0
export CRASH_KILLS=${KILLS:-300} CRASH_SEED=${SEED:-20261126}

scratch=$(mktemp -d)
trap 'scripts/postgres.sh stop "$scratch/pg" >/dev/null 2>&1 || true; rm -rf "$scratch"' EXIT
export CRASH_REPORT=$scratch/table.md

scripts/install.sh build postgres crash
TEST_POSTGRES_URL=$(scripts/postgres.sh start "$scratch/pg")
export TEST_POSTGRES_URL
SCHEDULES=${SCHEDULES:-10000} cargo test --package message-gateway-store-sqlite --package message-gateway-store-postgres --all-features --locked \
  --test contract -- schedules --nocapture
from=$SECONDS
cargo test --package message-gateway --all-features --locked --test crash -- --exact kills::nothing_is_lost_or_doubled_wherever_it_is_killed --nocapture
{
  cat <<TEXT
# Killed, and what became of it

\`make crash\` on $(date -u +%Y-%m-%d): $CRASH_KILLS kills, seed $CRASH_SEED, $((SECONDS - from)) s.

A world is one simulated TikTok, twelve customers who write without a pause, twelve programs that answer over the API and ask again until they
are answered, one socket that resumes by its last \`seq\`, and the binary. TikTok is unwell all the time: 6 % of the answers to a send get lost,
6 % of the calls never arrive or fail, 6 % meet a limit; echoes overtake answers, come late or twice; acknowledgements of webhooks get lost. The
process dies at a named place on a message's way (\`domain::place\`), at a random time that it comes by, or by \`kill -9\` from outside; the same
data is opened again. Every six kills everything is settled and compared with what TikTok has, message by message.

TEXT
  cat "$CRASH_REPORT"
} >docs/crash.md
