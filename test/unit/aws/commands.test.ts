import { describe, expect, it } from "vitest";
import { awsSettingsOf } from "../../../cli/adapters/aws-settings.ts";
import { notEmbedded, standIn, standInShop } from "../../../infra/aws/stand-in.ts";
import { selectEngine } from "../../../infra/engine/select-engine.ts";
import { priceOn } from "../../../cli/planning/cost.ts";
import { baseline } from "../../../infra/topology/topology.ts";

const image = `registry.example.test/shop@sha256:${"a".repeat(64)}`;
const answers = {
  domain: "shop.example.test",
  "hosted-zone": "Z0123456789ABC",
  image,
  "pooler-image": image,
  "collector-image": image,
  "alert-address": "operator@example.test",
  budget: 300,
};

describe("settings of an environment on AWS", () => {
  it("take region and zones from AWS' own variables, and the sender from the domain", () => {
    expect(awsSettingsOf("shop", answers, { AWS_REGION: "eu-west-1" })).toMatchObject({
      region: "eu-west-1",
      zones: ["eu-west-1a", "eu-west-1b"],
      mailFrom: "orders@shop.example.test",
      releases: { aaaaaaaaaaaa: image },
    });
    expect(awsSettingsOf("shop", { ...answers, region: "eu-central-1" }, { AWS_REGION: "eu-west-1" }).region).toBe(
      "eu-central-1",
    );
  });

  it("know that Sentry's DSN was given, and not which", () => {
    const SHOPCTL_SENTRY_DSN = "https://0123456789abcdef@sentry.example.test/1";
    const settings = awsSettingsOf("shop", answers, { SHOPCTL_SENTRY_DSN });
    expect(settings.sentry).toBe(true);
    expect(JSON.stringify(settings)).not.toContain("0123456789abcdef");
    expect(awsSettingsOf("shop", answers, { SHOPCTL_SENTRY_DSN: "" }).sentry).toBeUndefined();
  });

  it("name every flag that is missing, at once", () => {
    expect(failureOf(() => awsSettingsOf("shop", { budget: 300 }, {}))).toMatchObject({
      code: "configuration",
      why: expect.stringMatching(
        /--domain: is missing.*--hosted-zone: is missing.*--image: is missing.*--pooler-image: is missing.*--collector-image: is missing.*--alert-address: is missing/,
      ) as string,
    });
  });

  it("refuse an image by its tag, with the reason", () => {
    expect(
      failureOf(() => awsSettingsOf("shop", { ...answers, image: "registry.example.test/shop:1.2" }, {})),
    ).toMatchObject({
      why: expect.stringMatching(/--image: an image with its digest.*a tag can be moved/) as string,
    });
  });
});

describe("the engine of the AWS program", () => {
  const stand = { SHOPCTL_AWS_STAND_IN: "/somewhere/pulumi-resource-aws" };

  it("is never the embedded one but in a rehearsal, and says how to get the other", async () => {
    const refused = selectEngine({ SHOPCTL_ENGINE: "embedded" }, { notEmbedded: notEmbedded({}) });
    await expect(refused).rejects.toMatchObject({
      code: "cli-missing",
      message: expect.stringMatching(/needs the Pulumi CLI.*download-install/) as string,
    });
    const rehearsal = { ...stand, AWS_ENDPOINT_URL: "http://127.0.0.1:4566" };
    const engine = await selectEngine({ SHOPCTL_ENGINE: "embedded" }, { notEmbedded: notEmbedded(rehearsal) });
    expect(engine.kind).toBe("embedded");
    expect(standIn(rehearsal)).toEqual({ name: "aws", path: "/somewhere" });
  });

  it.each([
    undefined,
    "https://ecs.eu-central-1.amazonaws.com",
    "http://127.0.0.1.example.test",
    "http://localhost:4566",
  ])("refuses a rehearsal whose AWS is at %s", (endpoint) => {
    expect(() => standIn({ ...stand, AWS_ENDPOINT_URL: endpoint })).toThrow(/must be http:\/\/127\.0\.0\.1:PORT/);
  });

  it("sends probes of a rehearsal to this machine only", () => {
    const env = { ...stand, AWS_ENDPOINT_URL: "http://127.0.0.1:1" };
    expect(standInShop({ ...env, SHOPCTL_AWS_STAND_IN_SHOP: "http://127.0.0.1:2" })).toBe("http://127.0.0.1:2");
    expect(() => standInShop({ ...env, SHOPCTL_AWS_STAND_IN_SHOP: "https://shop.example.test" })).toThrow(
      /127\.0\.0\.1/,
    );
    expect(standInShop({ SHOPCTL_AWS_STAND_IN_SHOP: "http://127.0.0.1:2" })).toBeUndefined();
  });
});

it("prices an environment where it runs", () => {
  expect(priceOn("local")(baseline).usdPerMonth).toBe(7);
  expect(priceOn("aws")(baseline).lines.map(({ item }) => item)).toContain("Application load balancer");
});

function failureOf(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error instanceof Error && "failure" in error ? error.failure : error;
  }
  return undefined;
}
