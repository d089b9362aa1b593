import { createHash } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { policyRules } from "../../../infra/aws/policy/rules.ts";
import { baseline, type Topology } from "../../../infra/topology/topology.ts";
import { steps } from "../../../cli/phases/index.ts";
import {
  awsCredentials,
  awsGraph,
  awsSettings,
  isSecret,
  opened,
  type GraphResource,
} from "../../support/aws-graph.ts";

const road: Topology[] = [baseline];
for (const step of steps) road.push(step.apply(road.at(-1) ?? baseline));
const graphs: (readonly GraphResource[])[] = [];
const atBaseline = (): readonly GraphResource[] => graphs[0] ?? [];
const atTheEnd = (): readonly GraphResource[] => graphs.at(-1) ?? [];

/** Names of the steps after which the graph was looked at, for messages. */
const places = ["baseline", ...steps.map(({ id }) => id as string)];

beforeAll(async () => {
  // One after the other: the mocks are the process's.
  for (const topology of road) graphs.push(await awsGraph(topology));
}, 120_000);

describe("the road on AWS", () => {
  it("breaks no policy anywhere", () => {
    const broken = graphs.flatMap((graph, at) =>
      graph.flatMap((resource) =>
        policyRules.flatMap(({ name, violation }) => {
          const found = violation(resource);
          return found === undefined ? [] : [`${places[at]}: ${resource.type} ${resource.name}: ${name}: ${found}`];
        }),
      ),
    );
    expect(broken).toEqual([]);
  });

  it("makes everything by the provider that tags it", () => {
    const provider = atTheEnd().find(({ type }) => type === "pulumi:providers:aws");
    expect(provider?.props["region"]).toBe("eu-central-1");
    const others = graphs
      .flat()
      .filter(({ type, provider: by }) => type.startsWith("aws:") && !by.includes("pulumi:providers:aws::shop::"));
    expect(others).toEqual([]);
  });

  it("never replaces the database: what its replacement would take stays as it was at the baseline", () => {
    const identities = graphs.map((graph) => {
      const { props } = theOne(graph, "aws:rds/instance:Instance", "shop-database");
      return replacedBy.map((key) => props[key]);
    });
    for (const identity of identities) expect(identity).toEqual(identities[0]);
  });

  it("changes nothing of a database that has replicas by blue/green, which would leave them behind", () => {
    for (const [at, topology] of road.entries()) {
      const { props } = theOne(graphs[at] ?? [], "aws:rds/instance:Instance", "shop-database");
      expect([places[at], props["blueGreenUpdate"]]).toEqual([places[at], { enabled: topology.replicas === 0 }]);
    }
    expect(road.at(-1)?.replicas).toBeGreaterThan(0);
  });

  it("keeps secrets where they are marked as such, and out of every container's environment", () => {
    for (const graph of graphs) {
      const text = JSON.stringify(graph.map(({ props }) => withoutSecrets(props)));
      expect(text).not.toMatch(/secret-of/);
    }
    expect(JSON.stringify(atTheEnd().map(({ props }) => props))).toMatch(/secret-of/);
  });
});

