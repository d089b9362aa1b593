import { join } from "node:path";
import type { PathPlan } from "../../environment/environment.ts";
import { componentPlaces, processNames } from "../layout.ts";
import type { AdminTarget } from "../postgres/admin-connection.ts";
import type { ServerRoles } from "./server-roles.ts";

/** One server of an environment's database, primary or not. */
export interface DatabaseServer {
  readonly number: number;
  /** Of its process. */
  readonly name: string;
  readonly data: string;
  readonly config: string;
  /** runit's folder. */
  readonly service: string;
  /** Where this very server is reached, whatever its role. */
  readonly admin: AdminTarget;
}

/** Process of a server; the first one is called as before there were others. */
export function serverName(number: number): string {
  return number === 0 ? processNames.postgres : `${processNames.postgres}-${number}`;
}

/** Places of a server. The first one's socket is the primary's address until it was not the primary once. */
export function databaseServer(
  paths: PathPlan,
  { number, port }: { readonly number: number; readonly port: number },
  term: number,
): DatabaseServer {
  const name = serverName(number);
  const sockets = number === 0 && term > 0 ? `${name}-0` : name;
  return {
    number,
    name,
    data: join(paths.data, name),
    config: join(paths.config, name),
    service: join(paths.services, name),
    admin: { sockets: join(paths.run, sockets), port },
  };
}

/** The server of a number. */
export function serverOf(paths: PathPlan, roles: ServerRoles, number: number): DatabaseServer {
  const found = roles.servers.find((server) => server.number === number);
  if (found === undefined) throw new TypeError(`no database server ${number}`);
  return databaseServer(paths, found, roles.term);
}

/** Where whichever server is the primary is reached: the address that pooler, migrations, backups and exporters know. */
export function primaryAddress(paths: PathPlan, roles: ServerRoles): AdminTarget {
  const first = roles.servers.find(({ number }) => number === 0);
  return { sockets: componentPlaces(paths).postgres.sockets, port: first?.port ?? 0 };
}
