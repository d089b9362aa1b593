import { exitCodes } from "../exit-codes.ts";

/**
 * What becomes of output that nobody takes any more. Without stdout (`| head`) there is nothing more to do, and what must not be
 * left half-way is told as by SIGTERM; without stderr, or with a terminal that is gone, work goes on unseen.
 */
export function watchOutlets(): void {
  let isGone = false;
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (isGone || error.code === "EIO") return;
    isGone = true;
    if (error.code !== "EPIPE") process.stderr.write(`✖ The answer cannot be written: ${error.message}\n`);
    if (process.emit("SIGTERM", "SIGTERM")) return;
    process.exit(error.code === "EPIPE" ? undefined : exitCodes["no-disk"].exit);
  });
  process.stderr.on("error", () => undefined);
}
