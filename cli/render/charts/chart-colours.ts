/** Colours of charts as variables of CSS; `chartStyle` gives them their values. */
export const colour = {
  ink: "var(--ink)",
  muted: "var(--muted)",
  line: "var(--line)",
  first: "var(--first)",
  second: "var(--second)",
  third: "var(--third)",
  limit: "var(--limit)",
  band: "var(--band)",
} as const;

const light =
  "--paper:#ffffff;--ink:#1b1f24;--muted:#555e68;--line:#d5dbe1;--first:#0a5fb4;--second:#a84300;--third:#1a7035;--limit:#c0182b;--band:#0a5fb426";
const dark =
  "--paper:#14181d;--ink:#e8ebee;--muted:#a3adb8;--line:#3a424b;--first:#6cb2ff;--second:#ffa657;--third:#5fd07f;--limit:#ff7b85;--band:#6cb2ff33";

/** Both palettes: contrast of text and lines on the paper is at least 4.5 in each. Paper is always light. */
export const chartStyle = `:root{color-scheme:light dark;${light}}@media screen and (prefers-color-scheme:dark){:root{${dark}}}`;
