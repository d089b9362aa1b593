#!/usr/bin/env bash
# The bench of the service: brings its driver, builds the shop as for production, and measures. Options: test/load/bench-service.ts.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! command -v wrk >/dev/null; then
  if ! command -v apt-get >/dev/null; then
    echo "The bench drives load with wrk, which is not installed. On macOS: brew install wrk (and the bench needs taskset, so Linux)." >&2
    exit 2
  fi
  echo "The bench installs its load driver from Debian: wrk" >&2
  as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -- "$@"; fi; }
  { as_root apt-get update -q && as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends wrk; } >&2
fi
if ! command -v taskset >/dev/null; then
  echo "The bench pins processes to cores with taskset (Debian: util-linux), which is not there." >&2
  exit 2
fi

node scripts/build.ts
exec node test/load/bench-service.ts "$@"
