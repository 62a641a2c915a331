#!/usr/bin/env bash
# Installs what is missing, and only that. Usage: install.sh [build|postgres|browser|crash]...
# build: compilers and the dashboard's packages; postgres: a server for the contract suite; browser: Chromium for e2e;
# crash: a clock that tests can move.
set -euo pipefail
cd "$(dirname "$0")/.."

need=()
want() { # want COMMAND-OR-FILE PACKAGE
  if [[ $1 == */* ]]; then compgen -G "$1" >/dev/null || need+=("$2"); else command -v "$1" >/dev/null || need+=("$2"); fi
}

for part in "${@:-build}"; do
  case $part in
    build) want cc gcc; want make make; want node nodejs; want npm npm ;;
    postgres) want '/usr/lib/postgresql/*/bin/initdb' postgresql ;;
    browser)
      want chromium chromium
      want '/usr/share/fonts/truetype/noto/NotoSansThai-Regular.ttf' fonts-noto-core
      want '/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf' fonts-noto-color-emoji
      ;;
    crash) want '/usr/lib/*/faketime/libfaketimeMT.so.1' libfaketime ;;
    *) echo "install.sh: unknown part '$part' (build, postgres, browser, crash)" >&2; exit 2 ;;
  esac
done

if ((${#need[@]})); then
  if [[ $(id -u) -ne 0 ]]; then
    echo "Missing Debian packages: ${need[*]}. Install them with: sudo apt-get install ${need[*]}" >&2
    exit 1
  fi
  echo "Installing ${need[*]} …"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends "${need[@]}" >/dev/null
fi
command -v cargo >/dev/null || { echo "Rust is missing: install it from https://rustup.rs" >&2; exit 1; }
