#!/usr/bin/env bash
# Makes a fresh clone ready for one purpose: setup.sh <build|check|test|run>.
# Installs into a cache of its own, leaves the tools of the person alone, and skips what is already there.
set -euo pipefail
# shellcheck source=scripts/env.sh
. "$(dirname "$0")/env.sh"

purpose=${1:-}
case "$purpose" in
  build | check | test | run) ;;
  *) die 2 "usage: scripts/setup.sh <build|check|test|run>" ;;
esac

# Compiled tools are used a few times and thrown away: building them quickly matters more than their speed.
quick_install() {
  CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=256 CARGO_PROFILE_RELEASE_OPT_LEVEL="$1" \
    CARGO_TARGET_DIR="$TOOLS/build" cargo install --root "$TOOLS" --force "${@:2}"
  rm -rf "$TOOLS/build"
}

# ensure NAME CHECK INSTALL: nothing to say when the check holds; else install, show it, check again.
ensure() {
  local name=$1 check=$2 install=$3 began=$SECONDS
  if $check; then return 0; fi
  say "${BOLD}setup: $name${PLAIN}"
  $install
  $check || die 1 "$name was installed and still is not usable." "tools folder: $TOOLS"
  say "${GREEN}setup: $name ready after $((SECONDS - began)) s${PLAIN}"
}

# A downloaded executable takes seconds, a compiled one minutes; so try the download where its tool exists.
fetch_or_compile() {
  local crate=$1 version=$2 minutes=$3
  shift 3
  if have cargo-binstall; then
    if with_limit 120 cargo-binstall --no-confirm --disable-strategies compile --root "$TOOLS" "$crate@$version"; then
      return 0
    fi
    warn "no ready-made $crate $version; compiling it"
  fi
  say "compiling $crate $version once, about $minutes minutes on two cores (with cargo-binstall: seconds)"
  "$@"
}

# --- what the person has to bring -------------------------------------------------------------------------------
have cargo || die 2 "Rust is not installed." \
  "curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh" "then open a new terminal"
have node || die 2 "Node.js $NODE_MINIMUM or newer is not installed." \
  "Debian, Ubuntu: sudo apt-get install nodejs npm" "macOS: brew install node"
have npm || die 2 "npm is not installed." "Debian, Ubuntu: sudo apt-get install npm"
node_major=$(node -p 'process.versions.node.split(".")[0]')
[ "$node_major" -ge "$NODE_MINIMUM" ] || die 2 "Node.js $NODE_MINIMUM or newer is needed, this is $(node --version)."
[ -f Cargo.lock ] || die 1 "Cargo.lock is missing." "git checkout Cargo.lock"

rust_needed=$(sed -n 's/^rust-version *= *"\([0-9.]*\)".*/\1/p' Cargo.toml)
rust_here=$(rustc --version | cut -d' ' -f2)
oldest=$(printf '%s\n%s\n' "$rust_needed" "${rust_here%%-*}" | sort -t. -k1,1n -k2,2n -k3,3n | head -n 1)
[ -z "$rust_needed" ] || [ "$oldest" = "$rust_needed" ] ||
  die 2 "Rust $rust_needed or newer is needed, this is $rust_here." "rustup update stable"

# --- pieces, each a check and an installation -------------------------------------------------------------------
sysroot=$(rustc --print sysroot)
has_wasm_target() { [ -d "$sysroot/lib/rustlib/wasm32-unknown-unknown/lib" ]; }
get_wasm_target() {
  have rustup || die 2 "The wasm32-unknown-unknown target is missing, and rustup with it." \
    "install Rust with rustup, or your distribution's package of that target"
  rustup target add wasm32-unknown-unknown
}

has_lint_tools() { [ -x "$sysroot/bin/cargo-clippy" ] && [ -x "$sysroot/bin/cargo-fmt" ]; }
get_lint_tools() {
  have rustup || die 2 "clippy or rustfmt is missing, and rustup with it."
  rustup component add clippy rustfmt
}

has_cargo_leptos() { have cargo-leptos && [ "$(cargo-leptos --version 2>/dev/null)" = "cargo-leptos $CARGO_LEPTOS_VERSION" ]; }
get_cargo_leptos() {
  fetch_or_compile cargo-leptos "$CARGO_LEPTOS_VERSION" 6 \
    quick_install 0 cargo-leptos --version "$CARGO_LEPTOS_VERSION" --locked --features no_downloads
}

wasm_bindgen_version=$(awk '/^name = "wasm-bindgen"$/ { getline; gsub(/[^0-9.]/, ""); print; exit }' Cargo.lock)
has_wasm_bindgen() {
  have wasm-bindgen && have wasm-bindgen-test-runner &&
    [ "$(wasm-bindgen --version 2>/dev/null)" = "wasm-bindgen $wasm_bindgen_version" ]
}
# Without --locked: its lock file names versions that not every registry still has.
get_wasm_bindgen() {
  [ -n "$wasm_bindgen_version" ] || die 1 "Cargo.lock names no wasm-bindgen."
  fetch_or_compile wasm-bindgen-cli "$wasm_bindgen_version" 2 \
    quick_install 1 wasm-bindgen-cli --version "$wasm_bindgen_version"
}

has_nextest() { have cargo-nextest; }
get_nextest() {
  fetch_or_compile cargo-nextest "$CARGO_NEXTEST_VERSION" 5 \
    quick_install 1 cargo-nextest --version "$CARGO_NEXTEST_VERSION" --locked
}

