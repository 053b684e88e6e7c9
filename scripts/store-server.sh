#!/usr/bin/env bash
# A PostgreSQL or a Redis for tests, with everything it has in one folder:
#   store-server.sh serve KIND FOLDER    runs it in the foreground; what the folder holds is kept
#   store-server.sh ready KIND FOLDER    waits until it answers, at most half a minute
#   store-server.sh address KIND FOLDER  prints where it is
# PostgreSQL listens on a socket in the folder, Redis on a free port of loopback.
set -euo pipefail
what=${1:-} kind=${2:-} folder=${3:-}
folder=$(cd "$folder" && pwd)
# shellcheck source=scripts/env.sh
. "$(dirname "$0")/env.sh"

postgres=$(postgres_programs) || die 2 "PostgreSQL is not installed." "Debian, Ubuntu: sudo apt-get install postgresql"
redis=$(redis_program) || die 2 "Neither Redis nor Valkey is installed." "Debian, Ubuntu: sudo apt-get install redis-server"

# PostgreSQL refuses to run as root.
as=()
if [ "$(id -u)" = 0 ]; then
  user=postgres
  id -u "$user" >/dev/null 2>&1 || user=nobody
  as=(setpriv "--reuid=$user" "--regid=$(id -g "$user")" --clear-groups)
fi

# The one who serves chooses the port, once; everybody else reads it.
choose_port() {
  [ ! -s "$folder/port" ] || return 0
  node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })' \
    >"$folder/port.chosen"
  mv "$folder/port.chosen" "$folder/port"
}
port() { cat "$folder/port"; }

# until_it COMMAND...: repeats it until it succeeds.
until_it() {
  local deadline=$((SECONDS + 30))
  until "$@" >/dev/null 2>&1; do
    [ "$SECONDS" -lt "$deadline" ] || die 1 "$kind does not answer. The end of its log:" "$(tail -n 5 "$folder"/*.log 2>&1)"
    sleep 0.05
  done
}

is_pong() { [ "$("${redis%-server}-cli" -p "$(port)" ping)" = PONG ]; }

case "$what $kind" in
  "serve postgres")
    if [ ! -d "$folder/data" ]; then
      [ "${#as[@]}" = 0 ] || { chmod a+x "$folder" && mkdir "$folder/data" "$folder/socket" && chown "$user" "$folder/data" "$folder/socket"; }
      mkdir -p "$folder/socket"
      (cd / && "${as[@]}" "$postgres/initdb" --pgdata="$folder/data" --username=wrengate --auth=trust --no-sync \
        --encoding=UTF8 --locale=C) >"$folder/initdb.log" 2>&1 || die 1 "initdb failed." "$(tail -n 5 "$folder/initdb.log")"
    fi
    cd /
    exec "${as[@]}" "$postgres/postgres" -D "$folder/data" -k "$folder/socket" -c listen_addresses= \
      -c fsync=off -c full_page_writes=off -c max_connections=300 >>"$folder/postgres.log" 2>&1
    ;;
  "serve redis")
    choose_port
    exec "$redis" --bind 127.0.0.1 --port "$(port)" --dir "$folder" --databases 16384 --save '' --appendonly no \
      >>"$folder/redis.log" 2>&1
    ;;
  "ready postgres") until_it "$postgres/pg_isready" -q -h "$folder/socket" ;;
  "ready redis") until_it is_pong ;;
  "address postgres") say "postgres://wrengate@${folder//\//%2F}%2Fsocket/postgres" ;;
  "address redis") say "redis://127.0.0.1:$(port)" ;;
  *) die 2 "usage: scripts/store-server.sh <serve|ready|address> <postgres|redis> FOLDER" ;;
esac
