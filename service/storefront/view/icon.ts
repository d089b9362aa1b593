import { svg } from "./element.ts";

/** Line icons on a field of 24 × 24. Decorative: what they mean stands beside them. */
const icons = {
  check: "M5 12.500l4.5 4.500l9.5-10",
  alert: "M12 3.500l9.5 16.500h-19zM12 10v4.500M12 17.200v.1",
  clock: "M12 3.500a8.5 8.5 0 1 1 0 17a8.5 8.5 0 1 1 0-17zM12 7.500v5l3 2",
  device: "M4 5.500h16v10.500h-16zM2 19.500h20",
  phone:
    "M8 2.500h8a1.5 1.5 0 0 1 1.5 1.500v16a1.5 1.5 0 0 1-1.5 1.500h-8a1.5 1.5 0 0 1-1.5-1.500v-16a1.5 1.5 0 0 1 1.5-1.500zM11 18.500h2",
  arrow: "M5 12h14M13 6l6 6l-6 6",
  remove: "M5 7h14M10 7v-3h4v3M7 7l1 13.500h8l1-13.5",
} as const;

export type IconName = keyof typeof icons;

export function icon(name: IconName): SVGElement {
  return svg(
    "svg",
    { class: "icon", viewBox: "0 0 24 24", "aria-hidden": "true", focusable: "false" },
    svg("path", { d: icons[name] }),
  );
}
