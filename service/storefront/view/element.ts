/** Text, a node, or nothing. Text is always text: no markup is ever parsed, and the page's policy forbids to. */
export type Child = Node | string | number | undefined | false;

type Values = Readonly<Record<string, string | number | boolean | EventListener | undefined>>;

/** Makes an HTML element. `on…` values are listeners; true and false set and leave out an attribute. */
export function html<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  values: Values = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  return fill(document.createElement(tag), values, children);
}

/** Makes an SVG element. */
export function svg<Tag extends keyof SVGElementTagNameMap>(
  tag: Tag,
  values: Values = {},
  ...children: readonly Child[]
): SVGElementTagNameMap[Tag] {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", tag), values, children);
}

function fill<E extends Element>(element: E, values: Values, children: readonly Child[]): E {
  for (const [name, value] of Object.entries(values)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== undefined && value !== false) element.setAttribute(name, String(value));
  }
  element.append(...present(children));
  return element;
}

/** Children as `append` and `replaceChildren` take them. */
export function present(children: readonly Child[]): (Node | string)[] {
  return children.flatMap((child) =>
    child === undefined || child === false ? [] : [typeof child === "number" ? String(child) : child],
  );
}
