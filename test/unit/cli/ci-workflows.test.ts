import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";

const folder = join(import.meta.dirname, "../../../docs/ci");
const workflowSchema = z.looseObject({
  name: z.string(),
  on: z.union([z.string(), z.looseObject({})]),
  jobs: z.record(
    z.string(),
    z.looseObject({
      "timeout-minutes": z.int(),
      steps: z.array(z.looseObject({ run: z.string().optional(), uses: z.string().optional() })).min(1),
    }),
  ),
});

test.each(readdirSync(folder))("%s is a workflow whose commands of shopctl exist", (name) => {
  const { jobs } = workflowSchema.parse(parse(readFileSync(join(folder, name), "utf8")));
  const scripts = Object.values(jobs).flatMap(({ steps }) => steps.flatMap(({ run }) => run ?? []));
  const commands = scripts.flatMap((script) =>
    [...script.matchAll(/bin\/shopctl ([a-z]+(?: [a-z]+)?)/g)].map(([, words = ""]) => words),
  );
  expect(commands.length).toBeGreaterThan(0);
  for (const words of commands) {
    const file = join(import.meta.dirname, "../../../cli/commands", `${words.replace(" ", "/")}.ts`);
    expect([words, existsSync(file)]).toEqual([words, true]);
  }
});
