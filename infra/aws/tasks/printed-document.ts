/**
 * The JSON document that a one-off task printed: the log's driver cuts long lines in pieces, and warnings of Node may stand
 * around them. Undefined when there is none.
 */
export function printedDocument(lines: readonly string[]): unknown {
  const begin = lines.findIndex((line) => line.startsWith("{"));
  if (begin < 0) return undefined;
  let text = "";
  for (const line of lines.slice(begin)) {
    text += line;
    try {
      return JSON.parse(text);
    } catch {
      // It goes on in the next line.
    }
  }
  return undefined;
}
