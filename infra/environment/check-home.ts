import { stat, statfs } from "node:fs/promises";
import { dirname, join } from "node:path";
import { isRoot } from "../local/host/os-users.ts";
import { componentPlaces } from "../local/layout.ts";
import { EnvironmentError } from "./environment-error.ts";
import type { PathPlan } from "./environment.ts";

/** What an environment needs at first: an empty cluster with its log, a release with its Node, logs; and room to grow. */
export const neededDiskGiB = 2;
/** Longest path of a unix socket: sun_path has 108 bytes, 104 on macOS, the last one 0. */
const longestSocketPath = 103;
const bytesPerGiB = 1_073_741_824;

/** Whether an environment can live in this home. Throws EnvironmentError `path-unusable | no-disk | home-unreachable | path-too-long`. */
export async function checkHome(home: string, paths: PathPlan): Promise<void> {
  const unusable = unusableCharacters(home);
  if (unusable !== "") {
    throw new EnvironmentError(
      "path-unusable",
      `${JSON.stringify(home)} has ${unusable} in it, which components of the shop would misread; set SHOPCTL_HOME to a path without`,
    );
  }
  const socket = Buffer.from(join(componentPlaces(paths).pgbouncer.sockets, ".s.PGSQL.20000.lock"));
  if (socket.length > longestSocketPath) {
    throw new EnvironmentError(
      "path-too-long",
      `${home} is too long: unix sockets in it would have names of ${socket.length} bytes, ${longestSocketPath} fit; set SHOPCTL_HOME to a shorter path`,
    );
  }
  const freeGiB = await freeDiskGiB(home);
  if (freeGiB < neededDiskGiB) {
    throw new EnvironmentError(
      "no-disk",
      `${home} has ${freeGiB.toFixed(1)} GiB free; an environment needs ${neededDiskGiB} GiB. Free some, or set SHOPCTL_HOME to another disk`,
    );
  }
  if (isRoot()) await checkReachable(home);
}

/**
 * Characters of a path that none of the components can take everywhere: quotes and escapes of configuration files, the comma
 * between Postgres' socket folders, Prometheus' patterns, what ends or escapes in the URL of Pulumi's backend.
 */
export function unusableCharacters(home: string): string {
  const found = new Set(home.match(/["'\\,*?[\]#%]|\p{Cc}/gu) ?? []);
  return [...found].map((character) => (/\p{Cc}/u.test(character) ? JSON.stringify(character) : character)).join(" ");
}

/** Free space for ordinary accounts, in GiB. */
export async function freeDiskGiB(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return (bavail * bsize) / bytesPerGiB;
}

/** Postgres and the others run under their own accounts, which must be able to enter every folder on the way. */
async function checkReachable(home: string): Promise<void> {
  for (let folder = home; folder !== dirname(folder); folder = dirname(folder)) {
    if (((await stat(folder)).mode & 0o001) === 0) {
      throw new EnvironmentError(
        "home-unreachable",
        `the accounts of Postgres, Redis and the others cannot enter ${folder} (mode ${((await stat(folder)).mode & 0o777).toString(8)}); set SHOPCTL_HOME to a folder that they can, such as /var/lib/shopctl`,
      );
    }
  }
}
