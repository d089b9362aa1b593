import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type BrowserContext, type BrowserContextOptions } from "playwright-core";

const program = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((path) =>
  existsSync(path),
);

/** A Chromium with a profile of its own, which is gone when it is closed. */
export interface TestBrowser {
  readonly context: BrowserContext;
  close(): Promise<void>;
}

/** Starts the system's Chromium without a window, talking to nobody but the test's shop. */
export async function startBrowser(options: BrowserContextOptions = {}): Promise<TestBrowser> {
  if (program === undefined) throw new Error("no Chromium is installed; scripts/setup.sh --test brings it");
  const profile = mkdtempSync(join(tmpdir(), "shop-browser-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: program,
    headless: true,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    ],
    ...options,
  });
  return {
    context,
    close: async () => {
      await context.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}
