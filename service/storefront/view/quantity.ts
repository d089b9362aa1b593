import { html } from "./element.ts";

interface QuantityParts {
  /** Of what, for the label. */
  readonly of: string;
  readonly value: number;
  readonly max: number;
  readonly onChange: (quantity: number) => void;
}

/** A number with a button on each side; the number can be typed. */
export function quantity({ of, value, max, onChange }: QuantityParts): HTMLElement {
  const input = html("input", {
    class: "quantity-input",
    type: "number",
    inputmode: "numeric",
    min: 1,
    max,
    value,
    "aria-label": `Quantity of ${of}`,
  });
  const set = (wanted: number): void => {
    const next = Math.max(1, Math.min(max, Math.trunc(wanted) || 1));
    input.value = String(next);
    less.disabled = next <= 1;
    more.disabled = next >= max;
    onChange(next);
  };
  const step = (by: number, sign: string, label: string): HTMLButtonElement =>
    html(
      "button",
      { type: "button", class: "quantity-step", "aria-label": label, onclick: () => set(input.valueAsNumber + by) },
      sign,
    );
  const less = step(-1, "−", `One less of ${of}`);
  const more = step(1, "+", `One more of ${of}`);
  less.disabled = value <= 1;
  more.disabled = value >= max;
  input.addEventListener("change", () => set(input.valueAsNumber));
  return html("div", { class: "quantity" }, less, input, more);
}
