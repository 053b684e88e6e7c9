#!/usr/bin/env bash
# Every check and every test, one after the other, each to its end whatever the others did.
# The last line of stdout is "N passed, N failed": tests as their runners count them, one for each plain check.
# shellcheck disable=SC2317 # steps are functions called by name
set -euo pipefail
# shellcheck source=scripts/env.sh
. "$(dirname "$0")/env.sh"

logs=target/test-logs
rows=() broken=() again=()
passed=0 failed=0

# record NAME RESULT PASSED FAILED SKIPPED SECONDS NOTE
record() {
  passed=$((passed + $3)) failed=$((failed + $4))
  rows+=("$(printf '%-16s %-8s %7s %7s %8s %8s  %s' "$1" "$2" "$3" "$4" "$5" "$6" "$7")")
  local colour=$GREEN
  [ "$2" = ok ] || colour=$YELLOW
  [ "$2" != FAILED ] || colour=$RED
  printf '%s%-16s %s%s, %s s%s\n' "$colour" "$1" "$2" "$PLAIN" "$6" "${7:+ ($7)}"
}

finish() {
  trap - INT TERM HUP
  printf '\n%-16s %-8s %7s %7s %8s %8s\n' step result passed failed skipped seconds
  local row
  for row in "${rows[@]}"; do say "$row"; done
  if [ "${#broken[@]}" != 0 ]; then
    printf '\nFailed:\n'
    printf '  %.300s\n' "${broken[@]:0:40}"
  fi
  if [ "${#again[@]}" != 0 ]; then
    printf '\nPassed at the second try only:\n'
    printf '  %.300s\n' "${again[@]}"
  fi
  printf '\nLogs: %s. Took %s min %s s.\n' "$logs" $((SECONDS / 60)) $((SECONDS % 60))
  say "$passed passed, $failed failed"
  [ "$failed" = 0 ] || exit "${1:-1}"
  exit 0
}

interrupted() {
  stop_logged
  record "$current" FAILED 0 1 0 "$((SECONDS - began))" "interrupted"
  finish 130
}
current=setup began=0

# run NAME KIND COMMAND...: KIND `check` counts one; any other is a runner whose numbers count.mjs can read.
run() {
  local name=$1 kind=$2 rc=0 counts p f s note='' test
  shift 2
  current=$name began=$SECONDS
  local log=$logs/$name.log source=$logs/$name.log
  [ "$kind" != playwright ] || source=$logs/playwright.json
  printf '%s%s ...%s\n' "$BOLD" "$name" "$PLAIN"
  run_logged "$name" "$log" "$@" || rc=$?

  if [ "$kind" = check ]; then
    p=$((rc == 0)) f=$((rc != 0)) s=0
  elif counts=$(node scripts/count.mjs "$kind" "$source" 2>>"$log"); then
    {
      read -r p f s
      while read -r test; do
        case $test in
          'again: '*) again+=("$name: ${test#again: }") ;;
          *) broken+=("$name: $test") ;;
        esac
      done
    } <<<"$counts"
    if [ $((p + f)) = 0 ]; then f=1 note="no test ran"; fi
  else
    p=0 f=1 s=0 note="its numbers could not be read"
  fi
  if [ "$rc" != 0 ] && [ "$f" = 0 ]; then f=1 note="ended with status $rc"; fi

  if [ "$f" = 0 ]; then
    record "$name" ok "$p" "$f" "$s" $((SECONDS - began)) "$note"
    return 0
  fi
  say "--- end of $log"
  tail -n 60 "$log" | cut -c1-400 | sed 's/^/  | /'
  record "$name" FAILED "$p" "$f" "$s" $((SECONDS - began)) "$note"
  return 1
}

skip() { record "$1" skipped 0 0 0 0 "$2"; }
not_run() { record "$1" FAILED 0 1 0 0 "$2"; }

rustdoc() {
  RUSTDOCFLAGS="-D warnings" cargo doc --workspace --exclude wrengate-frontend --no-deps --document-private-items
}

wasm_tests() {
  CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER=$(command -v wasm-bindgen-test-runner) \
    cargo test -p wrengate-protocol --target wasm32-unknown-unknown --lib --tests --no-fail-fast
}

# node_tests FOLDER: files by name, because Node 20 and later versions read a folder argument differently.
node_tests() {
  local files=() file
  while IFS= read -r file; do files+=("$file"); done < <(find "$1" -name '*.test.*js')
  [ "${#files[@]}" -gt 0 ] || die 1 "no test files under $1"
  node --test --test-reporter=tap "${files[@]}"
}

browser_tests() {
  if [ -z "${WRENGATE_BROWSER:-}" ] && browser=$(system_browser); then export WRENGATE_BROWSER=$browser; fi
  rm -f "$logs/playwright.json"
  PLAYWRIGHT_JSON_OUTPUT_FILE=$ROOT/$logs/playwright.json scripts/with-stores.sh \
    bash -c 'cd end2end && exec npx playwright test --forbid-only --reporter=list,json'
}

mkdir -p "$logs"
trap interrupted INT TERM HUP
native=(--workspace --exclude wrengate-frontend)

scripts/setup.sh test || { not_run setup "a tool is missing, see above"; finish; }

run fences check scripts/fences.sh || true
run fmt check cargo fmt --all --check || true
run clippy-native check cargo clippy "${native[@]}" --all-targets -- -D warnings || true
run clippy-wasm check cargo clippy -p wrengate-frontend --features split --target wasm32-unknown-unknown -- -D warnings || true
if [ ! -f deny.toml ]; then
  skip deny "no deny.toml"
elif have cargo-deny; then
  run deny check cargo-deny --all-features check || true
else
  skip deny "cargo-deny is not installed: cargo install cargo-deny --locked"
fi
if have promtool; then
  run rules check promtool test rules ops/alerts.test.yml || true
else
  skip rules "promtool is not installed; Debian's package prometheus has it"
fi
run unit nextest scripts/with-stores.sh cargo-nextest nextest run "${native[@]}" --no-fail-fast || true
if grep -rqE --include='*.rs' '^[[:space:]]*//[/!] ```' app frontend server; then
  run doctests libtest cargo test --doc "${native[@]}" --no-fail-fast || true
else
  skip doctests "no example in any documentation"
fi
run rustdoc check rustdoc || true
run wasm libtest wasm_tests || true
run provider tap node_tests end2end/provider || true
run scripts tap node_tests scripts || true
run types check "$NPM_BIN/tsc" --noEmit -p end2end || true
if run build check scripts/build.sh; then
  run css check node scripts/css.mjs || true
  run size check node scripts/size.mjs || true
  run browser playwright browser_tests || true
else
  for step in css size browser; do not_run "$step" "no release build to look at"; done
fi
finish
