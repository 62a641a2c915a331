#!/bin/sh
# Rewrites the cache of the checked queries (crates/store-postgres/.sqlx) against a private PostgreSQL with the migrations of this tree.
# The macros write it themselves while COMMAND compiles the crate, so no further tool is needed. The old cache stays until all is well.
# Usage: db-prepare.sh [COMMAND...]
set -eu
cd "$(dirname "$0")/.."
crate=crates/store-postgres
[ $# -gt 0 ] || set -- cargo check --quiet --package message-gateway-store-postgres --all-targets
dir=$(mktemp -d)
trap 'scripts/postgres.sh stop "$dir/pg" >/dev/null 2>&1 || true; rm -rf "$dir"' EXIT

url=$(scripts/postgres.sh start "$dir/pg")
for migration in "$crate"/migrations/*.sql; do
    psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --dbname="$url" --file="$migration"
done
mkdir "$dir/sqlx"
touch "$crate/src/lib.rs"
SQLX_OFFLINE=false SQLX_OFFLINE_DIR="$dir/sqlx" SQLX_POSTGRES_URL="$url" "$@"
mkdir -p "$crate/.sqlx"
rm -f "$crate"/.sqlx/query-*.json
cp "$dir"/sqlx/query-*.json "$crate/.sqlx/"
touch "$crate/src/lib.rs"
echo "$(ls "$crate/.sqlx" | wc -l) checked queries in $crate/.sqlx"
