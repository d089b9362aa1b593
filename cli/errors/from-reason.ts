import type { Failure } from "./failure.ts";

/** Faults of the machine reach the engine as text only, so they are told by the words of the operating system. */
export function fromReason(reason: string, environment: string, during = "the update"): Failure {
  if (/ENOSPC|EDQUOT|no space left on device|disk quota exceeded/i.test(reason)) {
    return { code: "no-disk", reason };
  }
  if (/EADDRINUSE|address already in use|port \d+ is (taken|in use)/i.test(reason)) {
    return { code: "port-in-use", environment, reason };
  }
  const [, program] = /(\S+) is not installed/.exec(reason) ?? [];
  if (program !== undefined) return { code: "component-missing", missing: [program], install: [] };
  return { code: "deployment-failed", environment, during, reason };
}
