import { z } from "zod";
import { pathPlanSchema } from "../../../environment/environment.ts";
import { componentPlaces } from "../../layout.ts";
import { compare, type Difference } from "../../observation/difference.ts";
import { arrangeRoles } from "../../replication/arrange-roles.ts";
import { primaryAddress } from "../../replication/database-server.ts";
import { endReplication } from "../../replication/join-servers.ts";
import { followersOf } from "../../replication/replication-slots.ts";
import { readRoles, standbysOf } from "../../replication/server-roles.ts";
import type { ResourceHandler } from "../resource-handler.ts";

const inputs = z.strictObject({
  paths: pathPlanSchema,
  poolerPort: z.int(),
  /** Number of the server that takes writes, and how often that changed. */
  primary: z.int().min(0),
  term: z.int().min(0),
  servers: z.array(z.strictObject({ number: z.int().min(0), port: z.int() })).min(1),
  mode: z.enum(["asynchronous", "synchronous"]),
  keepMiB: z.int().min(1),
});
type Inputs = z.infer<typeof inputs>;
export const replicationOutputs = z.object({});

/**
 * Who of the database servers is the primary, and whether commits wait for the others. Another primary is a planned switch
 * when the present one answers, and a failover when it does not.
 */
export const replication: ResourceHandler<Inputs, z.infer<typeof replicationOutputs>> = {
  inputs,
  replacedBy: [],
  ignored: [],
  async create(wanted) {
    await arrange(wanted);
    return { id: `${wanted.paths.root}/replication`, outputs: {} };
  },
  async update(wanted) {
    await arrange(wanted);
    return {};
  },
  exists: async ({ paths }) => readRoles(paths) !== undefined,
  async observe({ paths, primary, term }) {
    const roles = readRoles(paths);
    if (roles === undefined) return [];
    const asked = await followersOf(primaryAddress(paths, roles), standbysOf(roles)).catch(() => undefined);
    if (asked === undefined) return compare("primary", "answers", "no answer");
    return [
      ...compare("primary", `server ${primary} of term ${term}`, `server ${roles.primary} of term ${roles.term}`),
      ...asked.flatMap(({ number, state }) => compare(`server ${number}`, "streaming", state)),
      ...asked.flatMap((follower) => compareSynchronous(follower, roles.mode === "synchronous")),
    ];
  },
  remove: ({ paths }) => endReplication(paths),
};

function compareSynchronous(
  { number, isSynchronous, state }: { number: number; isSynchronous: boolean; state: string },
  wanted: boolean,
): readonly Difference[] {
  if (state !== "streaming") return [];
  const words = (synchronous: boolean): string => (synchronous ? "waits for it" : "does not wait for it");
  return compare(`commit and server ${number}`, words(wanted), words(isSynchronous));
}

async function arrange({ poolerPort, ...wanted }: Inputs): Promise<void> {
  const { paths, ...roles } = wanted;
  await arrangeRoles(paths, roles, { sockets: componentPlaces(paths).pgbouncer.sockets, port: poolerPort });
}
