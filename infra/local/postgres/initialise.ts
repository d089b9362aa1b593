import { existsSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { osUser } from "../host/os-users.ts";
import { program } from "../host/programs.ts";
import { runCommand } from "../host/run-command.ts";
import { ensureFolder } from "../host/write-file.ts";

const initTimeoutMs = 120_000;

/** Makes an empty cluster in `data` unless there is one; an initdb that was killed leaves only a draft folder. */
export async function initialiseCluster(data: string): Promise<void> {
  if (existsSync(join(data, "PG_VERSION"))) return;
  const user = osUser("postgres");
  // The draft's parent must belong to nobody else; only its own folder does to postgres.
  const draft = join(dirname(data), `.new-postgres`);
  await rm(draft, { recursive: true, force: true });
  await ensureFolder(draft, { mode: 0o700, owner: user });
  // It syncs the whole cluster at its end by itself.
  const options = [
    "--auth=peer",
    "--username=postgres",
    "--encoding=UTF8",
    "--locale=C.UTF-8",
    "--data-checksums",
    "-D",
    draft,
  ];
  await runCommand(program("initdb"), options, { user, timeoutMs: initTimeoutMs, endsWithUs: true });
  await rename(draft, data);
}
