# shellcheck shell=bash disable=SC2034
# Sourced through env.sh: how the scripts speak, give up, keep time, and run a long command without going silent.

if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then
  BOLD=$'\e[1m' GREEN=$'\e[32m' RED=$'\e[31m' YELLOW=$'\e[33m' PLAIN=$'\e[0m'
else
  BOLD='' GREEN='' RED='' YELLOW='' PLAIN=''
fi

say() { printf '%s\n' "$*"; }
warn() { printf '%s%s%s\n' "$YELLOW" "$*" "$PLAIN" >&2; }

# die CODE LINE...: the code is 2 for "your machine lacks something", 1 for everything else.
die() {
  local code=$1
  shift
  printf '%s%s%s\n' "$RED" "$1" "$PLAIN" >&2
  shift
  local line
  for line in "$@"; do printf '  %s\n' "$line" >&2; done
  exit "$code"
}

have() { command -v "$1" >/dev/null 2>&1; }

# with_limit SECONDS COMMAND...: timeout(1), where the system has one.
with_limit() {
  local limit=$1
  shift
  if have timeout; then timeout "$limit" "$@"; else "$@"; fi
}

# The last line of a log worth showing: no colours, no progress bar leftovers, short.
last_line() {
  tail -n 5 "$1" 2>/dev/null | tr '\r' '\n' | sed $'s/\e\\[[0-9;]*[A-Za-z]//g; s/^[[:space:]]*//' |
    grep -v '^$' | tail -n 1 | cut -c1-100 || true
}

# run_logged LABEL LOG COMMAND...: output goes to the log, a line to the screen every half minute.
# The command is a process group of its own, so that stop_logged ends compilers and browsers with it.
LOGGED_PID=''
run_logged() {
  local label=$1 log=$2 began=$SECONDS next pause=0.1 rc=0
  shift 2
  set -m
  "$@" >"$log" 2>&1 </dev/null &
  LOGGED_PID=$!
  set +m
  next=$((began + 30))
  while kill -0 "$LOGGED_PID" 2>/dev/null; do
    sleep "$pause"
    [ $((SECONDS - began)) -lt 3 ] || pause=0.5
    if [ "$SECONDS" -ge "$next" ]; then
      printf '    %s: %s s so far; %s\n' "$label" $((SECONDS - began)) "$(last_line "$log")"
      next=$((SECONDS + 30))
    fi
  done
  wait "$LOGGED_PID" || rc=$?
  LOGGED_PID=''
  return "$rc"
}

# Interrupt first: runners then close what they started, browsers in other process groups included.
stop_logged() {
  [ -n "$LOGGED_PID" ] || return 0
  local pid=$LOGGED_PID patience
  LOGGED_PID=''
  kill -INT -- "-$pid" 2>/dev/null || return 0
  for patience in 20 20; do
    while [ "$patience" -gt 0 ] && kill -0 -- "-$pid" 2>/dev/null; do
      sleep 0.5
      patience=$((patience - 1))
    done
    kill -TERM -- "-$pid" 2>/dev/null || return 0
  done
  kill -KILL -- "-$pid" 2>/dev/null || true
}

# The browser of the system, if there is one that starts. Ubuntu's chromium-browser can be an empty shell.
system_browser() {
  local name
  for name in chromium google-chrome google-chrome-stable chromium-browser; do
    if have "$name" && with_limit 20 "$name" --version >/dev/null 2>&1; then
      command -v "$name"
      return 0
    fi
  done
  return 1
}

# Whether Playwright has downloaded a browser of its own.
playwright_browser() {
  (cd end2end && node --input-type=module -e '
    import { existsSync } from "node:fs";
    import { chromium } from "@playwright/test";
    process.exit(existsSync(chromium.executablePath()) ? 0 : 1);
  ') >/dev/null 2>&1
}

# The folder with the programs of the newest PostgreSQL; Debian has them outside of PATH.
postgres_programs() {
  local folder
  for folder in $(printf '%s\n' /usr/lib/postgresql/*/bin | sort -rV) "$(dirname "$(command -v initdb || true)")"; do
    if [ -x "$folder/initdb" ] && [ -x "$folder/postgres" ]; then
      say "$folder"
      return 0
    fi
  done
  return 1
}

redis_program() { command -v redis-server || command -v valkey-server; }
