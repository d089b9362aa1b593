#!/usr/bin/env bash
# Brings everything that shopctl needs on Debian 12: packages from Debian, Node 24 and the libraries from npm, the OS
# user of the shop, the build; with --test also the browser that the storefront's tests use and the emulator of AWS.
# Says what it will install before it does; does nothing (in under 3 s) when all is there.
set -euo pipefail
cd "$(dirname "$0")/.."

packages=(postgresql-15 pgbouncer redis-server haproxy nginx runit snooze prometheus prometheus-alertmanager
  prometheus-postgres-exporter prometheus-redis-exporter)
test_packages=(chromium)
if [ "${1:-}" = --test ]; then packages+=("${test_packages[@]}"); fi
service_user=shopctl
changed=""

say() { printf '%s\n' "$*" >&2; }
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -- "$@"; fi; }

missing_packages() {
  local installed name
  # shellcheck disable=SC2016 # dpkg-query expands its own fields
  installed=" $(dpkg-query -W -f '${Package}:${db:Status-Status} ' "${packages[@]}" 2>/dev/null || true)"
  for name in "${packages[@]}"; do [[ $installed == *" $name:installed "* ]] || printf '%s ' "$name"; done
}

# The packages bring servers that would start at once and take the standard ports; environments start their own.
install_packages() {
  as_root mkdir -p /etc/postgresql-common/createcluster.d
  as_root sh -c 'echo "create_main_cluster = false" > /etc/postgresql-common/createcluster.d/shopctl.conf'
  as_root apt-get update -q >&2
  as_root scripts/hold-servers.sh /usr/sbin/policy-rc.d env DEBIAN_FRONTEND=noninteractive apt-get install -y -q \
    --no-install-recommends -o Dpkg::Options::=--force-confold "$@" >&2
}

if command -v apt-get >/dev/null; then
  missing=$(missing_packages)
  if [ -n "$missing" ]; then
    say "Set-up installs from Debian: $missing"
    # shellcheck disable=SC2086 # a list of package names
    install_packages $missing
    changed=yes
  fi
  if ! id "$service_user" >/dev/null 2>&1; then
    say "Set-up makes the system user '$service_user', which the shop runs as"
    as_root useradd --system --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin "$service_user"
    changed=yes
  fi
elif [ "${SHOPCTL_SKIP_SYSTEM_PACKAGES:-}" != 1 ]; then
  say "This is not Debian, so set-up installs no system packages; 'bin/shopctl doctor' says what is missing and how to get it."
fi

# What was installed is compared by content: times of files say nothing after a copy or a restored backup.
installed=node_modules/.installed-package-lock.json
if ! cmp -s package-lock.json "$installed" || ! [ -x node_modules/.bin/tsc ]; then
  say "Set-up installs from npm: Node 24 (node_modules/.bin/node) and the libraries in package-lock.json"
  # Not `npm ci`: a registry mirror may lack the optional packages of other platforms, which `ci` insists on.
  npm install --no-save --no-audit --no-fund --loglevel=error >&2
  cp package-lock.json "$installed"
  changed=yes
fi

PATH="$PWD/node_modules/.bin:$PATH"
if ! node -e 'process.exit(Number(process.versions.node.split(".")[0]) >= 24 ? 0 : 1)'; then
  say "shopctl needs Node 24 or later; this system's is $(node --version). See https://nodejs.org or, on macOS, 'brew install node@24'."
  exit 2
fi
node scripts/build.ts
if [ "${1:-}" = --test ]; then scripts/setup-python-tool.sh moto; fi

if [ -n "$changed" ]; then say "Set-up is done."; fi
