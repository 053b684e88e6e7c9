#!/usr/bin/env bash
# Keeps the server out of the browser bundle and the page out of the backend, by what Cargo really resolves.
# Names are compared whole. A listing without the packages that must be there is a broken check, not a pass.
set -euo pipefail
# shellcheck source=scripts/env.sh
. "$(dirname "$0")/env.sh"

broken=0

# fence PACKAGE TARGET "EXPECTED..." "FORBIDDEN..."; an empty target is this machine's.
fence() {
  local package=$1 tree=(cargo tree --locked -p "$1" -e normal) names name
  [ -z "$2" ] || tree+=(--target "$2")
  names=$("${tree[@]}" --prefix none --format '{p}' | awk '{ print $1 }' | sort -u)
  for name in "$package" $3; do
    grep -qxF -- "$name" <<<"$names" || die 1 "fences: the tree of $package does not list $name; the check is broken."
  done
  for name in $4; do
    if grep -qxF -- "$name" <<<"$names"; then
      broken=$((broken + 1))
      say "fences: $package must not depend on $name:"
      "${tree[@]}" -i "$name" | sed 's/^/  /'
    fi
  done
  say "fences: $package has $(grep -c . <<<"$names") packages, looked for: $4"
}

fence wrengate-frontend wasm32-unknown-unknown \
  "wrengate-app wrengate-protocol leptos wasm-bindgen" \
  "wrengate-server wrengate-backend leptos_axum axum axum-core hyper hyper-util tokio reqwest rustls sqlx sqlx-core redis"

fence wrengate-backend "" \
  "wrengate-protocol tokio" \
  "wrengate-app wrengate-server leptos leptos_axum leptos_router axum axum-core web-sys"

[ "$broken" = 0 ] || die 1 "fences: $broken forbidden dependencies."
