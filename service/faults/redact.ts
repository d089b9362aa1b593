const replacements: readonly (readonly [RegExp, string])[] = [
  // Passwords and user names inside URLs.
  [/:\/\/[^\s/@]*@/g, "://[redacted]@"],
  [/[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(\.[\w-]+)+/g, "[address]"],
  // Session tokens and hashes: long runs without a space that no word or name in a message has.
  [/\b[\w-]{40,}\b/g, "[token]"],
  [/\bBearer\s+\S+/gi, "Bearer [token]"],
  // What Postgres quotes of a value that it could not take.
  [/((?:invalid input syntax|out of range)[^"]*)"[^"]*"/g, '$1"[value]"'],
  [/\b\d{1,3}(\.\d{1,3}){3}\b/g, "[ip]"],
];

/** Text of an error without what it may have picked up of a person or a secret: messages of others quote what they got. */
export function redact(text: string): string {
  return replacements.reduce((redacted, [pattern, by]) => redacted.replaceAll(pattern, by), text);
}
