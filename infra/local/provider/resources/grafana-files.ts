import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { z } from "zod";
import { pathPlanSchema, type PathPlan } from "../../../environment/environment.ts";
import { ensureFolder, writeFileAtomic } from "../../host/write-file.ts";
import { osUser } from "../../host/os-users.ts";
import { compareFile } from "../../observation/compare-file.ts";
import type { ResourceHandler } from "../resource-handler.ts";

const inputs = z.strictObject({
  paths: pathPlanSchema,
  environment: z.string(),
  prometheusPort: z.int(),
  /** Text of each dashboard by the name of its file. */
  dashboards: z.record(z.string().regex(/^[\w-]+\.json$/), z.string()),
});
type Inputs = z.infer<typeof inputs>;
export const grafanaFilesOutputs = z.object({});

/** What a Grafana of the operator reads to show the shop: `GF_PATHS_PROVISIONING` names its folder. No secret is in it. */
export const grafanaFiles: ResourceHandler<Inputs, z.infer<typeof grafanaFilesOutputs>> = {
  inputs,
  replacedBy: [],
  ignored: [],
  create: async (wanted) => ({ id: folderOf(wanted), outputs: await write(wanted) }),
  update: write,
  exists: (state) => Promise.resolve(existsSync(folderOf(state))),
  observe: async (state) =>
    (await Promise.all(filesOf(state).map(([path, content]) => compareFile(path, content)))).flat(),
  remove: (state) => rm(folderOf(state), { recursive: true, force: true }),
};

async function write(wanted: Inputs): Promise<z.infer<typeof grafanaFilesOutputs>> {
  const owner = osUser("prometheus");
  const folder = folderOf(wanted);
  await rm(join(folder, "dashboards"), { recursive: true, force: true });
  for (const inside of [".", "dashboards", "provisioning", "provisioning/datasources", "provisioning/dashboards"]) {
    await ensureFolder(join(folder, inside), { mode: 0o755, owner });
  }
  for (const [path, content] of filesOf(wanted)) await writeFileAtomic(path, content, { mode: 0o644, owner });
  return {};
}

function folderOf({ paths }: { readonly paths: PathPlan }): string {
  return join(paths.config, "grafana");
}

function filesOf(wanted: Inputs): readonly (readonly [path: string, content: string])[] {
  const folder = folderOf(wanted);
  const name = `shopctl-${wanted.environment}`;
  const source = {
    name,
    uid: name,
    type: "prometheus",
    access: "proxy",
    url: `http://127.0.0.1:${wanted.prometheusPort}`,
    isDefault: true,
    editable: false,
  };
  const provider = { name, folder: name, type: "file", options: { path: join(folder, "dashboards") } };
  return [
    [join(folder, "provisioning", "datasources", "shopctl.yaml"), stringify({ apiVersion: 1, datasources: [source] })],
    [join(folder, "provisioning", "dashboards", "shopctl.yaml"), stringify({ apiVersion: 1, providers: [provider] })],
    ...Object.entries(wanted.dashboards).map(([file, text]) => [join(folder, "dashboards", file), text] as const),
  ];
}
