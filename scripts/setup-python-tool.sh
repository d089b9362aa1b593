#!/usr/bin/env bash
# Brings a tool from PyPI that only tests use into a Python environment of its own: setup-python-tool.sh NAME makes the
# folder .NAME with the versions of scripts/NAME-requirements.txt (schemathesis: 60 MB, moto: 190 MB). Does nothing when
# they are there.
set -euo pipefail
cd "$(dirname "$0")/.."

name=$1
folder=.$name
pinned=scripts/$name-requirements.txt

if cmp -s "$pinned" "$folder/installed.txt"; then exit 0; fi

say() { printf '%s\n' "$*" >&2; }
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -- "$@"; fi; }
python=$(if [ -x /usr/bin/python3 ]; then echo /usr/bin/python3; else command -v python3 || true; fi)

if [ -z "$python" ] || ! "$python" -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null; then
  if ! command -v apt-get >/dev/null; then
    say "$name needs Python 3.10 or later with its modules venv and ensurepip; this system has none."
    exit 2
  fi
  say "Set-up installs from Debian, for tests: python3-venv"
  { as_root apt-get update -q && as_root env DEBIAN_FRONTEND=noninteractive \
      apt-get install -y -q --no-install-recommends python3-venv; } >&2
  python=/usr/bin/python3
fi

say "Set-up installs from PyPI, for tests: $name with the versions in $pinned"
rm -rf "$folder"
"$python" -m venv "$folder"
"$folder/bin/pip" install --quiet --disable-pip-version-check --no-input --only-binary :all: -r "$pinned" >&2
cp "$pinned" "$folder/installed.txt"