describe("a secret", () => {
  const versions = (graph: readonly GraphResource[], task: string): Record<string, string> =>
    Object.fromEntries(
      containersOf(theOne(graph, taskDefinition, task)).flatMap(({ secrets }) =>
        secrets.map(({ name, valueFrom }) => [name, valueFrom]),
      ),
    );

  it("is named with its version, so that another value is another revision of what uses it, and of nothing else", async () => {
    const end = road.at(-1) ?? baseline;
    const rotated = await awsGraph(end, awsSettings, { ...awsCredentials, sendgrid: "SG.secret-of-another-key" });
    const [before, after] = [versions(atTheEnd(), "shop-web"), versions(rotated, "shop-web")];
    for (const valueFrom of Object.values(before)) expect(valueFrom).toMatch(/^(arn(:[^:]+){5,6}):::[0-9a-f]+$/);
    expect(Object.keys(before).filter((name) => before[name] !== after[name])).toEqual(["SHOP_SENDGRID_API_KEY"]);
    expect(versions(rotated, "shop-pooler")).toEqual(versions(atTheEnd(), "shop-pooler"));
  });

  it("may be read whichever its version is", () => {
    const secrets = atTheEnd()
      .filter(({ type }) => type === "aws:secretsmanager/secret:Secret")
      .map(({ name }) => `arn:aws:secretsmanager:eu-central-1:123456789012:${name}`);
    const granted = ["shop-secrets", "shop-task-secrets", "shop-pooler-secret"].flatMap((name) => {
      const policy = JSON.parse(String(theOne(atTheEnd(), "aws:iam/rolePolicy:RolePolicy", name).props["policy"])) as {
        readonly Statement: readonly { readonly Resource: readonly string[] }[];
      };
      return policy.Statement.flatMap(({ Resource }) => Resource);
    });
    expect(granted.toSorted()).toEqual(secrets.toSorted());
  });

  it("names the pooler only when that runs, which waits for nothing but its own", () => {
    const order = [
      "aws:iam/rolePolicy:RolePolicy shop-pooler-secret",
      "aws:ecs/service:Service shop-pooler",
      "aws:secretsmanager/secretVersion:SecretVersion shop-secret-database",
      "aws:ecs/service:Service shop-mail-worker",
    ];
    const made = atTheEnd().map(({ type, name }) => `${type} ${name}`);
    expect(made.filter((each) => order.includes(each))).toEqual(order);
  });
});

describe("a task", () => {
  it("is of a size that Fargate has", () => {
    const sizes = graphs
      .flat()
      .flatMap(({ type, props }) =>
        type === taskDefinition ? [`${String(props["cpu"])}/${String(props["memory"])}`] : [],
      );
    expect([...new Set(sizes)].filter((size) => !fargateSizes.includes(size))).toEqual([]);
  });

  it("has no root, nothing writable, digests for images, and time to drain", () => {
    const containers = graphs
      .flat()
      .flatMap((resource) => (resource.type === taskDefinition ? containersOf(resource) : []));
    expect(containers.length).toBeGreaterThan(places.length);
    for (const { user, readonlyRootFilesystem, image, stopTimeout } of containers) {
      expect([user, readonlyRootFilesystem, stopTimeout]).toEqual(["10001:10001", true, 120]);
      expect(image).toMatch(/@sha256:[0-9a-f]{64}$/);
    }
  });

  it("has a writable volume for each of its containers, and shares it with no other image", () => {
    for (const resource of atTheEnd().filter(({ type }) => type === taskDefinition)) {
      const mounted = containersOf(resource).flatMap(({ mountPoints }) => mountPoints);
      expect(mounted.map(({ containerPath }) => containerPath)).toEqual(mounted.map(() => "/tmp"));
      expect(resource.props["volumes"]).toEqual(mounted.map(({ sourceVolume }) => ({ name: sourceVolume })));
      expect(new Set(mounted.map(({ sourceVolume }) => sourceVolume)).size).toBe(mounted.length);
    }
  });

  it("gets the topology's configuration: nothing of a pooler or Redis at the baseline, both at the end", async () => {
    const variables = (graph: readonly GraphResource[]): readonly string[] => {
      const [shop] = containersOf(theOne(graph, taskDefinition, "shop-web"));
      return [
        ...(shop?.environment ?? []).map(({ name, value }) => `${name}=${value}`),
        ...(shop?.secrets ?? []).map(({ name }) => name),
      ];
    };
    expect(variables(atBaseline())).toEqual(
      expect.arrayContaining(["SHOP_DATABASE_MODE=direct", "SHOP_CACHE=memory", "SHOP_DATABASE_URL"]),
    );
    // What RDS has, which advice measures against: two virtual CPUs, and a storage that grows to this.
    expect(variables(atBaseline())).toEqual(
      expect.arrayContaining(["SHOP_DATABASE_CPU=2", "SHOP_DATABASE_STORAGE_GIB=200"]),
    );
    expect(variables(atBaseline())).not.toContain("SHOP_REDIS_URL");
    // SES has a quota of its own.
    const bought = { ...awsSettings, sendgridPerDay: 7_000 };
    expect(variables(await awsGraph(baseline, bought)).join()).not.toContain("SHOP_MAIL_QUOTA_PER_DAY");
    expect(variables(await awsGraph({ ...baseline, mail: "sendgrid" }, bought))).toContain(
      "SHOP_MAIL_QUOTA_PER_DAY=7000",
    );
    expect(variables(atTheEnd())).toEqual(
      expect.arrayContaining(["SHOP_DATABASE_MODE=pooled", "SHOP_CACHE=redis", "SHOP_REDIS_URL", "SHOP_WORKERS=2"]),
    );
  });
});

