import type { CapacityComparison } from "../planning/capacity/compare-capacity.ts";
import { columns } from "./columns.ts";
import { style } from "./style.ts";

/** `load compare` for people. */
export function renderComparison({ a, b, changes, figures }: CapacityComparison): string {
  const moved = changes.map(({ field, from, to }) => `${field} ${from} → ${to}`).join(", ");
  const number = (value: number | null): string => (value === null ? "–" : value.toPrecision(4));
  return [
    `A ${a}`,
    `B ${b}`,
    moved === "" ? "of one topology" : moved,
    "",
    columns([
      ["", "A", "B", "B ÷ A", ""],
      ...figures.map((figure) => [
        `  ${figure.name}`,
        number(figure.a),
        number(figure.b),
        figure.ratio === null ? "–" : figure.ratio.toFixed(2),
        style.dim(figure.unit),
      ]),
    ]),
  ].join("\n");
}
