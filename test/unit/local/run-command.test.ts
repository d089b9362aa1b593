import { expect, it } from "vitest";
import { runCommand } from "../../../infra/local/host/run-command.ts";

/** Fifth field of a process' stat: its group, to all of which a terminal sends a Ctrl-C. */
const ownGroup = ["-c", 'read -r _ _ _ _ group _ < "/proc/$$/stat"; echo "$$ $group"'];

it.each([
  ["that ends with us gets no Ctrl-C of the terminal, through which we may go on", true],
  ["that does not ends by it as we do", false],
])("a command %s", async (_what, endsWithUs) => {
  const [pid, group] = (await runCommand("/bin/sh", ownGroup, { timeoutMs: 5_000, endsWithUs })).trim().split(" ");
  expect(group === pid).toBe(endsWithUs);
});
