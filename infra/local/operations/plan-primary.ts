import type { LocalEnvironment } from "../../environment/environment.ts";
import { answers } from "../postgres/admin-connection.ts";
import { serverOf } from "../replication/database-server.ts";
import { furthestFollower } from "../replication/fail-over.ts";
import { followersOf } from "../replication/replication-slots.ts";
import { OperationError } from "../../operation-error.ts";
import { requireStandbys } from "./require-standbys.ts";

export interface PlannedPrimary {
  readonly before: number;
  readonly primary: number;
  readonly term: number;
}

/** Which server becomes the primary. Throws OperationError `no-replica | wrong-state`. */
export async function planPrimary(
  environment: LocalEnvironment,
  kind: "switchover" | "failover",
  to: number | undefined,
): Promise<PlannedPrimary> {
  const { paths } = environment;
  const { roles, others } = requireStandbys(environment);
  if (to !== undefined && !others.includes(to))
    throw new OperationError(
      "no-replica",
      `server ${to} does not follow the primary; those that do: ${others.join(", ")}`,
    );
  const primary = serverOf(paths, roles, roles.primary);
  const isWell = await answers(primary.admin);
  if (isWell !== (kind === "switchover")) {
    const why = isWell
      ? "answers: `shopctl db switchover` loses nothing"
      : "does not answer: `shopctl db failover` replaces it";
    throw new OperationError("wrong-state", `the primary, server ${roles.primary}, ${why}`);
  }
  const chosen = to ?? (isWell ? await leastBehind(primary.admin, others) : await furthestFollower(paths, roles));
  return { before: roles.primary, primary: chosen, term: roles.term + 1 };
}

async function leastBehind(primary: Parameters<typeof followersOf>[0], numbers: readonly number[]): Promise<number> {
  const behind = ({ lagBytes = Number.POSITIVE_INFINITY }: { lagBytes?: number | undefined }): number => lagBytes;
  const [best] = (await followersOf(primary, numbers)).toSorted((a, b) => behind(a) - behind(b));
  return best?.number ?? numbers[0] ?? 0;
}
