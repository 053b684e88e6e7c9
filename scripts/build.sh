#!/usr/bin/env bash
# Release build of the server and the site, skipped when no source is newer than the last one.
# A rebuild that changes nothing still costs half a minute of wasm-opt and brotli, so it is worth asking first.
set -euo pipefail
# shellcheck source=scripts/env.sh
. "$(dirname "$0")/env.sh"

stamp=target/release/.wrengate-built

# Every file that hash.txt promises is in the site: a debug build or a cleaned folder would break that.
site_is_whole() {
  [ -x target/release/wrengate ] && [ -s target/release/hash.txt ] || return 1
  local kind hash
  while IFS=': ' read -r kind hash; do
    case $kind in
      manifest) continue ;; # nobody is sent that
      split)
        [ -s "target/site/pkg/split_signed_in.$hash.wasm" ] || return 1
        kind=js
        ;;
      inspector)
        [ -s "target/site/pkg/inspector.$hash.css" ] || return 1
        continue
        ;;
    esac
    compgen -G "target/site/pkg/*.$hash.$kind" >/dev/null || return 1
  done <target/release/hash.txt
  grep -q '^split: ' target/release/hash.txt && grep -q '^inspector: ' target/release/hash.txt
}

up_to_date() {
  [ -f "$stamp" ] && site_is_whole || return 1
  local sources=() path newer
  for path in app frontend server style public Cargo.toml Cargo.lock .cargo rust-toolchain.toml scripts/versions.env scripts/env.sh scripts/build.sh scripts/rehash.mjs scripts/sheets.mjs end2end/package-lock.json scripts/bin; do
    [ -e "$path" ] && sources+=("$path")
  done
  newer=$(find "${sources[@]}" -path '*/tests' -prune -o -newer "$stamp" -print | head -n 1)
  [ -z "$newer" ]
}

if up_to_date; then
  say "release build is up to date"
  exit 0
fi
say "release build (a first one takes some minutes)"
mkdir -p target/release
next=$(mktemp "$stamp.XXXXXX") # before the build: what changes meanwhile is newer
trap 'rm -f "$next"' EXIT
# Without backtraces: of the tool itself, they bury the compiler's message.
RUST_BACKTRACE=0 cargo-leptos leptos build --release --split --lib-features hydrate,split --precompress
node scripts/rehash.mjs
node scripts/sheets.mjs
site_is_whole || die 1 "The build ended well, but target/site does not hold the files that hash.txt names."
mv "$next" "$stamp"
