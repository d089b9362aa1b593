import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import * as esbuild from "esbuild";
import { createTransport } from "nodemailer";
import { afterAll, beforeAll, expect, test } from "vitest";
import { observeMail } from "../../../infra/local/observation/observe-components.ts";
import { readMailbox } from "../../../infra/local/operations/mailbox.ts";
import { contentHash } from "../../../infra/local/release/content-hash.ts";
import { TestEnvironment } from "./support/test-environment.ts";
import type { Held } from "./support/test-environment.ts";

let it: TestEnvironment;
let sink: Held;
let build: string;

beforeAll(async () => {
  it = await TestEnvironment.create();
  build = mkdtempSync("/tmp/shopctl-sink-");
  await esbuild.build({
    entryPoints: [join(import.meta.dirname, "../../../infra/local/mail-sink/main.ts")],
    outfile: join(build, "index.js"),
    bundle: true,
    platform: "node",
    format: "cjs",
  });
  const release = await it.make("Release", {
    releases: it.environment.paths.releases,
    source: build,
    hash: contentHash(build),
    node: process.execPath,
  });
  sink = await it.make("MailSink", inputs(String(release.state["folder"])));
});
afterAll(async () => {
  rmSync(build, { recursive: true, force: true });
  await it.destroy();
});

function inputs(releaseFolder: string): Record<string, unknown> {
  const { paths, ports } = it.environment;
  return {
    paths,
    smtpPort: ports.mailSmtp,
    apiPort: ports.mailApi,
    releaseFolder,
    smtpPassword: "smtp-password-for-tests",
    apiKey: "SG.key-for-tests-only",
    smtpPerDay: 3,
    apiPerMonth: 2,
  };
}

const bySmtp = (
  subject: string,
  { pass = "smtp-password-for-tests", ...more }: { pass?: string; messageId?: string } = {},
): Promise<unknown> =>
  createTransport({ host: "127.0.0.1", port: it.environment.ports.mailSmtp, auth: { user: "shop", pass } }).sendMail({
    from: "shop@example.test",
    to: "a@example.test",
    subject,
    text: "Grüße, Bäcker",
    ...more,
  });
const byApi = (body: unknown, key = "SG.key-for-tests-only"): Promise<Response> =>
  fetch(`http://127.0.0.1:${it.environment.ports.mailApi}/v3/mail/send`, {
    method: "POST",
    headers: { Authorization: `Bearer ${key}`, "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
const letter = (subject: string): object => ({
  personalizations: [{ to: [{ email: "b@example.test" }] }],
  from: { email: "shop@example.test" },
  subject,
  content: [{ type: "text/plain", value: "your order" }],
});

test("mail by SMTP is stored, up to the day's quota and with the right password", async () => {
  await expect(bySmtp("never", { pass: "wrong" })).rejects.toThrow(/535 5\.7\.8/);
  for (const subject of ["one", "zwei – größer", "three"]) await bySmtp(subject);
  await expect(bySmtp("four")).rejects.toThrow(/550 5\.4\.5 Daily user sending limit exceeded/);
  const [newest, second] = await readMailbox(it.environment, { limit: 2 });
  expect(newest).toMatchObject({ transport: "smtp", to: ["a@example.test"], subject: "three", text: "Grüße, Bäcker" });
  expect(second).toMatchObject({ subject: "zwei – größer" });
});

test("mail by the API is answered as SendGrid does", async () => {
  const unauthorised = await byApi(letter("never"), "SG.wrong");
  expect(unauthorised.status).toBe(401);
  expect(await unauthorised.json()).toEqual({
    errors: [{ message: "The provided authorization grant is invalid, expired, or revoked", field: null, help: null }],
  });
  const bad = await byApi({ ...letter("never"), from: {} });
  expect(bad.status).toBe(400);
  expect(await bad.json()).toMatchObject({ errors: [{ field: "from.email" }] });
  const accepted = await byApi(letter("five"));
  expect([accepted.status, await accepted.text()]).toEqual([202, ""]);
  expect((await byApi(letter("six"))).status).toBe(202);
  expect((await byApi(letter("seven"))).status).toBe(429);
  expect((await readMailbox(it.environment, { limit: 1 }))[0]).toMatchObject({
    transport: "sendgrid",
    subject: "six",
    text: "your order",
  });
});

test("a mail that comes again under its Message-ID is acknowledged and not taken twice", async () => {
  const before = await observeMail(it.environment);
  const stored = (await readMailbox(it.environment, { limit: 1_000 })).length;
  const [{ id: ofSmtp } = {}] = (await readMailbox(it.environment, { limit: 3 })).slice(2);
  expect(ofSmtp).toMatch(/^<.+@example\.test>$/);
  await it.remove("MailSink", sink);
  sink = await it.make("MailSink", inputs(String(sink.state["releaseFolder"])));
  await bySmtp("three, again", { messageId: String(ofSmtp) });
  expect((await byApi({ ...letter("three, by API"), headers: { "Message-ID": ofSmtp } })).status).toBe(202);
  expect(await observeMail(it.environment)).toEqual(before);
  expect(await readMailbox(it.environment, { limit: 1_000 })).toHaveLength(stored);
});

test("counts and quotas survive a restart", async () => {
  const before = await observeMail(it.environment);
  expect(before).toEqual({ smtpAccepted: 3, apiAccepted: 2, refused: 5 });
  await it.remove("MailSink", sink);
  sink = await it.make("MailSink", inputs(String(sink.state["releaseFolder"])));
  expect(await observeMail(it.environment)).toEqual(before);
  await expect(bySmtp("eight")).rejects.toThrow(/550 5\.4\.5/);
});
