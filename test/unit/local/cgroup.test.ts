import { afterAll, expect, test } from "vitest";
import { applyLimits, processGroup, readLimits, removeGroup } from "../../../infra/local/host/cgroup.ts";
import { cgroupLayout } from "../../../infra/local/host/cgroup-layout.ts";

const group = processGroup(`/tmp/no-environment-${process.pid}`, "web-1");
afterAll(() => {
  removeGroup(group);
  removeGroup(group.slice(0, group.lastIndexOf("/")));
});

test.skipIf(cgroupLayout() === undefined)("limits that the kernel does not take are refused, not left out", () => {
  expect(applyLimits(group, { cpu: 0.5, memoryMiB: 64 })).not.toEqual([]);
  expect(() => applyLimits(group, { cpu: 0.5, memoryMiB: -7 })).toThrow(
    /the kernel does not take the limits of .*web-1, 0\.5 CPU and -7 MiB: EINVAL/,
  );
  expect(readLimits(group)).toEqual({ cpu: 0.5, memoryMiB: 64 });
});
