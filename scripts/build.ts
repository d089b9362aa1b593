/**
 * Builds dist/: `service/` (the release that environments copy), `infra/` (Pulumi program, provider plugin and the
 * processes of the local target) and `cli/` (commands, bundled so that `shopctl --version` starts in under 250 ms).
 * Does nothing when dist/ is newer than every source. `--force` builds anyway.
 */
import { execFileSync } from "node:child_process";
import { cpSync, globSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as esbuild from "esbuild";
import { buildStorefront } from "./build-storefront.ts";

const root = join(import.meta.dirname, "..");
const built = join(root, "dist");
/** Built beside it and then put in its place, so that a shopctl at work never sees half a build. */
const dist = join(root, `dist.new-${process.pid}`);
const stamp = ".built";

const common = {
  absWorkingDir: root,
  platform: "node",
  target: "node24",
  bundle: true,
  sourcemap: "linked",
  logLevel: "warning",
  keepNames: true,
} satisfies esbuild.BuildOptions;

/** Bundled CommonJS code inside ESM output calls `require`. */
const requireInEsm = {
  js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
};

/** The engine's wire stubs must be the very modules that @pulumi/pulumi loads, so they stay outside. */
const pulumiRuntime = ["@pulumi/pulumi", "@pulumi/pulumi/*", "@grpc/grpc-js", "google-protobuf", "google-protobuf/*"];

if (process.argv.includes("--force") || !isFresh()) await build();

async function build(): Promise<void> {
  const startedAt = performance.now();
  try {
    await Promise.all([buildService(), buildInfra(), buildCli()]);
    rmSync(built, { recursive: true, force: true });
    renameSync(dist, built);
  } finally {
    rmSync(dist, { recursive: true, force: true });
  }
  writeManifest();
  writeFileSync(join(built, stamp), "");
  process.stderr.write(`built dist/ in ${((performance.now() - startedAt) / 1000).toFixed(1)} s\n`);
}

async function buildService(): Promise<void> {
  const outdir = join(dist, "service");
  await esbuild.build({
    ...common,
    // It costs every closure that a request makes a call, and nothing in the service goes by names of functions.
    keepNames: false,
    entryPoints: Object.fromEntries(
      ["main", "worker", "migrate", "seed", "staff", "task", "mails", "indexes", "queries", "deliver", "facts"].map(
        (program) => [program, `service/${program}.ts`],
      ),
    ),
    outdir,
    format: "esm",
    splitting: true,
    sourcemap: false,
    banner: requireInEsm,
    loader: { ".node": "copy" },
    external: ["pg-native", "@node-rs/argon2-wasm32-wasi"],
    logOverride: { "require-resolve-not-external": "silent" },
  });
  cpSync(join(root, "service", "migrations"), join(outdir, "migrations"), { recursive: true });
  await buildStorefront(join(outdir, "storefront"));
  writePackage(outdir, { type: "module" });
}

async function buildInfra(): Promise<void> {
  const outdir = join(dist, "infra");
  await esbuild.build({
    ...common,
    entryPoints: {
      "program/index": "infra/program.ts",
      "aws/index": "infra/aws/program.ts",
      "aws-outline/index": "infra/aws/outline.ts",
      "policy/index": "infra/aws/policy/pack.ts",
      "provider/index": "infra/local/provider/index.ts",
      "mail-sink/index": "infra/local/mail-sink/main.ts",
      "cdn-control/index": "infra/local/cdn-control/main.ts",
      "fault-sink/index": "infra/local/fault-sink/main.ts",
      "backup/index": "infra/local/backup/main.ts",
      "replication-guard/index": "infra/local/replication/guard/main.ts",
      "pgbouncer-exporter/index": "infra/local/pgbouncer-exporter/main.ts",
    },
    outdir,
    format: "cjs",
    define: { "import.meta.dirname": "__dirname", "import.meta.url": "__importMetaUrl" },
    banner: { js: 'const __importMetaUrl = require("node:url").pathToFileURL(__filename).href;' },
    external: [...pulumiRuntime, "@pulumi/aws", "@pulumi/policy", "pg-native"],
  });
  writeFileSync(join(outdir, "policy", "PulumiPolicy.yaml"), "runtime: nodejs\nmain: index.js\n");
  cpSync(join(root, "dashboards", "generated"), join(outdir, "monitoring"), { recursive: true });
  writePackage(outdir, { type: "commonjs" });
  writeProviderLauncher(join(outdir, "provider"));
}

/** What the Pulumi CLI starts for a plugin folder: an executable named after the provider. */
function writeProviderLauncher(folder: string): void {
  const launcher = `#!/bin/sh\nexec "${process.execPath}" "$(dirname "$0")/index.js" "$@"\n`;
  writeFileSync(join(folder, "pulumi-resource-shopctl"), launcher, { mode: 0o755 });
}

async function buildCli(): Promise<void> {
  const outdir = join(dist, "cli");
  await esbuild.build({
    ...common,
    entryPoints: ["cli/run.ts", ...globSync("cli/commands/**/*.ts", { cwd: root })],
    outbase: "cli",
    outdir,
    format: "esm",
    splitting: true,
    chunkNames: "chunks/[name]-[hash]",
    banner: requireInEsm,
    external: [...pulumiRuntime, "pg-native"],
  });
  writePackage(outdir, { type: "module" });
}

/** oclif's manifest: without it every start would load every command. */
function writeManifest(): void {
  execFileSync(process.execPath, [join(root, "node_modules", "oclif", "bin", "run.js"), "manifest", root], {
    stdio: ["ignore", "ignore", "inherit"],
  });
}

function writePackage(folder: string, content: object): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), `${JSON.stringify(content)}\n`);
}

function isFresh(): boolean {
  const builtAt = statSync(join(built, stamp), { throwIfNoEntry: false })?.mtimeMs;
  if (builtAt === undefined) return false;
  const sources = [
    ...globSync("{service,infra,cli,dashboards/generated}/**/*", { cwd: root }),
    "package.json",
    "package-lock.json",
    "scripts/build.ts",
    "scripts/build-storefront.ts",
  ];
  return sources.every((file) => statSync(join(root, file)).mtimeMs <= builtAt);
}
