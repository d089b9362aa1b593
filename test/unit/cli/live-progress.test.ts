import { afterEach, expect, test, vi } from "vitest";
import { LiveProgress } from "../../../cli/render/live-progress.ts";
import { ProgressRow } from "../../../cli/render/progress-row.ts";
import { planned } from "./planned.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

test("a pause is said at the step that waits, for the row of the one before has ended", async () => {
  const said: (readonly [id: string, line: string])[] = [];
  vi.spyOn(process.stderr, "write").mockReturnValue(true);
  vi.spyOn(ProgressRow.prototype, "say").mockImplementation(function (this: ProgressRow, line) {
    if (line !== "") said.push([this.id, line]);
  });
  const [first, second] = planned("connection-pooler", "tier-standard");
  const progress = new LiveProgress([first!, second!]);
  progress.report({ kind: "step-started", step: first! });
  progress.report({ kind: "paused", before: second! });
  progress.report({ kind: "resumed", before: second! });
  progress.note("stopping after this step");
  await progress.close();
  expect(said).toEqual([
    ["connection-pooler", "starting"],
    ["tier-standard", "paused before tier-standard; `shopctl scale resume` lets it go on"],
    ["tier-standard", "going on with tier-standard"],
    ["tier-standard", "stopping after this step"],
  ]);
});
