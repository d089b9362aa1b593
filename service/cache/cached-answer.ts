import { hash } from "node:crypto";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import type { CacheName } from "./cache-names.ts";
import type { Load } from "./load-through.ts";

/** What one packet holds is not made smaller: it would not arrive sooner. */
const compressFromBytes = 1_024;
/** Beyond this quality Brotli takes milliseconds for a few kilobytes. */
const brotliQuality = 4;

/** One form of an answer's body. A strong ETag names bytes, so every form has its own. */
export interface BodyForm {
  /** A character a byte (latin1): Node then sends head and body in one write, a quarter less for sending. */
  readonly body: string;
  readonly etag: string;
  readonly encoding: "br" | "gzip" | undefined;
}

/** An answer with its ETag, a hash of its content: equal on every instance and after every restart. */
export class CachedAnswer {
  readonly name: CacheName;
  readonly key: string;
  /** When it was last loaded, in ms of the cache's clock. */
  loadedAtMs: number;
  /** Loads it again. */
  readonly load: Load;
  /** Addresses that lead to it; kept by `AnswerMemory`. */
  readonly urls: string[] = [];
  /** Told when it was given for an address; set by `AnswerMemory` while it holds the answer. */
  onGiven: ((url: string) => void) | undefined;
  readonly plain: BodyForm;
  readonly #hash: string;
  #gzip: BodyForm | undefined;
  #brotli: BodyForm | undefined;

  constructor(
    { name, key, load }: Pick<CachedAnswer, "name" | "key" | "load">,
    { text, atMs }: { readonly text: string; readonly atMs: number },
  ) {
    this.name = name;
    this.key = key;
    this.load = load;
    this.loadedAtMs = atMs;
    this.#hash = hash("sha256", text, "base64url").slice(0, 22);
    this.plain = { body: bytesOf(text), etag: `"${this.#hash}"`, encoding: undefined };
  }

  /** The form for a client that sent `accepted` as its Accept-Encoding; compressed when first asked for, then kept. */
  formFor(accepted: string | undefined): BodyForm {
    if (accepted === undefined || this.plain.body.length < compressFromBytes) return this.plain;
    if (accepts(accepted, "br")) {
      const params = { [constants.BROTLI_PARAM_QUALITY]: brotliQuality };
      return (this.#brotli ??= this.#form("br", brotliCompressSync(this.#bytes(), { params })));
    }
    if (accepts(accepted, "gzip")) return (this.#gzip ??= this.#form("gzip", gzipSync(this.#bytes())));
    return this.plain;
  }

  /** Whether a client has this answer already, in any form; `known` is its If-None-Match. */
  isKnown(known: string | undefined): boolean {
    if (known === undefined) return false;
    return known.trim() === "*" || known.includes(`"${this.#hash}`);
  }

  #form(encoding: "br" | "gzip", body: Buffer): BodyForm {
    return { body: body.toString("latin1"), etag: `"${this.#hash}-${encoding}"`, encoding };
  }

  #bytes(): Buffer {
    return Buffer.from(this.plain.body, "latin1");
  }
}

/** Its UTF-8, a character a byte: plain ASCII, as most JSON is, is that already. */
function bytesOf(text: string): string {
  return Buffer.byteLength(text) === text.length ? text : Buffer.from(text).toString("latin1");
}

/** True when an Accept-Encoding names a coding and does not give it the weight 0. */
function accepts(accepted: string, coding: string): boolean {
  return accepted.split(",").some((part) => {
    const [name = "", ...parameters] = part.split(";").map((piece) => piece.trim().toLowerCase());
    return name === coding && !parameters.some((parameter) => /^q=0(?:\.0*)?$/.test(parameter));
  });
}
