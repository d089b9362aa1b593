import type { Proof } from "../phases/step.ts";
import type { VerifyReport } from "../rollout/verify-report.ts";
import { columns } from "./columns.ts";
import { style } from "./style.ts";

/** `scale verify` for people. */
export function renderVerify({ environment, ok, health, steps }: VerifyReport): string {
  return [
    `${style.bold(environment)}  ${ok ? style.green("as its topology says") : style.red("NOT as its topology says")}`,
    ...section("everything runs", health),
    ...steps.flatMap(({ step, done, proofs }) => section(`${step}, ${done ? "done" : "not done"}`, proofs)),
  ].join("\n");
}

function section(title: string, proofs: readonly Proof[]): readonly string[] {
  return ["", style.bold(title), columns(proofs.map(row))];
}

function row({ what, ok, found, expected }: Proof): readonly string[] {
  return [
    `  ${ok ? style.green("✔") : style.red("✖")}`,
    what,
    ok ? style.dim(found) : style.red(`${found}, expected ${expected}`),
  ];
}
