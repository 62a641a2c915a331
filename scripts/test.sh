#!/usr/bin/env bash
# Everything CI runs. Sets up what it needs on a fresh machine, prints each part's seconds, leaves nothing running.
set -euo pipefail
cd "$(dirname "$0")/.."
export SQLX_OFFLINE=true CARGO_TERM_COLOR=never

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

clean_tree() { # generated files must be current

  scripts/gen.sh
  if [[ -n $(git status --porcelain -- docs/generated web/src/lib/api crates/store-postgres/.sqlx) ]]; then
    git status --short -- docs/generated web/src/lib/api crates/store-postgres/.sqlx >&2
    echo "Generated files are stale: run 'make gen' (and 'make db-prepare') and commit the result." >&2
    return 1
  fi
}

rust_tests() {
  TEST_POSTGRES_URL=$(scripts/postgres.sh start "$scratch/pg")
  export TEST_POSTGRES_URL
  cargo test --workspace --all-features --locked
}

e2e() {
  (cd e2e && npm ci --no-audit --no-fund --loglevel=error)
  cargo build --locked --bin message-gateway
  npm --prefix e2e test
}

part 'set-up' scripts/install.sh build postgres browser
part 'dashboard: build, types, unit tests' scripts/web.sh check
part 'lint: fmt, clippy, rustdoc' scripts/lint.sh
part 'rust: unit, contract on both stores, the app with the simulator' rust_tests
part 'generated files are current' clean_tree
part 'browser and socket.io-client against the built binary' e2e

echo '── all parts passed'
printf '%s\n' "${parts[@]}" "$(printf '%5d s  total' "$SECONDS")"
