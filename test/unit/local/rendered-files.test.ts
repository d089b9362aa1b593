import { expect, test } from "vitest";
import { unusableCharacters } from "../../../infra/environment/check-home.ts";
import { nginxConfig } from "../../../infra/local/cdn/nginx-config.ts";
import { componentPlaces } from "../../../infra/local/layout.ts";
import { exporterProcess } from "../../../infra/local/monitoring/exporter-process.ts";
import { poolerConfig } from "../../../infra/local/pgbouncer/pooler-config.ts";
import { passwordVerifier } from "../../../infra/local/postgres/password-verifier.ts";
import { redisConfig } from "../../../infra/local/redis/redis-config.ts";
import { replicationSettings } from "../../../infra/local/replication/replication-settings.ts";
import type { ServerRoles } from "../../../infra/local/replication/server-roles.ts";
import { fixedPartHash, routerConfig } from "../../../infra/local/router/router-config.ts";
import { digestOf } from "../../../infra/local/supervision/service-definition.ts";
import type { ServiceDefinition } from "../../../infra/local/supervision/service-definition.ts";
import { runScript } from "../../../infra/local/supervision/service-scripts.ts";
import { instanceName } from "../../../infra/local/provider/resources/service-instance.ts";
import type { ServiceInstanceInputs } from "../../../infra/local/provider/resources/service-instance.ts";
import { pathPlanOf } from "../../../infra/environment/path-plan.ts";

const router = {
  port: 1,
  metricsPort: 2,
  socket: "/s",
  backends: [{ name: "web-1-aaaa", httpPort: 10, internalPort: 11 }],
};

test("servers are no part of what a router must reload for", () => {
  const other = { ...router, backends: [] };
  expect(fixedPartHash(other)).toBe(fixedPartHash(router));
  expect(fixedPartHash({ ...router, port: 3 })).not.toBe(fixedPartHash(router));
  expect(routerConfig(router)).toContain("  server web-1-aaaa 127.0.0.1:10 check port 11 inter 500ms fall 2 rise 1\n");
});

test("a password verifier has the form that Postgres stores and follows from password and salt", () => {
  const salt = Buffer.from("AAECAwQFBgcICQoLDA0ODw==", "base64");
  expect(passwordVerifier("secret", salt)).toMatch(
    /^SCRAM-SHA-256\$4096:AAECAwQFBgcICQoLDA0ODw==\$[\w+/]{43}=:[\w+/]{43}=$/,
  );
  expect(passwordVerifier("secret", salt)).toBe(passwordVerifier("secret", salt));
});

const definition: ServiceDefinition = {
  name: "it",
  component: "web",
  command: ["/bin/it", "a b", "it's"],
  user: { name: "nobody", uid: 1, gid: 1 },
};

test("words of a command cannot become shell syntax", () => {
  expect(runScript(definition, ["/sys/fs/cgroup/cpu/x"])).toContain(`/bin/it 'a b' 'it'\\''s'\n`);
});

test("limits are resized live, so they are no reason for a restart; everything else is", () => {
  expect(digestOf({ ...definition, limits: { cpu: 1, memoryMiB: 1 } })).toBe(digestOf(definition));
  expect(digestOf({ ...definition, variables: { A: "1" } })).not.toBe(digestOf(definition));
});

test("an instance's name follows from what it runs, not from how long it may take", () => {
  const inputs: ServiceInstanceInputs = {
    paths: pathPlanOf("/home", "a"),
    ports: { first: 1, count: 2 },
    slot: 2,
    releaseFolder: "/r",
    cpu: 1,
    memoryMiB: 512,
    readyTimeoutMs: 1,
    stopTimeoutMs: 1,
    variables: { B: "2", A: "1" },
    secretVariables: {},
  };
  const name = instanceName(inputs);
  expect(name).toMatch(/^web-2-[0-9a-f]{8}$/);
  expect(instanceName({ ...inputs, readyTimeoutMs: 9, variables: { A: "1", B: "2" } })).toBe(name);
  expect(instanceName({ ...inputs, cpu: 2 })).not.toBe(name);
});

test("a home with blanks and letters of any script is one word in every configuration", () => {
  const paths = pathPlanOf("/var/tmp/h é", "a");
  const places = componentPlaces(paths);
  const root = "/var/tmp/h é/environments/a";
  expect(routerConfig({ ...router, socket: places.router.socket })).toContain(
    `  stats socket '${root}/run/router/haproxy.sock' mode 600 `,
  );
  const nginx = nginxConfig({ port: 1, originPort: 2, logPort: 3, ...places.cdn });
  expect(nginx).toContain(`\npid '${root}/run/cdn/nginx.pid';\n`);
  expect(nginx).toContain(`  proxy_temp_path '${root}/run/cdn/proxy-temp';\n`);
  expect(nginx).toContain(`  proxy_cache_path '${root}/data/cdn/files' levels=1:2 `);
  const redis = { port: 1, data: places.redis.data, maxMemoryMiB: 1, password: "p" };
  expect(redisConfig("cache", redis)).toContain(`\ndir '${root}/data/redis'\n`);
  const databaseSockets = places.postgres.sockets;
  const pooler = { port: 1, poolSize: 1, administrators: [], databaseSockets, databasePort: 2, ...places.pgbouncer };
  expect(poolerConfig(pooler)).toContain(`\nshop = host='${root}/run/postgres' port=2 dbname=shop\n`);
  const servers = [0, 1].map((number) => ({ number, port: number }));
  const roles: ServerRoles = { term: 0, primary: 0, servers, mode: "asynchronous", exempt: [], keepMiB: 64 };
  expect(replicationSettings(paths, roles, 1)["primary_conninfo"]).toMatch(/^host='\/var\/tmp\/h é\/[^']*' port=0 /);
  const exporter = exporterProcess(paths, { kind: "postgres", sourcePort: 2 }, 3);
  expect(exporter.variables?.["DATA_SOURCE_NAME"]).toMatch(/^user=\S+ port=2 dbname=shop sslmode=disable$/);
  expect(exporter.variables?.["PGHOST"]).toBe(`${root}/run/postgres`);
});

test("a plain home is written as it always was, so that nothing reloads for it", () => {
  expect(routerConfig({ ...router, socket: "/var/lib/shopctl/a/haproxy.sock" })).toContain(
    "  stats socket /var/lib/shopctl/a/haproxy.sock mode 600 ",
  );
});

test("a home is unusable for what some component would misread", () => {
  expect(unusableCharacters("/var/tmp/h é-1_2.3@:+=~(a)")).toBe("");
  expect(unusableCharacters(`/it's/"/a,b/50%/#1/x*?[1]/\\/\n`)).toBe(`' " , % # * ? [ ] \\ "\\n"`);
});