describe("the pooler", () => {
  it("serves on until nobody keeps its address, and is given the time for that and for what is open then", () => {
    const [pooler] = containersOf(theOne(atTheEnd(), taskDefinition, "shop-pooler"));
    const leaving = pooler?.environment.find(({ name }) => name === "POOLER_LEAVE_SECONDS");
    const name = theOne(atTheEnd(), "aws:servicediscovery/service:Service", "shop-pooler");
    expect(name.props["dnsConfig"]).toMatchObject({ dnsRecords: [{ type: "A", ttl: 10 }] });
    expect([leaving?.value, pooler?.stopTimeout]).toEqual(["30", 120]);
  });
});

describe("a service", () => {
  it("replaces its tasks one healthy one at a time, and goes back when none gets healthy", () => {
    for (const { props } of atTheEnd().filter(({ type }) => type === "aws:ecs/service:Service"))
      expect(props).toMatchObject({
        deploymentCircuitBreaker: { enable: true, rollback: true },
        deploymentMinimumHealthyPercent: 100,
        waitForSteadyState: true,
        networkConfiguration: { assignPublicIp: false },
      });
  });
});

describe("mail by SES", () => {
  it("goes out while the records of its bounces are not known yet", () => {
    const type = "aws:sesv2/emailIdentityMailFromAttributes:EmailIdentityMailFromAttributes";
    expect(theOne(atBaseline(), type, "shop-mail").props["behaviorOnMxFailure"]).toBe("USE_DEFAULT_VALUE");
  });
});

describe("an alarm", () => {
  const alarms = (): ReadonlyMap<unknown, GraphResource["props"]> =>
    new Map(
      atBaseline()
        .filter(({ type }) => type === "aws:cloudwatch/metricAlarm:MetricAlarm")
        .map(({ props }) => [props["metricName"], props]),
    );

  it("takes silence for the worst only where healthy tasks are counted: with none there is no count", () => {
    expect([...alarms()].map(([metric, { treatMissingData }]) => [metric, treatMissingData])).toEqual([
      ["HTTPCode_Target_5XX_Count", "notBreaching"],
      ["HTTPCode_ELB_5XX_Count", "notBreaching"],
      ["HealthyHostCount", "breaching"],
      ["CPUUtilization", "notBreaching"],
      ["FreeStorageSpace", "notBreaching"],
    ]);
  });

  it("watches what the load balancer answers in the shop's place", () => {
    expect(alarms().get("HTTPCode_ELB_5XX_Count")).toMatchObject({
      namespace: "AWS/ApplicationELB",
      dimensions: { LoadBalancer: "suffix/shop-entrance" },
      statistic: "Sum",
      comparisonOperator: "GreaterThanThreshold",
      threshold: 60,
    });
  });
});

describe("the entrance", () => {
  it("takes no task out while the database fails over, for ECS would put another in its place that cannot start", () => {
    const { props } = theOne(atBaseline(), "aws:lb/targetGroup:TargetGroup", "shop-entrance");
    expect(opened(props["healthCheck"])).toMatchObject({ path: "/readyz", interval: 15, unhealthyThreshold: 10 });
  });

  it("is closed but for an opening: to everybody at the baseline", () => {
    expect(openingsOf(atBaseline())).toEqual(["shop-entrance-everybody", "shop-entrance-everybody"]);
    for (const graph of [atBaseline(), atTheEnd()])
      expect(theOne(graph, "aws:lb/listener:Listener", "shop-entrance").props["defaultActions"]).toMatchObject([
        { type: "fixed-response", fixedResponse: { statusCode: "403" } },
      ]);
  });

  it("waits after a change until no resolver and no connection has the former address", () => {
    const balancer = theOne(atTheEnd(), "aws:lb/loadBalancer:LoadBalancer", "shop-entrance");
    expect(balancer.props["clientKeepAlive"]).toBe(120);
    const waits = [atBaseline(), atTheEnd()].map(
      (graph) => theOne(graph, "shopctl:aws:Settling", "shop-entrance").props,
    );
    expect(waits).toEqual([
      { entrance: "balancer", seconds: 180 },
      { entrance: "cdn", seconds: 180 },
    ]);
  });

  it("has the tasks know the CDN's key by its hash, with and without a CDN", () => {
    for (const graph of graphs) {
      const [shop] = containersOf(theOne(graph, taskDefinition, "shop-web"));
      expect(shop?.environment).toContainEqual({
        name: "SHOP_ORIGIN_KEY_SHA256",
        value: createHash("sha256").update(awsCredentials.originKey).digest("hex"),
      });
    }
  });

  it("does not count requests by the CDN against its servers' addresses", () => {
    const { props } = theOne(atBaseline(), "aws:wafv2/webAcl:WebAcl", "shop-entrance-firewall");
    expect(opened(props["rules"])).toMatchObject([
      { name: "known-bad-inputs" },
      {
        name: "rate-per-address",
        statement: {
          rateBasedStatement: {
            scopeDownStatement: {
              notStatement: {
                statement: {
                  byteMatchStatement: {
                    searchString: awsCredentials.originKey,
                    fieldToMatch: { singleHeader: { name: "x-origin-key" } },
                  },
                },
              },
            },
          },
        },
      },
    ]);
  });
});

