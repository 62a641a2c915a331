#!/usr/bin/env bash
# Rewrites generated files. BINARY names a gateway that was built from this tree; otherwise one is built.
set -euo pipefail
cd "$(dirname "$0")/.."
export SQLX_OFFLINE=true
gateway=(cargo run --quiet --locked --bin message-gateway --)
[[ -z ${BINARY:-} ]] || gateway=("$BINARY")
mkdir -p docs/generated
"${gateway[@]}" openapi > docs/generated/openapi.json.new
mv docs/generated/openapi.json.new docs/generated/openapi.json
scripts/web.sh build
npm --prefix web run --silent gen:api
