#!/usr/bin/env bash
# The dashboard: `web.sh build` makes web/build, `web.sh check` types and unit tests too. Packages are installed when the lock file changed.
set -euo pipefail
cd "$(dirname "$0")/../web"

stamp=node_modules/.installed-from
if ! cmp -s package-lock.json "$stamp" 2>/dev/null; then
  npm ci --no-audit --no-fund --loglevel=error
  cp package-lock.json "$stamp"
fi

# Nothing to do when no source is newer than the last build.
newer() { [[ ! -f build/index.html ]] || [[ -n $(find src static messages project.inlang ./*.json ./*.ts ./*.js -newer build/index.html -type f -print -quit 2>/dev/null) ]]; }

case ${1:-build} in
  build) if newer; then npm run --silent build; fi ;;
  check) npm run --silent build && npm run --silent check && npm test ;;
  *) echo "web.sh: build or check" >&2; exit 2 ;;
esac
