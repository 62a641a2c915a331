#!/usr/bin/env bash
# Everything CI runs. Sets up what it needs on a fresh machine, prints each part's seconds, leaves nothing running.
set -euo pipefail
cd "$(dirname "$0")/.."
# Incremental builds are of no use from a cold cache, and rustc 1.95 can crash on them.
export SQLX_OFFLINE=true CARGO_TERM_COLOR=never CARGO_INCREMENTAL=0

scratch=$(mktemp -d)
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

# `part` asks for the outcome, so a failure does not end these functions by itself: every step is chained.

rust_tests() {
  TEST_POSTGRES_URL=$(scripts/postgres.sh start "$scratch/pg") &&
    export TEST_POSTGRES_URL &&
    node scripts/suites.mjs 2>&1 | tee "$scratch/rust.log"
}

generated=(docs/generated web/src/lib/api crates/store-postgres/.sqlx)
state_of_generated() {
  find "${generated[@]}" -type f -print0 | sort -z | xargs -0 sha256sum
}

generated_files() {
  local before
  before=$(state_of_generated) && scripts/gen.sh && scripts/db-prepare.sh || return
  if [[ $before != "$(state_of_generated)" ]]; then
    git status --short -- "${generated[@]}" >&2
    echo "Generated files were stale. They are rewritten now ('make gen', 'make db-prepare'): look at them and commit." >&2
    return 1
  fi
}

e2e() {
  (cd e2e && npm ci --no-audit --no-fund --loglevel=error) &&
    cargo build --locked --bin message-gateway &&
    npm --prefix e2e test 2>&1 | tee "$scratch/e2e.log"
}

promises() {
  node scripts/promises.mjs "$scratch/rust.log" "$scratch/e2e.log"
}

part 'set-up' scripts/install.sh build postgres browser crash
part 'dashboard: build, types, unit tests' scripts/web.sh check
part 'lint: fmt, clippy, rustdoc' scripts/lint.sh
part 'rust: unit, contract on both stores, the app with the simulator, crashes' rust_tests
part 'generated files are current' generated_files
part 'browser and socket.io-client against the built binary' e2e
part "every promise and every fact of TikTok's has its tests" promises

echo '── all parts passed'
printf '%s\n' "${parts[@]}" "$(printf '%5d s  total' "$SECONDS")"
