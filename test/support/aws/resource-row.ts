import type * as pulumi from "@pulumi/pulumi";
import type { Aws } from "./aws-access.ts";
import type { Refusal } from "./refusal.ts";

/** Properties as they come over the wire, secrets opened. */
export type Properties = Readonly<Record<string, unknown>>;

/** Inputs of a resource of `@pulumi/aws` by the type of its arguments, with every output arrived. */
export type Given<Arguments> = pulumi.Unwrap<Arguments>;

/** How one resource type is carried out. Ids are those that the provider gives. */
export interface ResourceRow<Inputs = Properties> {
  /** Inputs whose change the provider cannot make in place; `"all"` where it can make none. */
  readonly replaceOn: readonly string[] | "all";
  /** How it is named where the program gives no name: the resource's, and seven random characters. */
  readonly named?: NameRule;
  /** What AWS refuses and the emulator would not; inputs that a preview does not know are missing. */
  refuse?(inputs: Partial<Inputs>): readonly Refusal[];
  /** Makes it and returns its id. */
  create(aws: Aws, inputs: Inputs): Promise<string>;
  /** What AWS says of it, in the provider's names; undefined, or a "not found" of AWS, when it is gone. */
  read(aws: Aws, id: string, known: Inputs): Promise<Properties | undefined>;
  /** Brings what is there to `inputs`; `before` is what the state had. A row without it replaces on every change. */
  update?(aws: Aws, id: string, inputs: Inputs, before: Inputs): Promise<void>;
  delete(aws: Aws, id: string, known: Inputs & Properties): Promise<void>;
}

/** Rows by type token, e.g. `aws:ec2/vpc:Vpc`. */
export type ResourceTable = Readonly<Record<string, ResourceRow>>;

/** A row with its inputs typed by the real provider's SDK. */
export function row<Arguments>(typed: ResourceRow<Given<Arguments>>): ResourceRow {
  return typed as unknown as ResourceRow;
}

/** Which input is the name, and AWS' rule for its length. */
export interface NameRule {
  readonly by: string;
  readonly maxLength: number;
  readonly page: string;
}
