import { SMTPServer, type SMTPServerOptions } from "smtp-server";
import { expect, it } from "vitest";
import { smtpTransport } from "../../../service/mail/smtp-transport.ts";
import { freePort } from "../../support/free-port.ts";

/** Whether a mail is given up at once when a server refuses one of its commands so. */
async function isGivenUp(at: "onMailFrom" | "onRcptTo", refusal: string): Promise<boolean> {
  const port = await freePort();
  const refuse: SMTPServerOptions["onRcptTo"] = (_address, _session, done) =>
    done(Object.assign(new Error(refusal.slice(4)), { responseCode: Number(refusal.slice(0, 3)) }));
  const server = new SMTPServer({ authOptional: true, disabledCommands: ["STARTTLS", "AUTH"], [at]: refuse });
  server.on("error", () => undefined);
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const transport = smtpTransport(`smtp://127.0.0.1:${port}?ignoreTLS=true`, 2_000);
  try {
    const mail = { kind: "order-confirmation", to: "a@example.test", subject: "s", text: "t" } as const;
    const error: unknown = await transport.send("shop@example.test", mail).catch((failed: unknown) => failed);
    expect(error).toMatchObject({ responseCode: Number(refusal.slice(0, 3)) });
    return transport.isFinal(error);
  } finally {
    transport.close();
    await new Promise<void>((resolve) => server.close(resolve));
  }
}

it.each([
  "530 5.7.0 Authentication Required",
  "550 5.7.1 Daily SMTP relay limit exceeded for customer",
  "553 5.1.8 sender address rejected: domain not verified yet",
])("what a server says of the sender or the account, %s, gives no mail up", async (refusal) => {
  expect(await isGivenUp("onMailFrom", refusal)).toBe(false);
});

it("what a server says of the recipient for good gives the mail up, what it says for now does not", async () => {
  expect(await isGivenUp("onRcptTo", "550 5.1.1 no such user")).toBe(true);
  expect(await isGivenUp("onRcptTo", "450 4.2.1 later")).toBe(false);
});
