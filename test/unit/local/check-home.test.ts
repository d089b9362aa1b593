import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { checkHome } from "../../../infra/environment/check-home.ts";
import { pathPlanOf } from "../../../infra/environment/path-plan.ts";

it("a home is too long by the bytes of its sockets' names, not by their characters", async () => {
  const root = mkdtempSync("/var/tmp/shopctl-");
  try {
    const home = join(root, "ä".repeat(30));
    await expect(checkHome(home, pathPlanOf(home, "shop"))).rejects.toMatchObject({
      code: "path-too-long",
      message: expect.stringMatching(/names of 1\d\d bytes, 103 fit/),
    });
  } finally {
    rmSync(root, { recursive: true });
  }
});
