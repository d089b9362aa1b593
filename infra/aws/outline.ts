import { readFileSync } from "node:fs";
import { z } from "zod";
import { topologySchema } from "../topology/topology.ts";
import { mockedGraph } from "./mocked-graph.ts";
import { awsSettingsSchema } from "./settings.ts";

/**
 * What Pulumi would register, as a program of its own, since it imports `@pulumi/aws`: settings and topology come by
 * stdin, `[{type, name}]` goes out by stdout.
 */
const question = z.object({ settings: awsSettingsSchema, topology: topologySchema });

async function outline(): Promise<void> {
  const { settings, topology } = question.parse(JSON.parse(readFileSync(0, "utf8")));
  const secret = "0".repeat(32);
  const graph = await mockedGraph({
    settings,
    topology,
    credentials: {
      databaseShop: secret,
      databaseAdmin: secret,
      cache: secret,
      queue: secret,
      originKey: secret,
      sendgrid: secret,
      sentryDsn: secret,
    },
    files: [],
    rules: "groups: []",
  });
  process.stdout.write(JSON.stringify(graph.map(({ type, name }) => ({ type, name }))));
}

outline().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
