import { afterEach, expect, it, vi } from "vitest";
import { settling } from "../../../infra/aws/tasks/settling.ts";

const wanted = { entrance: "cdn", seconds: 1 };
const before = { entrance: "balancer", seconds: 1 };
afterEach(() => vi.unstubAllEnvs());

it("waits as long as the former entrance is kept, and says so", async () => {
  const told: string[] = [];
  const startedAt = performance.now();
  await settling.update(wanted, before, (line) => told.push(line));
  expect(performance.now() - startedAt).toBeGreaterThan(990);
  expect(told).toEqual(["the shop's name leads to the cdn; the former entrance stays open for 1 s more"]);
});

it("waits for nobody where the name is new, or in a rehearsal", async () => {
  vi.stubEnv("SHOPCTL_AWS_STAND_IN", "/somewhere/pulumi-resource-aws");
  vi.stubEnv("AWS_ENDPOINT_URL", "http://127.0.0.1:1");
  const told: string[] = [];
  await settling.create({ ...wanted, seconds: 3_600 }, (line) => told.push(line));
  await settling.update({ ...wanted, seconds: 3_600 }, before, (line) => told.push(line));
  expect(told).toEqual([]);
});
