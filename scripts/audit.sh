#!/usr/bin/env bash
# Licences, sources and unused dependencies. Not part of `make test`: the tools are built from the registry first.
set -euo pipefail
cd "$(dirname "$0")/.."
command -v cargo-deny >/dev/null || cargo install --quiet --locked cargo-deny
command -v cargo-machete >/dev/null || cargo install --quiet --locked cargo-machete
cargo deny check bans licenses sources
cargo machete
