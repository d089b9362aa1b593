import { expect, it } from "vitest";
import { describeError } from "../../../service/faults/describe-error.ts";
import { redact } from "../../../service/faults/redact.ts";

it.each([
  [
    "connect to postgres://shop:hunter2@127.0.0.1:5432/shop failed",
    "connect to postgres://[redacted]@[ip]:5432/shop failed",
  ],
  ["550 no mailbox <ada.l+shop@mail.example.test>", "550 no mailbox <[address]>"],
  ["Bearer N7LlxqqA6L3q6ScsP0Q5alTtZzb-YfE2P0sOBHdrTcY is unknown", "Bearer [token] is unknown"],
  ['invalid input syntax for type bigint: "hunter2"', 'invalid input syntax for type bigint: "[value]"'],
  ["cannot read property of undefined", "cannot read property of undefined"],
])("%s", (text, redacted) => {
  expect(redact(text)).toBe(redacted);
});

it("an error is described without the row that Postgres adds, and with its causes", () => {
  const cause = new Error("for ada@example.test");
  const error = Object.assign(new Error("duplicate key", { cause }), {
    code: "23505",
    detail: "Key (email)=(ada@example.test) already exists.",
    table: "account",
    constraint: "account_email_key",
  });
  const described = describeError(error);
  expect(described).toMatchObject({
    type: "Error",
    message: "duplicate key",
    code: "23505",
    table: "account",
    constraint: "account_email_key",
    cause: { message: "for [address]" },
  });
  expect(JSON.stringify(described)).not.toContain("ada@");
});
