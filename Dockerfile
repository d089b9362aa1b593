# syntax=docker/dockerfile:1.7
# Images of the shop (service, mail worker and one-off tasks are programs of the same one) and of its pooler, for ARM64 or
# x86-64: docker build --target shop -t shop . && docker build --target pooler -t pooler .
# Equal sources give equal files: versions are exact, npm takes the lockfile, and --build-arg SOURCE_DATE_EPOCH with
# buildx' rewrite-timestamp fixes the times. AWS' tasks name images by their digest only.

FROM node:24.22.3-bookworm-slim AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY tsconfig.json ./
COPY scripts ./scripts
COPY dashboards ./dashboards
COPY service ./service
COPY infra ./infra
COPY cli ./cli
COPY bin ./bin
RUN node scripts/build.ts --force

# RDS' certificates, which no system trusts by itself: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html
FROM node:24.22.3-bookworm-slim AS certificates
ADD --chmod=444 https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem /rds.pem

FROM node:24.22.3-bookworm-slim AS shop
ENV NODE_ENV=production NODE_EXTRA_CA_CERTS=/app/rds.pem
WORKDIR /app
COPY --from=certificates /rds.pem ./rds.pem
COPY --from=build /build/dist/service ./
# What a task mounts there is root's alone unless the image says that it is a volume; then it is as the image has it, with
# mode 1777: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/bind-mounts.html
VOLUME ["/tmp"]
USER 10001:10001
EXPOSE 8080 9090
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.SHOP_INTERNAL_PORT ?? 9090}/healthz`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# As on one machine: infra/local/provider/resources/node-arguments.ts says why.
CMD ["node", "--no-allocation-site-pretenuring", "main.js"]

FROM debian:12.11-slim AS pooler
RUN apt-get update \
  && apt-get install --yes --no-install-recommends pgbouncer=1.18.* postgresql-client \
  && rm -rf /var/lib/apt/lists/*
COPY --from=certificates /rds.pem /etc/pooler/rds.pem
COPY --chmod=555 infra/aws/images/pooler.sh /usr/local/bin/pooler
VOLUME ["/tmp"]
USER 10001:10001
EXPOSE 6432
HEALTHCHECK --interval=10s --timeout=5s --start-period=10s --retries=3 \
  CMD ["pg_isready", "-q", "-h", "127.0.0.1", "-U", "shop", "-d", "shop", "-p", "6432"]
CMD ["pooler"]
