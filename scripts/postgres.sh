#!/bin/sh
# A private PostgreSQL for tests and for preparing the checked queries. `start DIR` prints its URL, `stop DIR` ends and deletes it;
# DIR keeps the logs, POSTGRES_FOLDER (/tmp) the data. The URL's role is a plain one (no superuser), as row-level security demands; it may create databases.
set -eu

usage() {
    echo "usage: $0 start DIR | stop DIR" >&2
    exit 2
}
[ $# -eq 2 ] || usage
command=$1
mkdir -p "$2"
dir=$(cd "$2" && pwd)

bin=${POSTGRES_BIN:-}
if [ -z "$bin" ]; then
    for candidate in /usr/lib/postgresql/*/bin; do
        [ ! -x "$candidate/initdb" ] || bin=$candidate
    done
fi
if [ -z "$bin" ] && command -v initdb >/dev/null 2>&1; then
    bin=$(dirname "$(command -v initdb)")
fi
if [ -z "$bin" ]; then
    echo "no PostgreSQL found: install it (Debian: apt-get install postgresql) or set POSTGRES_BIN to its bin folder" >&2
    exit 1
fi

# PostgreSQL refuses to run as root. From the root folder, because its user may not be allowed into ours.
as_server() {
    if [ "$(id -u)" -eq 0 ]; then
        (cd / && setpriv --reuid=postgres --regid=postgres --init-groups -- "$@")
    else
        "$@"
    fi
}

# Runs a step quietly; shows its log only when it fails.
quietly() {
    log=$dir/$1.log
    shift
    "$@" >"$log" 2>&1 || {
        cat "$log" >&2
        [ ! -f "$home/server.log" ] || cat "$home/server.log" >&2
        exit 1
    }
}

free_port() {
    node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })'
}

start() {
    if [ -f "$dir/url" ] && as_server "$bin/pg_ctl" --pgdata="$(cat "$dir/home")/data" status >/dev/null 2>&1; then
        cat "$dir/url"
        return
    fi
    # A folder of its own with a short name: the server's user must reach it, and a socket's path may have 107 bytes at most.
    home=$(as_server mktemp -d -p "${POSTGRES_FOLDER:-/tmp}" pg-XXXXXX)
    echo "$home" >"$dir/home"
    quietly initdb as_server "$bin/initdb" --pgdata="$home/data" --locale=C.UTF-8 --encoding=UTF8 --username=superuser --auth=trust
    port=$(free_port)
    quietly start as_server "$bin/pg_ctl" --pgdata="$home/data" --log="$home/server.log" --wait --timeout=60 start \
        --options="-c listen_addresses=127.0.0.1 -c port=$port -c unix_socket_directories=$home -c fsync=on -c max_connections=300"
    for statement in "CREATE ROLE gateway LOGIN NOSUPERUSER CREATEDB" "CREATE DATABASE gateway OWNER gateway"; do
        quietly role as_server "$bin/psql" --no-psqlrc --quiet --host="$home" --port="$port" --username=superuser --dbname=postgres \
            --set=ON_ERROR_STOP=1 --command="$statement"
    done
    echo "postgres://gateway@127.0.0.1:$port/gateway" >"$dir/url"
    cat "$dir/url"
}

stop() {
    [ -f "$dir/home" ] || return 0
    home=$(cat "$dir/home")
    as_server "$bin/pg_ctl" --pgdata="$home/data" --mode=fast --wait stop >"$dir/stop.log" 2>&1 || true
    rm -rf "$home"
    rm -f "$dir/home" "$dir/url"
}

case $command in
start) start ;;
stop) stop ;;
*) usage ;;
esac
