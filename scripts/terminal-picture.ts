/**
 * Draws terminal output as an SVG: `FORCE_COLOR=1 bin/shopctl scale status | node scripts/terminal-picture.ts > docs/status.svg`.
 * Knows the colours that shopctl uses (SGR 1, 2, 31–36); anything else is left out.
 */
import { readFileSync } from "node:fs";

const [charWidth, lineHeight, margin] = [8.4, 19, 16];
const colours: Readonly<Record<string, string>> = {
  "31": "#ff7b72",
  "32": "#7ee787",
  "33": "#e3b341",
  "34": "#79c0ff",
  "35": "#d2a8ff",
  "36": "#76e3ea",
};
/** Select Graphic Rendition: ESC [ codes m. */
const sequence = new RegExp(`${String.fromCodePoint(27)}\\[([\\d;]*)m`, "g");

const lines = readFileSync(0, "utf8").trimEnd().split("\n");
process.stdout.write(picture(lines));

function picture(text: readonly string[]): string {
  const columns = Math.max(...text.map((line) => line.replaceAll(sequence, "").length));
  const width = Math.ceil(columns * charWidth + 2 * margin);
  const height = text.length * lineHeight + 2 * margin;
  const rows = text.map(
    (line, row) => `<text x="${margin}" y="${margin + (row + 0.75) * lineHeight}">${spans(line)}</text>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    `<rect width="100%" height="100%" rx="8" fill="#0d1117"/>`,
    `<g font-family="ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14" fill="#e6edf3" xml:space="preserve">`,
    ...rows,
    "</g>",
    "</svg>",
    "",
  ].join("\n");
}

function spans(line: string): string {
  let style = "";
  return line
    .split(sequence)
    .map((part, index) => {
      if (index % 2 === 1) {
        style = styleOf(part.split(";"), style);
        return "";
      }
      return part === "" ? "" : `<tspan${style}>${escape(part)}</tspan>`;
    })
    .join("");
}

function styleOf(codes: readonly string[], before: string): string {
  return codes.reduce((style, code) => {
    if (code === "1") return `${style} font-weight="bold"`;
    if (code === "2") return `${style} opacity="0.6"`;
    const colour = colours[code];
    return colour === undefined ? "" : ` fill="${colour}"`;
  }, before);
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
