import { createHash } from "node:crypto";
import { z } from "zod";
import { canonicalJson } from "../../infra/engine/canonical-json.ts";
import { topologySchema } from "../../infra/topology/topology.ts";
import { stepIds } from "../phases/index.ts";
import { planBindingSchema } from "./plan-binding.ts";

const stepSchema = z.strictObject({
  id: z.enum(stepIds),
  before: topologySchema,
  after: topologySchema,
  usdPerMonthBefore: z.number(),
  usdPerMonthAfter: z.number(),
  /** What the engine would do for this step alone, for whoever reads the plan. */
  resources: z.array(
    z.strictObject({ operation: z.string(), type: z.string(), name: z.string(), changedKeys: z.array(z.string()) }),
  ),
});

const contentSchema = z.strictObject({
  environment: z.string(),
  createdAt: z.iso.datetime(),
  steps: z.array(stepSchema),
  boundTo: planBindingSchema,
});

/** A plan as `scale plan --out` writes it. It holds no secret. */
const savedPlanSchema = z.strictObject({
  schema: z.literal("shopctl.saved-plan/1"),
  content: contentSchema,
  /** SHA-256 over the content as canonical JSON: shows that it is as it was saved. */
  sha256: z.string(),
});

export type PlanContent = z.infer<typeof contentSchema>;

export type OpenedPlan =
  { readonly ok: true; readonly content: PlanContent } | { readonly ok: false; readonly why: string };

/** The text of a plan's file. */
export function sealPlan(content: PlanContent): string {
  const saved = { schema: "shopctl.saved-plan/1", content, sha256: hashOf(content) };
  return `${JSON.stringify(saved, undefined, 2)}\n`;
}

/** The plan in a file's text, or why it is none: torn, of another version, or changed after it was saved. */
export function openPlan(text: string): OpenedPlan {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { ok: false, why: "it is not JSON: torn, or no plan" };
  }
  const parsed = savedPlanSchema.safeParse(json);
  if (!parsed.success) return { ok: false, why: z.prettifyError(parsed.error) };
  const { content, sha256 } = parsed.data;
  if (hashOf(content) === sha256) return { ok: true, content };
  return { ok: false, why: "its content does not match its checksum: it was changed after it was saved" };
}

function hashOf(content: PlanContent): string {
  return createHash("sha256").update(canonicalJson(content)).digest("hex");
}
