#!/usr/bin/env bash
# Everything CI runs. Sets up what it needs on a fresh machine, prints each part's seconds, leaves nothing running.
set -euo pipefail
cd "$(dirname "$0")/.."
# Incremental builds are of no use from a cold cache, and rustc 1.95 can crash on them.
export SQLX_OFFLINE=true CARGO_TERM_COLOR=never CARGO_INCREMENTAL=0

# What tests write is gone with them, and none of them stops the machine: where memory is plenty they wait for no disk.
memory=/dev/shm
if (($(df --output=avail --block-size=1G "$memory" 2>/dev/null | tail -n 1 || echo 0) >= 8)); then
  export POSTGRES_FOLDER=$memory TMPDIR=$memory
fi
scratch=$(mktemp -d)
export TMPDIR=$scratch
clean_up() {
  scripts/postgres.sh stop "$scratch/pg" >/dev/null 2>&1 || true
  rm -rf "$scratch"
}
trap clean_up EXIT

parts=()
part() { # part NAME COMMAND...
  local name=$1 from=$SECONDS
  shift
  echo "── $name"
  "$@" || { echo "── $name FAILED after $((SECONDS - from)) s" >&2; exit 1; }
  parts+=("$(printf '%5d s  %s' $((SECONDS - from)) "$name")")
}

generated=(docs/generated web/src/lib/api crates/store-postgres/.sqlx)
state_of_generated() {
  find "${generated[@]}" -type f -print0 | sort -z | xargs -0 sha256sum
}
before=$(state_of_generated)

# `part` asks for the outcome, so a failure does not end these functions by itself: every step is chained.

set_up() {
  scripts/install.sh build postgres browser crash &&
    (cd e2e && npm ci --no-audit --no-fund --loglevel=error)
}

tests() {
  TEST_POSTGRES_URL=$(scripts/postgres.sh start "$scratch/pg") &&
    export TEST_POSTGRES_URL &&
    node scripts/suites.mjs 2>&1 | tee "$scratch/tests.log"
}

generated_files() {
  BINARY=target/debug/message-gateway scripts/gen.sh || return
  if [[ $before != "$(state_of_generated)" ]]; then
    git status --short -- "${generated[@]}" >&2
    echo "Generated files were stale. They are rewritten now ('make gen', 'make db-prepare'): look at them and commit." >&2
    return 1
  fi
}

part 'set-up' set_up
part 'dashboard: build, types, unit tests' scripts/web.sh check
part 'lint: fmt, clippy, rustdoc; every query asked of a PostgreSQL' scripts/db-prepare.sh scripts/lint.sh
part 'tests: unit, contract on both stores, the app with the simulator, crashes, browser, socket.io-client' tests
part 'generated files are current' generated_files
part "every promise and every fact of TikTok's has its tests" node scripts/promises.mjs "$scratch/tests.log"

echo '── all parts passed'
printf '%s\n' "${parts[@]}" "$(printf '%5d s  total' "$SECONDS")"
