#!/usr/bin/env bash
# The quick loop before every commit: formatting, lints on both targets, dependency fences, tidy rules.
# Native and wasm32 are never linted in one invocation: Cargo would unify the features `ssr` and `hydrate`.
set -euo pipefail
# shellcheck source=scripts/env.sh
. "$(dirname "$0")/env.sh"
scripts/setup.sh check

step() {
  local name=$1 began=$SECONDS
  shift
  say "${BOLD}$name${PLAIN}"
  "$@" || die 1 "check: $name failed after $((SECONDS - began)) s."
  say "${GREEN}$name: ok, $((SECONDS - began)) s${PLAIN}"
}

step "fmt" cargo fmt --all --check
step "clippy, native" cargo clippy --workspace --exclude wrengate-frontend --all-targets -- -D warnings
step "clippy, wasm32" cargo clippy -p wrengate-frontend --features split --target wasm32-unknown-unknown -- -D warnings
step "fences" scripts/fences.sh
step "tidy" cargo-nextest nextest run -p wrengate-backend --test it -E 'test(/^tidy/)'
say "${GREEN}check: everything holds, $SECONDS s${PLAIN}"
