import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, extname, join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import * as esbuild from "esbuild";

const root = join(import.meta.dirname, "..");
const source = join(root, "service", "storefront");
/** What a phone on a slow connection has to load before the shop can be used. */
const maxScriptBytes = 30_000;

/**
 * Builds the storefront into `outdir`: program and style with the hash of their content in their names, the document
 * that names them, each also compressed. `manifest.json` lists the files for the service. Equal sources, equal bytes.
 */
export async function buildStorefront(outdir: string): Promise<void> {
  const result = await esbuild.build({
    absWorkingDir: root,
    entryPoints: { storefront: "service/storefront/main.ts", style: "service/storefront/style/storefront.css" },
    outdir,
    bundle: true,
    minify: true,
    format: "esm",
    target: ["chrome120", "firefox120", "safari17"],
    write: false,
    metafile: true,
    logLevel: "warning",
  });
  const foreign = Object.keys(result.metafile.inputs).filter((file) => !file.startsWith("service/"));
  if (foreign.length > 0) throw new Error(`the storefront must load no packages, but it would: ${foreign.join(", ")}`);

  mkdirSync(join(outdir, "assets"), { recursive: true });
  const assets = [
    ...result.outputFiles.map(({ path, contents }) => asset(`storefront${extname(path)}`, Buffer.from(contents))),
    asset("icon.svg", readFileSync(join(source, "icon.svg"))),
  ];
  const document = readFileSync(join(source, "index.html"), "utf8")
    .replaceAll(/\{\{(.+?)\}\}/g, (_, name: string) => `/${assetNamed(assets, name).file}`)
    .replaceAll(/\n\s*/g, "\n");
  for (const { file, content } of assets) writeWithVariants(outdir, file, content);
  writeWithVariants(outdir, "index.html", Buffer.from(document));
  const manifest = { document: "index.html", assets: assets.map(({ file }) => file) };
  writeFileSync(join(outdir, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);

  const scriptBytes = gzipSync(assetNamed(assets, "storefront.js").content).length;
  if (scriptBytes > maxScriptBytes) throw new Error(`the storefront's program has ${scriptBytes} bytes compressed`);
}

interface Asset {
  /** Without the hash. */
  readonly name: string;
  /** Below `outdir`, with it. */
  readonly file: string;
  readonly content: Buffer;
}

function asset(name: string, content: Buffer): Asset {
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 12);
  const extension = extname(name);
  return { name, file: `assets/${basename(name, extension)}-${hash}${extension}`, content };
}

function assetNamed(assets: readonly Asset[], name: string): Asset {
  const found = assets.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`the storefront's document names ${name}, which was not built`);
  return found;
}

function writeWithVariants(outdir: string, file: string, content: Buffer): void {
  const path = join(outdir, file);
  writeFileSync(path, content);
  writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }));
  const quality = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
  writeFileSync(`${path}.br`, brotliCompressSync(content, { params: quality }));
}
