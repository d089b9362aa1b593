import { existsSync } from "node:fs";
import { join } from "node:path";
import { queryTimesReportSchema, type QueryTime } from "../../../service/contract/query-times.ts";
import { osUser } from "../host/os-users.ts";
import { runCommand } from "../host/run-command.ts";
import { adminUrl, type AdminTarget } from "../postgres/admin-connection.ts";

const timeoutMs = 300_000;

/**
 * Runs a release's `queries.js`: what the queries of the step `query-optimisation` take in both forms. Nothing where the release is
 * from before there were two.
 */
export async function runQueries(
  { releaseFolder, database }: { readonly releaseFolder: string; readonly database: AdminTarget },
  say: (line: string) => void,
): Promise<readonly QueryTime[]> {
  const program = join(releaseFolder, "queries.js");
  if (!existsSync(program)) return [];
  const printed = await runCommand(join(releaseFolder, "node"), [program], {
    user: osUser("postgres"),
    environment: { SHOP_QUERIES_URL: adminUrl(database, "shop") },
    timeoutMs,
    endsWithUs: true,
    onLine: (stream, line) => (stream === "stderr" ? say(line) : undefined),
  });
  return queryTimesReportSchema.parse(JSON.parse(printed)).times;
}
