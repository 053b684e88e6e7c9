# shellcheck shell=bash
# Sourced by every script: the repository as working directory, and the pinned tools in front of PATH.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$ROOT" || exit 1
# shellcheck source=scripts/lib.sh
. scripts/lib.sh

# shellcheck source=scripts/versions.env
. scripts/versions.env
TOOLS=${WRENGATE_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/wrengate/tools}
NPM_BIN=$ROOT/end2end/node_modules/.bin # wasm-opt, playwright, tsc
# cargo puts its own bin folder in front of PATH for subcommands, so the scripts call
# `cargo-leptos leptos`, never `cargo leptos`, which could be another version.
export PATH="$ROOT/scripts/bin:$TOOLS/bin:$NPM_BIN:$PATH"

# Messages of a panic name the file they come from; in the browser's half they shall not name folders
# of the machine that built it.
crates=$(echo "${CARGO_HOME:-$HOME/.cargo}"/registry/src/*)
export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS="--remap-path-prefix=${crates%% *}=crates --remap-path-prefix=$ROOT=."

if [ "${CI:-}" = true ]; then
  export CARGO_INCREMENTAL=0 CARGO_TERM_COLOR=never CARGO_TERM_PROGRESS_WHEN=never NO_COLOR=1
  unset FORCE_COLOR
fi
