#!/bin/sh
# PgBouncer from the task's variables; nothing but /tmp is writable. Its users sign in with the password that it signs in
# with itself. Between the tasks of the shop's own network it speaks plainly, to RDS by TLS with RDS' certificates. Times
# are the local pooler's.
set -eu
umask 077
: "${POOLER_PORT:?}" "${POOLER_DATABASE_HOST:?}" "${POOLER_DATABASE_PORT:?}" "${POOLER_SIZE:?}" "${POOLER_PASSWORD:?}" "${POOLER_LEAVE_SECONDS:?}"
printf '"shop" "%s"\n' "$POOLER_PASSWORD" > /tmp/users
cat > /tmp/pgbouncer.ini << CONFIG
[databases]
shop = host=$POOLER_DATABASE_HOST port=$POOLER_DATABASE_PORT dbname=shop
[pgbouncer]
listen_addr = 0.0.0.0
listen_port = $POOLER_PORT
unix_socket_dir =
auth_type = scram-sha-256
auth_file = /tmp/users
pool_mode = transaction
default_pool_size = $POOLER_SIZE
max_client_conn = 2000
server_lifetime = 600
server_idle_timeout = 60
server_connect_timeout = 10
server_login_retry = 1
query_wait_timeout = 10
server_tls_sslmode = verify-full
server_tls_ca_file = /etc/pooler/rds.pem
ignore_startup_parameters = extra_float_digits
logfile =
CONFIG
pgbouncer /tmp/pgbouncer.ini &
pooler=$!
# ECS ends a task by SIGTERM, which PgBouncer 1.18 obeys at once. Others may have its address for a while yet, and are
# served until then; SIGINT lets the transactions that are open end first.
trap 'sleep "$POOLER_LEAVE_SECONDS"; kill -INT "$pooler" || true' TERM
# The trap cuts a wait short.
while kill -0 "$pooler" 2> /dev/null; do
  status=0
  wait "$pooler" || status=$?
done
exit "$status"
