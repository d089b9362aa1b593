import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parse, stringify } from "yaml";
import { canonicalJson } from "./canonical-json.ts";
import { EngineError, type StackReference } from "./engine.ts";
import { readPassphrase } from "./passphrase.ts";
import type { Crypter } from "./passphrase-crypter.ts";
import { writeDurably } from "./write-durably.ts";

export { ensurePassphrase } from "./passphrase.ts";

/** What Pulumi.yaml says of a project. */
export interface Project {
  /** Absolute path of the program's file or folder. */
  readonly main: string;
  /** Provider plugins by name; `path` is the plugin's absolute folder. */
  readonly providers: readonly ProviderPlugin[];
}

export interface ProviderPlugin {
  readonly name: string;
  readonly path: string;
}

/** One value for `setConfig`; a secret is stored encrypted, an object as nested YAML or, when secret, as JSON. */
export interface ConfigEntry {
  readonly value: unknown;
  readonly secret?: boolean;
}

/** Values as Pulumi hands them to a program: text, objects as JSON. */
export type ConfigTexts = Readonly<Record<string, { readonly text: string; readonly secret: boolean }>>;

interface StackFile {
  encryptionsalt?: string;
  secretsprovider?: string;
  config?: Record<string, unknown>;
}

const placeholder = "[secret]";

/** Writes Pulumi.yaml into the stack's work folder; both engines read it. */
export async function writeProject(stack: StackReference, project: Project): Promise<void> {
  await writeYaml(projectFile(stack), {
    name: stack.project,
    // Programs are compiled; without this the language host would load ts-node at each start.
    runtime: { name: "nodejs", options: { typescript: false } },
    main: project.main,
    plugins: { providers: project.providers.map(({ name, path }) => ({ name, path })) },
  });
}

/** Reads Pulumi.yaml; EngineError `configuration` when it is missing, unreadable or of another project. */
export async function readProject(stack: StackReference): Promise<Project> {
  const file = projectFile(stack);
  const content = (await readYaml(file)) as
    { name?: string; main?: string; plugins?: { providers?: { name: string; path: string }[] } } | undefined;
  if (content === undefined) throw new EngineError("configuration", `there is no project at ${file}`);
  if (content.name !== stack.project) {
    throw new EngineError("configuration", `${file} is of project ${content.name}, not ${stack.project}`);
  }
  return {
    main: resolve(stack.workDir, content.main ?? "."),
    providers: (content.plugins?.providers ?? []).map(({ name, path }) => ({
      name,
      path: resolve(stack.workDir, path),
    })),
  };
}

/** Sets configuration values in Pulumi.<stack>.yaml, keeping the others; the first call makes the encryption salt. */
export async function setConfig(stack: StackReference, entries: Readonly<Record<string, ConfigEntry>>): Promise<void> {
  const content = await readStackFile(stack);
  const crypter = isElsewhere(content.secretsprovider ?? stack.secretsProvider)
    ? undefined
    : await crypterOf(stack, content);
  const config: Record<string, unknown> = { ...content.config };
  for (const [key, { value, secret }] of Object.entries(entries)) {
    if (secret === true && crypter === undefined)
      throw new EngineError("configuration", `only the Pulumi CLI can encrypt ${key} with ${stack.secretsProvider}`);
    config[key] = secret === true && crypter !== undefined ? sealed(crypter, config[key], textOf(value)) : value;
  }
  const salt = crypter === undefined ? {} : { encryptionsalt: crypter.encryptionSalt };
  await writeYaml(stackFile(stack), { ...content, ...salt, config });
}

/** Puts secrets into the configuration, encrypted with the passphrase; EngineError `configuration` where another provider holds them. */
export async function setSecrets(stack: StackReference, secrets: Readonly<Record<string, unknown>>): Promise<void> {
  const entries = Object.entries(secrets).map(([key, value]) => [key, { value, secret: true }] as const);
  await setConfig(stack, Object.fromEntries(entries));
}

