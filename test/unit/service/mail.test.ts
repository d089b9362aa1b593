import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mailErrorCode } from "../../../service/mail/mail-error.ts";
import { messageId } from "../../../service/mail/mail.ts";
import { sendgridTransport } from "../../../service/mail/sendgrid-transport.ts";
import { sesTransport } from "../../../service/mail/ses-transport.ts";
import { smtpTransport } from "../../../service/mail/smtp-transport.ts";
import { retryDelayMs } from "../../../service/queue/retry-delay.ts";
import { saySeldom } from "../../../service/queue/say-seldom.ts";

const failure = (fields: object): Error => Object.assign(new Error("550 no such a@example.test"), fields);

describe("the wait before a mail's next try", () => {
  it("doubles with every try, up to an hour", () => {
    expect([1, 2, 3, 4, 10, 11, 12].map((attempt) => retryDelayMs(attempt, 5_000, 0))).toEqual([
      5_000, 10_000, 20_000, 40_000, 2_560_000, 3_600_000, 3_600_000,
    ]);
  });

  it("is up to a quarter longer, so that mails do not come back together", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100 }),
        fc.integer({ min: 1, max: 60_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (attempt, base, random) => {
          const [least, delay] = [retryDelayMs(attempt, base, 0), retryDelayMs(attempt, base, random)];
          return delay >= least && delay <= Math.ceil(least * 1.25);
        },
      ),
    );
  });
});

describe("an error of a provider", () => {
  it.each([
    [failure({ code: "EENVELOPE", responseCode: 550 }), "550"],
    [failure({ code: "ETIMEDOUT" }), "ETIMEDOUT"],
    [failure({ code: 401 }), "401"],
    [failure({ name: "MessageRejected" }), "MessageRejected"],
    [failure({ code: "to a@example.test" }), "Error"],
    ["a@example.test", "Error"],
  ])("is known by its code and never by its words", (error, code) => {
    expect(mailErrorCode(error)).toBe(code);
  });

  const smtp = smtpTransport("smtp://127.0.0.1:9", 100);
  const sendgrid = sendgridTransport({ apiKey: "SG.none", baseUrl: "http://127.0.0.1:9", timeoutMs: 100 });
  const ses = sesTransport({ region: "eu-central-1", endpoint: undefined, timeoutMs: 100 });
  it.each([
    [smtp, { code: "EENVELOPE", responseCode: 550, response: "550 5.1.1 no such user" }, true],
    [smtp, { code: "EMESSAGE", responseCode: 552, response: "552 5.3.4 too big" }, true],
    [smtp, { code: "EMESSAGE", responseCode: 550, response: "550 5.4.5 Daily user sending limit exceeded" }, false],
    [smtp, { code: "EENVELOPE", responseCode: 450, response: "450 4.2.1 later" }, false],
    [smtp, { code: "EAUTH", responseCode: 535 }, false],
    [smtp, { code: "ECONNECTION" }, false],
    [sendgrid, { code: 400 }, true],
    [sendgrid, { code: 413 }, true],
    [sendgrid, { code: 401 }, false],
    [sendgrid, { code: 429 }, false],
    [sendgrid, { code: 503 }, false],
    // Also what SES says of a sender that it has not verified yet.
    [ses, { name: "MessageRejected" }, false],
    [ses, { name: "BadRequestException" }, true],
    [ses, { name: "TooManyRequestsException" }, false],
    [ses, { name: "AccessDeniedException" }, false],
  ] as const)("of $name: %o is final: %s", (transport, fields, final) => {
    expect(transport.isFinal(failure(fields))).toBe(final);
  });
});

it("a mail's Message-ID is of the sender's domain", () => {
  expect(messageId("orders@shop.example.test", "6f1c8a52")).toBe("<6f1c8a52@shop.example.test>");
});

it("trouble that goes on is said once in ten seconds, with the number of times", () => {
  let now = 0;
  const said: unknown[] = [];
  const say = saySeldom(
    10_000,
    (what: string, times) => said.push([now, what, times]),
    () => now,
  );
  for (; now <= 20_000; now += 5) say(`trouble at ${now}`);
  expect(said).toEqual([
    [0, "trouble at 0", 1],
    [10_000, "trouble at 10000", 2_000],
    [20_000, "trouble at 20000", 2_000],
  ]);
});
