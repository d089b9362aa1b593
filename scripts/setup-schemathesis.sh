#!/usr/bin/env bash
# Brings schemathesis, which tests the shop against its OpenAPI document, into a Python environment of its own (folder
# .schemathesis, about 60 MB). Only tests use it. Does nothing when the pinned versions are there.
set -euo pipefail
cd "$(dirname "$0")/.."

folder=.schemathesis
pinned=scripts/schemathesis-requirements.txt

if cmp -s "$pinned" "$folder/installed.txt"; then exit 0; fi

say() { printf '%s\n' "$*" >&2; }
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -- "$@"; fi; }
python=$(if [ -x /usr/bin/python3 ]; then echo /usr/bin/python3; else command -v python3 || true; fi)

if [ -z "$python" ] || ! "$python" -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null; then
  if ! command -v apt-get >/dev/null; then
    say "schemathesis needs Python 3.10 or later with its modules venv and ensurepip; this system has none."
    exit 2
  fi
  say "Set-up installs from Debian, for tests: python3-venv"
  { as_root apt-get update -q && as_root env DEBIAN_FRONTEND=noninteractive \
      apt-get install -y -q --no-install-recommends python3-venv; } >&2
  python=/usr/bin/python3
fi

say "Set-up installs from PyPI, for tests: schemathesis with the versions in $pinned"
rm -rf "$folder"
"$python" -m venv "$folder"
"$folder/bin/pip" install --quiet --disable-pip-version-check --no-input --only-binary :all: -r "$pinned" >&2
cp "$pinned" "$folder/installed.txt"
