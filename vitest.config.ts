import { defineConfig } from "vitest/config";

/** Real processes on two cores: three files at a time, for they mostly wait; the product as a whole runs alone. */
export default defineConfig({
  test: {
    disableConsoleIntercept: true,
    // What tests read is text, whatever terminal they run in.
    env: { NO_COLOR: "1" },
    projects: [
      { test: { name: "unit", include: ["test/unit/**/*.test.ts"], testTimeout: 20_000 } },
      {
        test: {
          name: "real",
          include: ["test/infra/**/*.test.ts", "test/integration/**/*.test.ts"],
          maxWorkers: 3,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: "acceptance",
          include: ["test/acceptance/**/*.test.ts"],
          fileParallelism: false,
          testTimeout: 600_000,
          hookTimeout: 300_000,
        },
      },
      {
        test: {
          name: "rehearsal",
          include: ["test/rehearsal/**/*.test.ts"],
          fileParallelism: false,
          testTimeout: 1_800_000,
          hookTimeout: 300_000,
        },
      },
      {
        test: {
          name: "road",
          include: ["test/road/**/*.test.ts"],
          fileParallelism: false,
          testTimeout: 1_800_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
