import type { StoredFault } from "../../infra/local/fault-sink/sink-config.ts";
import { columns } from "./columns.ts";
import { localTime } from "./numbers.ts";
import { style } from "./style.ts";

/** Reported faults, one line each, or each with its calls and causes. */
export function renderFaults(faults: readonly StoredFault[], options: { readonly stack: boolean }): string {
  if (faults.length === 0) return "No fault was reported. (The step monitoring gives the shop an address for them.)";
  if (options.stack) return faults.map(whole).join("\n\n");
  const head = ["TIME", "INSTANCE", "ROUTE", "FAULT"].map((text) => style.dim(text));
  return columns([
    head,
    ...faults.map(({ at, instance, route, errors }) => [
      localTime(at),
      instance,
      route ?? "",
      errors[0] === undefined ? "" : `${errors[0].type}: ${firstLine(errors[0].message)}`,
    ]),
  ]);
}

function whole({ at, instance, release, route, requestId, errors }: StoredFault): string {
  const rows = [
    ["time", localTime(at)],
    ["instance", `${instance}, release ${release}`],
    ...(route === undefined ? [] : [["route", route]]),
    ...(requestId === undefined ? [] : [["request", requestId]]),
  ];
  const texts = errors.map(
    ({ type, message, frames }, index) =>
      `${index === 0 ? "" : "caused by "}${style.bold(`${type}: ${message}`)}\n${frames.map((frame) => `    ${frame}`).join("\n")}`,
  );
  return `${columns(rows)}\n\n${texts.join("\n")}`;
}

function firstLine(text: string): string {
  return text.split("\n")[0] ?? "";
}
