import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { z } from "zod";

const encodings = { br: ".br", gzip: ".gz" } as const;
export type Encoding = keyof typeof encodings | "identity";

/** One form of a file as it is sent. */
export interface FileForm {
  readonly body: Buffer;
  /** Strong, and different for each form. */
  readonly etag: string;
}

export interface StorefrontFile {
  readonly contentType: string;
  readonly forms: Readonly<Record<Encoding, FileForm>>;
}

/** The built storefront in memory: what is not in here cannot be asked for, whatever the path looks like. */
export interface StorefrontFiles {
  /** What every page is answered with. */
  readonly document: StorefrontFile;
  /** By path, e.g. `/assets/storefront-0123456789ab.js`. */
  readonly assets: ReadonlyMap<string, StorefrontFile>;
  /** Today's path of a file by its name without the hash, e.g. of `/assets/storefront.js`. */
  readonly current: ReadonlyMap<string, string>;
}

const manifestSchema = z.object({
  document: z.string(),
  assets: z.array(z.string().regex(/^assets\/[\w-]+\.\w+$/)),
});

const contentTypes: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};

/** Reads what the build's manifest lists; undefined when there is no build in the folder. */
export function readStorefront(folder: string): StorefrontFiles | undefined {
  const manifest = readManifest(folder);
  if (manifest === undefined) return undefined;
  const assets = new Map(manifest.assets.map((name) => [`/${name}`, readFile(folder, name)]));
  return {
    document: readFile(folder, manifest.document),
    assets,
    current: new Map([...assets.keys()].map((path) => [nameWithoutHash(path), path])),
  };
}

/** `/assets/storefront-0123456789ab.js` is `/assets/storefront.js`; any other path stays. */
export function nameWithoutHash(path: string): string {
  return path.replace(/-[0-9a-f]{12}(?=\.\w+$)/, "");
}

function readManifest(folder: string): z.output<typeof manifestSchema> | undefined {
  try {
    return manifestSchema.parse(JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8")));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

function readFile(folder: string, name: string): StorefrontFile {
  const contentType = contentTypes[extname(name)];
  if (contentType === undefined) throw new Error(`the storefront has a file of an unknown kind: ${name}`);
  const identity = readFileSync(join(folder, name));
  const hash = createHash("sha256").update(identity).digest("base64url").slice(0, 16);
  const form = (encoding: keyof typeof encodings): FileForm => ({
    body: readFileSync(join(folder, name + encodings[encoding])),
    etag: `"${hash}-${encoding}"`,
  });
  const forms = { identity: { body: identity, etag: `"${hash}"` }, br: form("br"), gzip: form("gzip") };
  return { contentType, forms };
}
