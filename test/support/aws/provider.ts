import { randomBytes } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { Aws, AwsAccess } from "./aws-access.ts";
import { functions } from "./functions.ts";
import type { Refusal } from "./refusal.ts";
import type { Properties, ResourceRow } from "./resource-row.ts";
import { table } from "./rows/index.ts";
import { containsUnknown, withoutAssetPaths } from "./wire-values.ts";

/** The stand-in: Pulumi's calls, carried out by the rows against the emulator. */
export class Provider {
  readonly #access: AwsAccess;
  #region = "us-east-1";
  #tags: Readonly<Record<string, string>> = {};

  constructor(access: AwsAccess) {
    this.#access = access;
  }

  /** Nested values of a provider's configuration come as JSON. */
  configure({ region, defaultTags }: Properties): void {
    if (typeof region === "string") this.#region = region;
    const given = (typeof defaultTags === "string" ? JSON.parse(defaultTags) : defaultTags) as
      { tags?: Record<string, string> } | undefined;
    this.#tags = given?.tags ?? {};
  }

  check(urn: string, olds: Properties, news: Properties): { inputs: Properties; refused: readonly Refusal[] } {
    const row = rowOf(urn);
    const { named } = row;
    const inputs = named === undefined ? news : { [named.by]: olds[named.by] ?? autoName(urn), ...news };
    const known = Object.fromEntries(Object.entries(inputs).filter(([, value]) => !containsUnknown(value)));
    const name = named === undefined ? undefined : known[named.by];
    const tooLong =
      named !== undefined && typeof name === "string" && name.length > named.maxLength
        ? [{ property: named.by, reason: `${name} is longer than ${named.maxLength} characters`, page: named.page }]
        : [];
    return { inputs, refused: [...tooLong, ...(row.refuse?.(known) ?? [])] };
  }

  diff(
    urn: string,
    olds: Properties,
    news: Properties,
    ignored: readonly string[],
  ): { changed: readonly string[]; replaces: readonly string[] } {
    const row = rowOf(urn);
    const keys = [...new Set([...Object.keys(olds), ...Object.keys(news)])];
    const changed = keys.filter(
      (key) => !ignored.includes(key) && !isDeepStrictEqual(withoutAssetPaths(olds[key]), withoutAssetPaths(news[key])),
    );
    const { replaceOn } = row;
    const always = replaceOn === "all" || row.update === undefined;
    return { changed, replaces: changed.filter((key) => always || replaceOn.includes(key)) };
  }

  async create(urn: string, inputs: Properties): Promise<{ id: string; outputs: Properties }> {
    const [row, aws] = [rowOf(urn), this.#aws(inputs)];
    const id = await row.create(aws, inputs);
    return { id, outputs: await outputsOf(row, aws, id, inputs) };
  }

  /** What is there; inputs are brought up to date with what somebody else changed, so that the next update puts it back. */
  async read(
    urn: string,
    id: string,
    inputs: Properties,
    known: Properties,
  ): Promise<{ inputs: Properties; outputs: Properties } | undefined> {
    const found = await ifThere(async () => await rowOf(urn).read(this.#aws(known), id, known));
    if (found === undefined) return undefined;
    const drifted = Object.keys(inputs).filter((key) => key in found && !isDeepStrictEqual(found[key], known[key]));
    return {
      inputs: { ...inputs, ...Object.fromEntries(drifted.map((key) => [key, found[key]])) },
      outputs: { ...known, ...found },
    };
  }

  /** As the real provider does, what is ignored is left as the state has it. */
  async update(
    urn: string,
    id: string,
    {
      olds,
      news,
      ignored,
    }: { readonly olds: Properties; readonly news: Properties; readonly ignored: readonly string[] },
  ): Promise<Properties> {
    const inputs = { ...news, ...Object.fromEntries(ignored.map((key) => [key, olds[key]])) };
    const [row, aws] = [rowOf(urn), this.#aws(inputs)];
    if (row.update === undefined) throw new Error(`${urn} cannot be changed in place`);
    await row.update(aws, id, inputs, olds);
    return await outputsOf(row, aws, id, inputs);
  }

  async delete(urn: string, id: string, known: Properties): Promise<void> {
    await ifThere(async () => await rowOf(urn).delete(this.#aws(known), id, known));
  }

  async invoke(token: string, args: Properties): Promise<Properties> {
    const call = functions[token];
    if (call === undefined) throw new Error(`the stand-in has no function ${token}`);
    return await call(this.#aws(args), args);
  }

  #aws({ region }: Properties): Aws {
    return this.#access.in(typeof region === "string" ? region : this.#region, this.#tags);
  }
}

async function outputsOf(row: ResourceRow, aws: Aws, id: string, inputs: Properties): Promise<Properties> {
  const found = await row.read(aws, id, inputs);
  if (found === undefined) throw new Error(`${id} is not there after it was made`);
  return { region: aws.region, ...inputs, ...found };
}

/** The result, or undefined when AWS says that there is no such thing. */
async function ifThere<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    const { name, message } = error as Error;
    if (/NotFound|NoSuch|404|DoesNotExist/i.test(name) || /not found|does not exist/i.test(message)) return undefined;
    throw error;
  }
}

function rowOf(urn: string): ResourceRow {
  const type = urn.split("::")[2]?.split("$").at(-1) ?? "";
  const row = table[type];
  if (row === undefined) throw new Error(`the stand-in has no resource type ${type}`);
  return row;
}

/** As the real provider names: the resource's name, a hyphen and seven hexadecimal digits. */
function autoName(urn: string): string {
  return `${urn.split("::").slice(3).join("::")}-${randomBytes(4).toString("hex").slice(0, 7)}`;
}
