import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { LocalEnvironment } from "../../../infra/environment/environment.ts";
import { pathPlanOf } from "../../../infra/environment/path-plan.ts";
import { componentPlaces } from "../../../infra/local/layout.ts";
import { messageFiles } from "../../../infra/local/mail-sink/message-store.ts";
import { readMailbox } from "../../../infra/local/operations/mailbox.ts";

let home = "";
beforeEach(() => (home = mkdtempSync(join(tmpdir(), "shopctl-mail-"))));
afterEach(() => rmSync(home, { recursive: true }));

it("a mailbox without files is empty; one that cannot be read is not said to be", async () => {
  const paths = pathPlanOf(home, "shop");
  const environment = { paths } as LocalEnvironment;
  expect(await readMailbox(environment, { limit: 5 })).toEqual([]);
  mkdirSync(join(componentPlaces(paths).mailSink.data, messageFiles.current), { recursive: true });
  await expect(readMailbox(environment, { limit: 5 })).rejects.toMatchObject({ code: "EISDIR" });
});
