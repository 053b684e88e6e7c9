#!/usr/bin/env bash
# What a session check costs, with few sessions and with a million, in SQLite and in PostgreSQL.
set -euo pipefail
# shellcheck source=scripts/env.sh
. "$(dirname "$0")/env.sh"

scripts/setup.sh test
scripts/build.sh
scripts/with-stores.sh cargo bench -p wrengate-backend --bench session_check
