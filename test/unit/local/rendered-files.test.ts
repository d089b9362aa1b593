import { expect, test } from "vitest";
import { passwordVerifier } from "../../../infra/local/postgres/password-verifier.ts";
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
