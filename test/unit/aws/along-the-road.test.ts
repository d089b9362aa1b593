import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { steps } from "../../../cli/phases/index.ts";
import { alarmsOf, awsBill, keys, secretsOf, wafRules } from "../../../cli/planning/cost/aws-bill.ts";
import { awsPrices } from "../../../cli/planning/cost/aws-prices.ts";
import { hoursPerMonth, noUsage } from "../../../cli/planning/cost/usage.ts";
import { baseline, type Topology } from "../../../infra/topology/topology.ts";
import { awsGraph, opened, type GraphResource } from "../../support/aws-graph.ts";
import { awsStepRows } from "../../support/aws-steps-table.ts";

const road: Topology[] = [baseline];
for (const step of steps) road.push(step.apply(road.at(-1) ?? baseline));
const graphs: (readonly GraphResource[])[] = [];

beforeAll(async () => {
  for (const topology of road) graphs.push(await awsGraph(topology));
}, 120_000);

/** The bill against what the graph would make, at the baseline and after every step: neither may know what the other does not. */
describe("the bill of AWS", () => {
  it("has every task of the graph, at its size", () => {
    for (const [at, topology] of road.entries()) {
      const graph = graphs[at] ?? [];
      const count = new Map(
        of(graph, "aws:ecs/service:Service").map(({ name, props }) => [name, Number(props["desiredCount"])]),
      );
      const usd = of(graph, "aws:ecs/taskDefinition:TaskDefinition").reduce((sum, { name, props }) => {
        const hours = (count.get(name) ?? 0) * hoursPerMonth;
        const vcpu = (Number(props["cpu"]) / 1_024) * awsPrices.fargateArmVcpuHour.usd;
        const gib = (Number(props["memory"]) / 1_024) * awsPrices.fargateArmGibHour.usd;
        return sum + hours * (vcpu + gib);
      }, 0);
      expect(usdOf(topology, / task \(|worker task|PgBouncer tasks/)).toBeCloseTo(usd, 1);
    }
  });

  it("has every database server and every node of Redis, standbys too", () => {
    for (const [at, topology] of road.entries()) {
      const graph = graphs[at] ?? [];
      const servers = of(graph, "aws:rds/instance:Instance").reduce((sum, { props }) => {
        const hour = props["instanceClass"] === "db.t4g.micro" ? awsPrices.rdsT4gMicroHour : awsPrices.rdsT4gSmallHour;
        const copies = props["multiAz"] === true ? 2 : 1;
        return sum + copies * (hour.usd * hoursPerMonth + 20 * awsPrices.rdsStorageGib.usd);
      }, 0);
      const nodes = of(graph, "aws:elasticache/replicationGroup:ReplicationGroup").reduce(
        (sum, { props }) => sum + Number(props["numCacheClusters"]),
        0,
      );
      expect(usdOf(topology, /RDS/)).toBeCloseTo(servers, 1);
      expect(usdOf(topology, /ElastiCache/)).toBeCloseTo(nodes * awsPrices.valkeyT4gMicroHour.usd * hoursPerMonth, 1);
    }
  });

  it("has as many secrets, alarms, keys, rules and gateways as there are", () => {
    for (const [at, topology] of road.entries()) {
      const graph = graphs[at] ?? [];
      expect(secretsOf(topology)).toBe(of(graph, "aws:secretsmanager/secret:Secret").length);
      expect(alarmsOf(topology)).toBe(of(graph, "aws:cloudwatch/metricAlarm:MetricAlarm").length);
      expect(of(graph, "aws:kms/key:Key")).toHaveLength(keys);
      const rules = opened(of(graph, "aws:wafv2/webAcl:WebAcl")[0]?.props["rules"]);
      expect(Array.isArray(rules) ? rules.length : 0).toBe(wafRules);
      expect(of(graph, "aws:ec2/natGateway:NatGateway")).toHaveLength(1);
    }
  });
});

it("the README's table of steps is the graph's, and no database server goes in any of them", () => {
  const readme = readFileSync(join(import.meta.dirname, "..", "..", "..", "README.md"), "utf8").split("\n");
  const rows = readme.filter((line) => line.startsWith("| ")).map(cells);
  for (const row of awsStepRows(graphs)) {
    expect(rows).toContainEqual(cells(row));
    expect(cells(row)[4]).not.toContain("rds.Instance");
  }
});

/** Prettier sets the columns of a table apart; what counts are its cells. */
function cells(row: string): readonly string[] {
  return row.split("|").map((cell) => cell.trim());
}

function of(graph: readonly GraphResource[], type: string): readonly GraphResource[] {
  return graph.filter((resource) => resource.type === type);
}

function usdOf(topology: Topology, item: RegExp): number {
  return awsBill(topology, noUsage)
    .filter((line) => item.test(line.item))
    .reduce((sum, { usdPerMonth }) => sum + usdPerMonth, 0);
}
