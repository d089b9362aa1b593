import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { program } from "../host/programs.ts";

/** Whether the installed Postgres has pg_stat_statements (Debian ships it with the server, some others do not). */
export function hasStatementStatistics(): boolean {
  const prefix = dirname(dirname(program("postgres")));
  return ["lib", "lib/postgresql"].some((folder) => existsSync(join(prefix, folder, "pg_stat_statements.so")));
}
