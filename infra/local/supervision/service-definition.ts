import { createHash } from "node:crypto";
import { z } from "zod";
import type { OsUser } from "../host/os-users.ts";
import type { ResourceLimits } from "../host/cgroup.ts";
import { processComponents, type ProcessObservation } from "../../observation.ts";

/** One supervised process. */
export interface ServiceDefinition {
  readonly name: string;
  readonly component: ProcessObservation["component"];
  /** Program and arguments; no secret, for everybody can read a process list. */
  readonly command: readonly [string, ...string[]];
  readonly user: OsUser;
  /** Environment variables; kept in files of mode 600, so secrets may be in it. */
  readonly variables?: Readonly<Record<string, string>>;
  readonly limits?: ResourceLimits;
  /** Signal that stops it in an orderly way; TERM unless said. */
  readonly stopSignal?: "INT" | "QUIT";
  /** Name of the program whose workers go on when it is killed, with its ports: what is left of them ends before it starts. */
  readonly endsLeftover?: "nginx";
  /** Facts that a later run or an observer needs, e.g. the ports of an instance. No secret. */
  readonly facts?: Readonly<Record<string, string | number>>;
}

/** What `definition.json` in a service folder holds: who made it, without its secrets. */
export const serviceRecordSchema = z.object({
  name: z.string(),
  component: z.enum(processComponents),
  limits: z.object({ cpu: z.number(), memoryMiB: z.number() }).optional(),
  facts: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
  /** Hash of the whole definition, secrets included. */
  digest: z.string(),
  /** Identity of the creation that owns the folder; a deletion by an earlier owner does nothing. */
  incarnation: z.string(),
});
export type ServiceRecord = z.infer<typeof serviceRecordSchema>;

/** Hash over everything that would change the process. */
export function digestOf(definition: ServiceDefinition): string {
  const { limits: _resizedLive, ...rest } = definition;
  return createHash("sha256").update(JSON.stringify(rest)).digest("hex");
}
