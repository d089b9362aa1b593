import { z } from "zod";
import { takeBackup } from "./take-backup.ts";

/** The nightly backup, as a process of its own; `backup-schedule` starts it. */
const environment = z
  .object({ BACKUP_SOCKETS: z.string(), BACKUP_PORT: z.coerce.number().int(), BACKUP_FOLDER: z.string() })
  .parse(process.env);

// A schedule that changes meanwhile sends it: the next night is the changed one's, this backup is made.
process.on("SIGTERM", () => undefined);

takeBackup(
  { sockets: environment.BACKUP_SOCKETS, port: environment.BACKUP_PORT },
  environment.BACKUP_FOLDER,
  "nightly",
).then(
  (made) => console.log(`backup ${made.id}: ${made.sizeBytes} bytes`),
  (error: unknown) => {
    console.error(`backup failed: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  },
);
