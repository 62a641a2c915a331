#!/usr/bin/env bash
# Rewrites generated files. CI runs it and then wants a clean tree.
set -euo pipefail
cd "$(dirname "$0")/.."
export SQLX_OFFLINE=true
mkdir -p docs/generated
cargo run --quiet --locked --bin message-gateway -- openapi > docs/generated/openapi.json.new
mv docs/generated/openapi.json.new docs/generated/openapi.json
scripts/web.sh build
npm --prefix web run --silent gen:api
