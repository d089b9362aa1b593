import type { OperationResult, ResourceOperation } from "../../infra/engine/engine.ts";
import { style } from "./style.ts";

const signs: Record<ResourceOperation, string> = {
  same: " ",
  create: "+",
  update: "~",
  delete: "-",
  replace: "±",
  "create-replacement": "±",
  "delete-replaced": "-",
  read: "<",
  refresh: "~",
};

/** A resource operation in one line: `+ PgBouncer pgbouncer`. */
export function operationLine(operation: ResourceOperation, type: string, name: string): string {
  const line = `${signs[operation]} ${shortType(type)} ${name}`;
  if (operation === "create") return style.green(line);
  if (operation === "delete" || operation === "delete-replaced") return style.red(line);
  return operation === "same" ? style.dim(line) : style.yellow(line);
}

/** What changes, one line each resource; components and the two halves of a replacement are folded into one. */
export function changeLines({ steps }: Pick<OperationResult, "steps">): readonly string[] {
  const replaced = new Set(
    steps
      .filter(({ operation }) => operation === "create-replacement" || operation === "replace")
      .map(({ urn }) => urn),
  );
  const shown = steps.filter(({ operation, type, urn }) => {
    if (operation === "same" || isBookkeeping(type)) return false;
    if (operation === "replace")
      return !steps.some((step) => step.urn === urn && step.operation === "create-replacement");
    return !(operation === "delete-replaced" && replaced.has(urn));
  });
  return shown.map(({ operation, type, name, changedKeys }) => {
    const keys = changedKeys.length === 0 ? "" : style.dim(` (${changedKeys.join(", ")})`);
    return operationLine(operation, type, name) + keys;
  });
}

/** Pulumi's own entries: stack and providers. */
export function isBookkeeping(type: string): boolean {
  return type.startsWith("pulumi:");
}

function shortType(type: string): string {
  return type.split(":").at(-1) ?? type;
}