describe("at the end of the road", () => {
  it("nobody comes in but the CDN, and the CDN only by its key", () => {
    expect(openingsOf(atTheEnd())).toEqual(["shop-entrance-cdn", "shop-entrance-cdn"]);
    const ingress = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
    const { props } = theOne(atTheEnd(), ingress, "shop-entrance-cdn");
    expect([props["cidrIpv4"], props["prefixListId"]]).toEqual([undefined, "pl-1"]);
    const rule = theOne(atTheEnd(), "aws:lb/listenerRule:ListenerRule", "shop-entrance-cdn");
    expect(opened(rule.props["conditions"])).toMatchObject([{ httpHeader: { httpHeaderName: "x-origin-key" } }]);
    theOne(atTheEnd(), "aws:cloudfront/distribution:Distribution", "shop-entrance-edge");
  });

  it("the CDN asks the shop as whoever is signed in, and gives them what it keeps for them alone", () => {
    const { props } = theOne(atTheEnd(), "aws:cloudfront/cachePolicy:CachePolicy", "shop-entrance-edge");
    expect(opened(props["parametersInCacheKeyAndForwardedToOrigin"])).toMatchObject({
      headersConfig: { headerBehavior: "whitelist", headers: { items: ["Authorization"] } },
    });
  });

  it("the load balancer keeps an idle connection longer than the CDN, which must be the one that closes it", () => {
    const { props } = theOne(atTheEnd(), "aws:cloudfront/distribution:Distribution", "shop-entrance-edge");
    expect(opened(props["origins"])).toMatchObject([{}, { customOriginConfig: { originKeepaliveTimeout: 60 } }]);
    expect(theOne(atTheEnd(), "aws:lb/loadBalancer:LoadBalancer", "shop-entrance").props["idleTimeout"]).toBe(65);
  });

  it("the CDN keeps no failure of one request for the next", () => {
    const { props } = theOne(atTheEnd(), "aws:cloudfront/distribution:Distribution", "shop-entrance-edge");
    expect(opened(props["customErrorResponses"])).toEqual(
      [500, 502, 503, 504].map((errorCode) => ({ errorCode, errorCachingMinTtl: 0 })),
    );
  });

  it("faults go to Sentry where its DSN was given, by a secret, and nothing is said of it where it was not", async () => {
    const { sentry, ...without } = awsSettings;
    const silent = await awsGraph(road.at(-1) ?? baseline, without);
    const told = [atBaseline(), atTheEnd(), silent].map((graph) => {
      const [shop] = containersOf(theOne(graph, taskDefinition, "shop-web"));
      return shop?.secrets.filter(({ name }) => name === "SHOP_SENTRY_DSN").map(({ valueFrom }) => valueFrom);
    });
    expect([sentry, ...told]).toEqual([true, [], [expect.stringContaining("secretsmanager")], []]);
    expect(silent.filter(({ name }) => name.includes("sentry"))).toEqual([]);
  });

  it("a slow statement comes to the database's log without what was bound to it", () => {
    const { parameters } = theOne(atBaseline(), "aws:rds/parameterGroup:ParameterGroup", "shop-database").props;
    expect(parameters).toContainEqual({ name: "log_min_duration_statement", value: "500" });
    expect(parameters).toContainEqual({ name: "log_parameter_max_length", value: "0" });
  });

  it("mail is a worker's, by a queue that throws nothing away", () => {
    const [worker] = containersOf(theOne(atTheEnd(), taskDefinition, "shop-mail-worker"));
    expect(worker?.command).toEqual(["node", "worker.js"]);
    expect(worker?.secrets.map(({ name }) => name)).toContain("SHOP_QUEUE_REDIS_URL");
    expect(
      theOne(atTheEnd(), "aws:elasticache/parameterGroup:ParameterGroup", "shop-queue").props["parameters"],
    ).toEqual([{ name: "maxmemory-policy", value: "noeviction" }]);
    expect(atBaseline().filter(({ name }) => name.includes("mail-worker"))).toEqual([]);
  });

  it("each task's metrics come to Prometheus under its job and its own id, with the names that the shop gives", () => {
    const collectors = ["shop-web", "shop-mail-worker"].map((name) => {
      const variables = containersOf(theOne(atTheEnd(), taskDefinition, name)).flatMap(
        ({ environment }) => environment,
      );
      return JSON.parse(variables.find((each) => each.name === "AOT_CONFIG_CONTENT")?.value ?? "") as unknown;
    });
    const expected = (job: string): object => ({
      receivers: { prometheus: { config: { scrape_configs: [{ job_name: job }] } } },
      processors: { resource: { attributes: [{ key: "service.instance.id", from_attribute: "aws.ecs.task.id" }] } },
      exporters: { prometheusremotewrite: { add_metric_suffixes: false } },
      service: { pipelines: { metrics: { processors: ["resourcedetection", "resource"] } } },
    });
    expect(collectors).toMatchObject([expected("shop"), expected("mail-worker")]);
  });

  it("a replica follows the primary, and tasks read from it", () => {
    const replica = theOne(atTheEnd(), "aws:rds/instance:Instance", "shop-database-replica-1");
    expect(replica.props["replicateSourceDb"]).toBe("shop-database");
    const [shop] = containersOf(theOne(atTheEnd(), taskDefinition, "shop-web"));
    expect(shop?.secrets.map(({ name }) => name)).toContain("SHOP_REPLICA_URLS");
  });
});

