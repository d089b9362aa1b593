import type { Trouble } from "../shop-api/trouble.ts";
import { html, type Child } from "./element.ts";
import { holdUntil, troubleNotice } from "./notice.ts";

export interface Field {
  readonly name: string;
  readonly label: string;
  readonly type: "email" | "password" | "text";
  readonly autocomplete: string;
  readonly hint?: string;
  readonly minLength?: number;
  readonly value?: string;
  readonly inputMode?: "numeric" | "email";
}

interface FormParts {
  readonly fields: readonly Field[];
  readonly submit: string;
  readonly after?: readonly Child[];
  /** Resolves with what stands in the way; undefined when it is done. Gets the values by name of field. */
  readonly send: (values: Readonly<Record<string, string>>) => Promise<Trouble | undefined>;
}

/**
 * A form that is sent once at a time and says what is wrong: at the field where the shop names one, above the form
 * otherwise, with the focus where one can go on.
 */
export function form({ fields, submit, after = [], send }: FormParts): HTMLFormElement {
  const rows = new Map(fields.map((field) => [field.name, fieldRow(field)]));
  const messages = html("div", { class: "form-messages" });
  const button = html("button", { type: "submit", class: "button" }, submit);
  const element = html(
    "form",
    { class: "form", novalidate: true },
    messages,
    ...[...rows.values()].map(({ row }) => row),
    ...after,
    button,
  );

  const showErrors = (errors: readonly { field: string; message: string }[]): boolean => {
    let first: HTMLInputElement | undefined;
    for (const { field, message } of errors) {
      const row = rows.get(field);
      row?.setError(message);
      first ??= row?.input;
    }
    first?.focus();
    return first !== undefined;
  };

  const submitted = async (): Promise<void> => {
    if (button.ariaDisabled === "true") return;
    messages.replaceChildren();
    for (const row of rows.values()) row.setError(undefined);
    if (showErrors(fields.flatMap((field) => checkField(field, rows.get(field.name)?.input)))) return;
    button.ariaDisabled = "true";
    button.classList.add("is-busy");
    const values = Object.fromEntries([...rows].map(([name, { input }]) => [name, input.value]));
    const trouble = await send(values).finally(() => {
      button.ariaDisabled = null;
      button.classList.remove("is-busy");
    });
    if (trouble === undefined || showErrors(trouble.errors)) return;
    messages.replaceChildren(troubleNotice(trouble));
    if (trouble.retryAtMs !== undefined) holdUntil(button, trouble.retryAtMs);
  };
  element.addEventListener("submit", (event) => {
    event.preventDefault();
    void submitted();
  });
  return element;
}

function checkField({ name, label, type, minLength }: Field, input: HTMLInputElement | undefined) {
  if (input === undefined || (input.validity.valid && input.value.length >= (minLength ?? 1))) return [];
  if (input.value === "") return [{ field: name, message: `${label} is missing.` }];
  if (type === "email") return [{ field: name, message: "This is not an email address, such as ada@example.com." }];
  return [{ field: name, message: `At least ${minLength ?? 1} characters.` }];
}

function fieldRow({ name, label, type, autocomplete, hint, value, inputMode }: Field) {
  const id = `field-${name}`;
  const error = html("p", { class: "field-error", id: `${id}-error` });
  const described = `${id}-error${hint === undefined ? "" : ` ${id}-hint`}`;
  const input = html("input", {
    id,
    name,
    type,
    autocomplete,
    required: true,
    "aria-describedby": described,
    value,
    inputmode: inputMode,
  });
  const row = html(
    "div",
    { class: "field" },
    html("label", { for: id }, label),
    input,
    error,
    hint !== undefined && html("p", { class: "field-hint", id: `${id}-hint` }, hint),
  );
  const setError = (message: string | undefined): void => {
    error.textContent = message ?? "";
    if (message === undefined) input.removeAttribute("aria-invalid");
    else input.setAttribute("aria-invalid", "true");
  };
  return { row, input, setError };
}
