/** Text as it stands in markup; also inside attributes with double quotes. */
export function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

/** A table with a head; the first cell of a row names the row. Cells are text, and know the head that a phone has no room for. */
export function htmlTable(caption: string, head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = ([name = "", ...others]: readonly string[]): string =>
    `<tr><th scope="row">${escapeHtml(name)}</th>${others.map((cell, index) => `<td data-head="${escapeHtml(head[index + 1] ?? "")}">${escapeHtml(cell)}</td>`).join("")}</tr>`;
  return [
    `<div class="table" tabindex="0" role="region" aria-label="${escapeHtml(caption)}"><table>`,
    `<caption>${escapeHtml(caption)}</caption>`,
    `<thead><tr>${head.map((name) => `<th scope="col">${escapeHtml(name)}</th>`).join("")}</tr></thead>`,
    `<tbody>${rows.map(cells).join("\n")}</tbody></table></div>`,
  ].join("\n");
}