const taskDefinition = "aws:ecs/taskDefinition:TaskDefinition";
/** https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBInstance.html has none of these. */
const replacedBy = [
  "engine",
  "dbName",
  "username",
  "storageEncrypted",
  "kmsKeyId",
  "dbSubnetGroupName",
  "availabilityZone",
];
/** The pairs in use; https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html has them all. */
const fargateSizes = ["256/512", "1024/2048", "2048/4096"];

interface ContainerDefinition {
  readonly user: string;
  readonly image: string;
  readonly command?: readonly string[];
  readonly readonlyRootFilesystem: boolean;
  readonly stopTimeout: number;
  readonly mountPoints: readonly { readonly sourceVolume: string; readonly containerPath: string }[];
  readonly environment: readonly { readonly name: string; readonly value: string }[];
  readonly secrets: readonly { readonly name: string; readonly valueFrom: string }[];
}

function containersOf({ props }: GraphResource): readonly ContainerDefinition[] {
  return JSON.parse(String(props["containerDefinitions"])) as ContainerDefinition[];
}

function theOne(graph: readonly GraphResource[], type: string, name: string): GraphResource {
  const found = graph.filter((resource) => resource.type === type && resource.name === name);
  expect(found, `${type} ${name}`).toHaveLength(1);
  return found[0]!;
}

/** Names of what lets requests in to the load balancer, and from it to the tasks. */
function openingsOf(graph: readonly GraphResource[]): readonly string[] {
  const kinds = ["aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "aws:lb/listenerRule:ListenerRule"];
  return graph.flatMap(({ type, name }) => (kinds.includes(type) && name.startsWith("shop-entrance") ? [name] : []));
}

/** The same with what is inside of secrets left out. */
function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value !== "object" || value === null) return value;
  if (isSecret(value)) return "secret";
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withoutSecrets(each)]));
}