/** Reads the configuration; secrets are decrypted only with `decrypt`, else they read `[secret]`. */
export async function readConfig(
  stack: StackReference,
  options: { readonly decrypt?: boolean } = {},
): Promise<Record<string, unknown>> {
  const content = await readStackFile(stack);
  const config = Object.entries(content.config ?? {});
  const decrypt = options.decrypt === true && config.some(([, value]) => isSealed(value));
  const crypter = decrypt ? await crypterOf(stack, content) : undefined;
  return Object.fromEntries(
    config.map(([key, value]) => {
      if (!isSealed(value)) return [key, value];
      return [key, crypter === undefined ? placeholder : valueOf(crypter.decrypt(value.secure))];
    }),
  );
}

/** Configuration and crypter of a stack that has been configured; EngineError `configuration` otherwise. */
export async function openConfig(stack: StackReference): Promise<{ crypter: Crypter; texts: ConfigTexts }> {
  const content = await readStackFile(stack);
  if (content.secretsprovider !== undefined && content.secretsprovider !== "passphrase") {
    throw new EngineError("unsupported", `secrets provider ${content.secretsprovider} (only passphrase)`);
  }
  if (content.encryptionsalt === undefined) {
    throw new EngineError("configuration", `${stackFile(stack)} has no encryptionsalt`);
  }
  const crypter = await crypterOf(stack, content);
  const texts = Object.entries(content.config ?? {}).map(([key, value]) => {
    if (isSealed(value)) return [key, { text: crypter.decrypt(value.secure), secret: true }] as const;
    return [key, { text: textOf(value), secret: false }] as const;
  });
  return { crypter, texts: Object.fromEntries(texts) };
}

function projectFile(stack: StackReference): string {
  return join(stack.workDir, "Pulumi.yaml");
}

function stackFile(stack: StackReference): string {
  return join(stack.workDir, `Pulumi.${stack.stack}.yaml`);
}

async function readStackFile(stack: StackReference): Promise<StackFile> {
  return ((await readYaml(stackFile(stack))) as StackFile | null | undefined) ?? {};
}

async function crypterOf(stack: StackReference, content: StackFile): Promise<Crypter> {
  const { createCrypter, openCrypter } = await import("./passphrase-crypter.ts");
  const passphrase = await readPassphrase(stack);
  return content.encryptionsalt === undefined
    ? await createCrypter(passphrase)
    : await openCrypter(passphrase, content.encryptionsalt);
}

/** Whether secrets are encrypted by a key of some cloud, which only the Pulumi CLI asks. */
function isElsewhere(provider: string | undefined): boolean {
  return provider !== undefined && provider !== "passphrase";
}

/** Keeps the ciphertext of an unchanged secret, so that the file only changes when the configuration does. */
function sealed(crypter: Crypter, before: unknown, text: string): { secure: string } {
  if (isSealed(before) && crypter.decrypt(before.secure) === text) return before;
  return { secure: crypter.encrypt(text) };
}

function isSealed(value: unknown): value is { secure: string } {
  return typeof value === "object" && value !== null && "secure" in value && typeof value.secure === "string";
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : canonicalJson(value);
}

function valueOf(text: string): unknown {
  if (!/^[[{]/.test(text)) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

async function readYaml(file: string): Promise<unknown> {
  try {
    return parse(await readFile(file, "utf8")) as unknown;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new EngineError("configuration", `${file} cannot be read: ${(cause as Error).message}`, { cause });
  }
}

/** Text is quoted: Pulumi reads YAML 1.1, where a bare `2026-11-22T10:00:00Z` is a time and `yes` is a truth value. */
async function writeYaml(file: string, content: unknown): Promise<void> {
  await writeDurably(
    file,
    stringify(content, { lineWidth: 0, defaultStringType: "QUOTE_DOUBLE", defaultKeyType: "PLAIN" }),
  );
}
