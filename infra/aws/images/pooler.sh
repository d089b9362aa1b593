#!/bin/sh
# PgBouncer from the task's variables; nothing but /tmp is writable. Its users sign in with the password that it signs in
# with itself. Between the tasks of the shop's own network it speaks plainly, to RDS by TLS with RDS' certificates.
set -eu
umask 077
: "${POOLER_PORT:?}" "${POOLER_DATABASE_HOST:?}" "${POOLER_DATABASE_PORT:?}" "${POOLER_SIZE:?}" "${POOLER_PASSWORD:?}"
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
server_tls_sslmode = verify-full
server_tls_ca_file = /etc/pooler/rds.pem
ignore_startup_parameters = extra_float_digits
logfile =
CONFIG
exec pgbouncer /tmp/pgbouncer.ini