# The stamp is a copy of the lock file that the folder was made from.
npm_stamp=end2end/node_modules/.wrengate-lock
has_npm_packages() { [ -x "$NPM_BIN/wasm-opt" ] && cmp -s end2end/package-lock.json "$npm_stamp"; }
get_npm_packages() {
  (cd end2end && npm ci --ignore-scripts --no-audit --no-fund)
  cp end2end/package-lock.json "$npm_stamp"
}

has_browser() {
  [ -n "${WRENGATE_BROWSER:-}" ] || system_browser >/dev/null || playwright_browser
}
get_browser() {
  if (cd end2end && with_limit 300 npx playwright install chromium); then return 0; fi
  warn "Playwright could not download its Chromium"
  if have apt-get && [ "$(id -u)" = 0 ]; then
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y chromium
  elif have apt-get && have sudo && sudo -n true 2>/dev/null; then
    sudo -n apt-get update -qq && sudo -n DEBIAN_FRONTEND=noninteractive apt-get install -y chromium
  else
    die 2 "The browser tests need Chromium." \
      "cd end2end && npx playwright install chromium" \
      "or install Chromium or Chrome, or name one: WRENGATE_BROWSER=/path/to/chromium"
  fi
}

# Another engine, for a few tests: the distribution's own, which needs no driver of its own.
has_firefox() { [ -x "${WRENGATE_FIREFOX:-/usr/bin/firefox-esr}" ]; }
get_firefox() {
  local apt=(apt-get)
  if have apt-get && [ "$(id -u)" != 0 ] && have sudo && sudo -n true 2>/dev/null; then
    apt=(sudo -n DEBIAN_FRONTEND=noninteractive apt-get)
  elif ! have apt-get || [ "$(id -u)" != 0 ]; then
    die 2 "A few browser tests need Firefox." "Debian: sudo apt-get install firefox-esr" \
      "or install Firefox, and name it: WRENGATE_FIREFOX=/path/to/firefox"
  fi
  "${apt[@]}" update -qq || true
  DEBIAN_FRONTEND=noninteractive "${apt[@]}" install -y --no-install-recommends firefox-esr
}

# The servers that keep sessions, for their tests: the programs alone, which the tests start themselves.
has_stores() { postgres_programs >/dev/null && redis_program >/dev/null; }
get_stores() {
  local packages=(postgresql redis-server) apt=(apt-get)
  if have apt-get && [ "$(id -u)" != 0 ] && have sudo && sudo -n true 2>/dev/null; then
    apt=(sudo -n DEBIAN_FRONTEND=noninteractive apt-get)
  elif ! have apt-get || [ "$(id -u)" != 0 ]; then
    die 2 "The tests of the stores need PostgreSQL and Redis (or Valkey)." \
      "Debian, Ubuntu: sudo apt-get install ${packages[*]}" "macOS: brew install postgresql redis"
  fi
  # Where a package cannot start its service, the programs are there all the same.
  "${apt[@]}" update -qq || true
  DEBIAN_FRONTEND=noninteractive "${apt[@]}" install -y --no-install-recommends "${packages[@]}" || true
}

# A provider in Python that nobody here wrote. The stamp is the list of packages it was made from.
foreign=$TOOLS/foreign-provider
foreign_list=end2end/foreign-provider/requirements.txt
has_foreign_provider() { cmp -s "$foreign_list" "$foreign/requirements.txt"; }
# Debian's Python may come without venv; its pip can still fill a folder.
get_foreign_provider() {
  rm -rf "$foreign"
  mkdir -p "$foreign"
  if python3 -m venv "$foreign/venv" >"$foreign/venv.log" 2>&1; then
    "$foreign/venv/bin/python3" -m pip install "${foreign_pip[@]}" -r "$foreign_list" || return 1
  else
    rm -rf "$foreign/venv"
    python3 -m pip install "${foreign_pip[@]}" --target "$foreign/packages" -r "$foreign_list" || return 1
  fi
  cp "$foreign_list" "$foreign/requirements.txt"
}
foreign_pip=(--quiet --disable-pip-version-check --only-binary :all:)
# Without it every other test can still run, and the one that needs it fails and says the same.
want_foreign_provider() {
  if has_foreign_provider; then return 0; fi
  local began=$SECONDS
  say "${BOLD}setup: provider in Python${PLAIN}"
  if have python3 && get_foreign_provider; then
    say "${GREEN}setup: provider in Python ready after $((SECONDS - began)) s${PLAIN}"
  else
    warn "no provider in Python; its browser test will fail"
    warn "Debian, Ubuntu: sudo apt-get install python3 python3-venv (3.11 or newer); macOS: brew install python3"
  fi
}

# --- what each purpose needs ------------------------------------------------------------------------------------
mkdir -p "$TOOLS"
ensure "wasm32 target of Rust" has_wasm_target get_wasm_target
case "$purpose" in
  check | test)
    ensure "clippy and rustfmt" has_lint_tools get_lint_tools
    ensure "cargo-nextest" has_nextest get_nextest
    ;;
esac
case "$purpose" in
  build | test | run)
    ensure "npm packages" has_npm_packages get_npm_packages
    ensure "cargo-leptos $CARGO_LEPTOS_VERSION" has_cargo_leptos get_cargo_leptos
    ensure "wasm-bindgen-cli $wasm_bindgen_version" has_wasm_bindgen get_wasm_bindgen
    ;;
esac
case "$purpose" in
  test)
    ensure "Chromium" has_browser get_browser
    ensure "Firefox" has_firefox get_firefox
    ensure "PostgreSQL and Redis" has_stores get_stores
    want_foreign_provider
    ;;
esac
