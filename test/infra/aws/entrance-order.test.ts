import { afterAll, beforeAll, expect, it } from "vitest";
import { EmbeddedEngine } from "../../../infra/engine/embedded/embedded-engine.ts";
import type { EngineEvent } from "../../../infra/engine/engine.ts";
import { baseline, type Topology } from "../../../infra/topology/topology.ts";
import { Rehearsal } from "../../support/aws/rehearsal.ts";
import "../../support/aws/rows/index.ts";

/** In which order an engine carries out the step to the CDN and back: shoppers must never stand before a closed door. */
let shop: Rehearsal;
const ways: string[][] = [];

beforeAll(async () => {
  shop = await Rehearsal.begin(new EmbeddedEngine());
  await shop.up(baseline);
  ways.push(await goTo({ ...baseline, cdn: "nginx" }), await goTo(baseline));
}, 240_000);
afterAll(async () => await shop.end());

const shoppersName = "update route53.Record shop-entrance-shop.example.test";
const settling = "update aws.Settling shop-entrance";
const distribution = "cloudfront.Distribution shop-entrance-edge";
const opening = (whose: "cdn" | "everybody"): string[] => [
  `lb.ListenerRule shop-entrance-${whose}`,
  `vpc.SecurityGroupIngressRule shop-entrance-${whose}`,
];
const balancersFirewall = "wafv2.WebAclAssociation shop-entrance";

it("moves the name when CloudFront serves, and closes the load balancer when nobody comes by the old address", () => {
  const [there = []] = ways;
  for (const each of opening("cdn")) expectOrder(there, `create ${each}`, `create ${distribution}`);
  expectOrder(there, `create ${distribution}`, shoppersName);
  expectOrder(there, shoppersName, settling);
  for (const each of [...opening("everybody"), balancersFirewall]) expectOrder(there, settling, `delete ${each}`);
});

it("opens the load balancer before the name goes back, and takes CloudFront away when nobody comes by it", () => {
  const [, back = []] = ways;
  for (const each of [...opening("everybody"), balancersFirewall]) expectOrder(back, `create ${each}`, shoppersName);
  expectOrder(back, shoppersName, settling);
  expectOrder(back, settling, `delete ${distribution}`);
  for (const each of [
    ...opening("cdn"),
    "s3.BucketPolicy shop-entrance-edge-files",
    "wafv2.WebAcl shop-entrance-edge-firewall",
  ])
    expectOrder(back, `delete ${distribution}`, `delete ${each}`);
});

it("touches neither the load balancer nor a task", () => {
  const touched = ways.flat().filter((line) => /(lb\.(LoadBalancer|Listener|TargetGroup)|ecs\.\w+) /.test(line));
  expect(touched).toEqual([]);
});

/** Brings the shop to a topology and returns what began and ended, in order: `begun update route53.Record name`. */
async function goTo(topology: Topology): Promise<string[]> {
  const lines: string[] = [];
  await shop.up(topology, (event) => lines.push(...lineOf(event)));
  return lines;
}

function lineOf(event: EngineEvent): string[] {
  if (event.kind === "diagnostic" || event.operation === "same") return [];
  const [, module = "", kind = ""] = event.type.split(":");
  const phase = event.kind === "resource-started" ? "begun" : "done";
  return [`${phase} ${event.operation} ${module.split("/")[0]}.${kind} ${event.name}`];
}

/** The second begins only when the first is done. */
function expectOrder(lines: readonly string[], first: string, second: string): void {
  const [done, begun] = [lines.indexOf(`done ${first}`), lines.indexOf(`begun ${second}`)];
  expect([done, begun], `${first} → ${second} in\n${lines.join("\n")}`).not.toContain(-1);
  expect(done, `${first} → ${second} in\n${lines.join("\n")}`).toBeLessThan(begun);
}
