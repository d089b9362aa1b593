import { defineConfig } from "vitest/config";

/** Real processes on two shared cores: files run one after another, except the pure unit tests. */
export default defineConfig({
  test: {
    disableConsoleIntercept: true,
    projects: [
      { test: { name: "unit", include: ["test/unit/**/*.test.ts"], testTimeout: 20_000 } },
      {
        test: {
          name: "real",
          include: ["test/infra/**/*.test.ts", "test/integration/**/*.test.ts"],
          fileParallelism: false,
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
    ],
  },
});
