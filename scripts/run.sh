#!/usr/bin/env bash
# One command from a clone to a page to sign in at: builds what is stale, starts provider and app,
# and stops both, by their own process ids, when either ends or the person has seen enough.
set -euo pipefail
# shellcheck source=scripts/env.sh
. "$(dirname "$0")/env.sh"

addr=${WRENGATE_ADDR:-127.0.0.1:3000}
origin=${WRENGATE_PUBLIC_ORIGIN:-http://$addr}
provider_port=${PROVIDER_PORT:-9400}
# The development provider is for those who chose none; settings of any other kind reach the app as they are.
with_provider=no doctor=
if [ -z "${WRENGATE_ISSUER:-}${WRENGATE_AUTHORIZATION_ENDPOINT:-}" ] && [ "${WRENGATE_PROVIDER:-local}" = local ]; then
  with_provider=yes
  export WRENGATE_PROVIDER=local WRENGATE_ISSUER=http://localhost:$provider_port
  doctor="WRENGATE_PROVIDER=local WRENGATE_ISSUER=$WRENGATE_ISSUER "
fi
logs=target/run-logs
names=() pids=()

# start NAME COMMAND...
start() {
  local name=$1
  shift
  "$@" >"$logs/$name.log" 2>&1 </dev/null &
  names+=("$name") pids+=("$!")
}

# shellcheck disable=SC2317 # called by the trap
stop_all() {
  local status=$? i
  trap - EXIT INT TERM HUP
  for ((i = ${#pids[@]} - 1; i >= 0; i--)); do
    kill -TERM "${pids[$i]}" 2>/dev/null || continue
    for _ in {1..100}; do
      kill -0 "${pids[$i]}" 2>/dev/null || continue 2
      sleep 0.1
    done
    warn "${names[$i]} did not stop within 10 s; killing it"
    kill -KILL "${pids[$i]}" 2>/dev/null || true
  done
  exit "$status"
}

all_alive() {
  local i
  for i in "${!pids[@]}"; do
    kill -0 "${pids[$i]}" 2>/dev/null && continue
    warn "$(printf '%s ended. The end of %s:' "${names[$i]}" "$logs/${names[$i]}.log")"
    tail -n 20 "$logs/${names[$i]}.log" >&2
    return 1
  done
}

# wait_for NAME URL: until it answers 200, at most a minute.
wait_for() {
  local deadline=$((SECONDS + 60))
  until node scripts/net.mjs ok "$2" 2>/dev/null; do
    all_alive || exit 1
    if [ "$SECONDS" -ge "$deadline" ]; then
      warn "$1 did not answer at $2 within a minute. The end of its log:"
      tail -n 20 "$logs/$1.log" >&2
      exit 1
    fi
    sleep 0.2
  done
}

port_is_free() {
  node scripts/net.mjs free "$1" 2>/dev/null || die 1 "$1 is already in use." "$2"
}

scripts/setup.sh run
scripts/build.sh

mkdir -p "$logs" data
port_is_free "$addr" "stop what listens there, or choose another: WRENGATE_ADDR=127.0.0.1:3001 make run"
[ "$with_provider" = no ] ||
  port_is_free "127.0.0.1:$provider_port" "stop what listens there, or choose another: PROVIDER_PORT=9401 make run"

trap stop_all EXIT
trap 'exit 0' INT
trap 'exit 143' TERM
trap 'exit 129' HUP

if [ "$with_provider" = yes ]; then
  start provider env PROVIDER_PORT="$provider_port" PROVIDER_APP_ORIGINS="$origin" node end2end/provider/server.js
  wait_for provider "http://localhost:$provider_port/.well-known/openid-configuration"
fi
start app env NO_COLOR=1 target/release/wrengate serve
wait_for app "http://$addr/healthz"
[ "$with_provider" = no ] || wait_for app "http://$addr/readyz" # a remote provider may be away for a while

say ""
say "  ${BOLD}Wrengate is running at $origin${PLAIN}"
if [ "$with_provider" = yes ]; then
  say "  Sign in with any name: the provider is a local one, for development."
  say "  Make the provider misbehave: http://localhost:$provider_port/switchboard"
fi
say "  Logs: $logs. Stop with Ctrl-C."
say "  If signing in fails, this says why: ${doctor}target/release/wrengate doctor"
say ""

while all_alive; do sleep 0.5; done
exit 1
