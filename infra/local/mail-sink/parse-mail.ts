export interface ParsedMail {
  readonly subject: string;
  readonly text: string;
  readonly id?: string;
}

/** Id, subject and plain text of a mail, as far as an operator needs them; the first text/plain part of a multipart one. */
export function parseMail(raw: string): ParsedMail {
  const { headers, body } = split(raw);
  const id = headerOf(headers, "message-id");
  return {
    subject: decodeWords(headerOf(headers, "subject")),
    text: textOf(headers, body).trim(),
    ...(id === "" ? {} : { id }),
  };
}

function textOf(headers: string, body: string): string {
  const boundary = /boundary="?([^";\n]+)"?/i.exec(headerOf(headers, "content-type"))?.[1];
  if (boundary === undefined) return decodeBody(headers, body);
  const parts = body
    .split(`--${boundary}`)
    .slice(1, -1)
    .map((part) => split(part.replace(/^\n/, "")));
  const plain = parts.find((part) => /^text\/plain/i.test(headerOf(part.headers, "content-type"))) ?? parts[0];
  return plain === undefined ? "" : textOf(plain.headers, plain.body);
}

function split(raw: string): { readonly headers: string; readonly body: string } {
  const text = raw.replaceAll("\r\n", "\n");
  const end = text.indexOf("\n\n");
  return end === -1 ? { headers: text, body: "" } : { headers: text.slice(0, end), body: text.slice(end + 2) };
}

function headerOf(headers: string, name: string): string {
  const unfolded = headers.replaceAll(/\n[ \t]+/g, " ").split("\n");
  return (
    unfolded
      .find((line) => line.toLowerCase().startsWith(`${name}:`))
      ?.slice(name.length + 1)
      .trim() ?? ""
  );
}

function decodeBody(headers: string, body: string): string {
  const encoding = headerOf(headers, "content-transfer-encoding").toLowerCase();
  if (encoding === "base64") return Buffer.from(body, "base64").toString("utf8");
  return encoding === "quoted-printable" ? fromQuotedPrintable(body.replaceAll("=\n", "")) : body;
}

/** `=?utf-8?Q?...?=` and `=?utf-8?B?...?=` of RFC 2047. */
function decodeWords(value: string): string {
  const adjacent = value.replaceAll(/\?=\s+=\?/g, "?==?");
  return adjacent.replaceAll(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_word, kind: string, text: string) =>
    kind.toLowerCase() === "b"
      ? Buffer.from(text, "base64").toString("utf8")
      : fromQuotedPrintable(text.replaceAll("_", " ")),
  );
}

function fromQuotedPrintable(text: string): string {
  const bytes: number[] = [];
  for (let at = 0; at < text.length;) {
    const code = /^=([0-9A-Fa-f]{2})/.exec(text.slice(at, at + 3))?.[1];
    if (code === undefined) {
      const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
      bytes.push(...Buffer.from(character));
      at += character.length;
    } else {
      bytes.push(Number.parseInt(code, 16));
      at += 3;
    }
  }
  return Buffer.from(bytes).toString("utf8");
}
