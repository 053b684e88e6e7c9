#!/usr/bin/env bash
# Runs a command with a PostgreSQL and a Redis for its tests: with-stores.sh COMMAND...
# Both keep what they have in a temporary folder, and are gone when the command has ended.
set -euo pipefail
# shellcheck source=scripts/env.sh
. "$(dirname "$0")/env.sh"
[ "$#" -gt 0 ] || die 2 "usage: scripts/with-stores.sh COMMAND..."

folder=$(mktemp -d "${TMPDIR:-/tmp}/wrengate-stores.XXXXXX")
pids=()

stop() {
  local status=$? pid
  trap - EXIT INT TERM HUP
  # PostgreSQL waits for its clients when it is asked with TERM.
  for pid in "${pids[@]}"; do kill -INT "$pid" 2>/dev/null || true; done
  for pid in "${pids[@]}"; do
    for _ in {1..100}; do
      kill -0 "$pid" 2>/dev/null || continue 2
      sleep 0.1
    done
    kill -QUIT "$pid" 2>/dev/null || true
  done
  rm -rf "$folder"
  exit "$status"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP

for kind in postgres redis; do
  mkdir "$folder/$kind"
  chmod a+x "$folder"
  scripts/store-server.sh serve "$kind" "$folder/$kind" &
  pids+=("$!")
done
for kind in postgres redis; do scripts/store-server.sh ready "$kind" "$folder/$kind"; done
WRENGATE_TEST_POSTGRES=$(scripts/store-server.sh address postgres "$folder/postgres")
WRENGATE_TEST_REDIS=$(scripts/store-server.sh address redis "$folder/redis")
export WRENGATE_TEST_POSTGRES WRENGATE_TEST_REDIS

"$@"
