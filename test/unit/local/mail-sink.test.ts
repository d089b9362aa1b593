import { expect, test } from "vitest";
import { parseMail } from "../../../infra/local/mail-sink/parse-mail.ts";
import { emptyCounts, takeApi, takeSmtp } from "../../../infra/local/mail-sink/quota.ts";

const noon = Date.parse("2026-01-31T12:00:00Z");
const day = 86_400_000;

test("the SMTP quota is of a rolling day and counts recipients", () => {
  const counts = emptyCounts();
  expect(takeSmtp(counts, 300, 500, noon)).toBe(true);
  expect(takeSmtp(counts, 200, 500, noon + day / 2)).toBe(true);
  expect(takeSmtp(counts, 1, 500, noon + day - 60_000)).toBe(false);
  expect(takeSmtp(counts, 300, 500, noon + day + 60_000)).toBe(true);
  expect(takeSmtp(counts, 1, 500, noon + day + 60_000)).toBe(false);
});

test("the API quota begins again with the month", () => {
  const counts = emptyCounts();
  expect(takeApi(counts, 2, 2, noon)).toBe(true);
  expect(takeApi(counts, 1, 2, noon)).toBe(false);
  expect(takeApi(counts, 1, 2, noon + day)).toBe(true);
});

test("subject and text of a mail with encodings and parts", () => {
  const raw = [
    "From: a@example.test",
    "Subject: =?UTF-8?Q?Gr=C3=B6=C3=9Fe?=",
    " =?UTF-8?B?IPCfkZU=?=",
    'Content-Type: multipart/alternative; boundary="cut"',
    "",
    "--cut",
    "Content-Type: text/html",
    "",
    "<p>no</p>",
    "--cut",
    "Content-Type: text/plain; charset=utf-8",
    "Content-Transfer-Encoding: quoted-printable",
    "",
    "f=C3=BCr =",
    "dich",
    "--cut--",
    "",
  ].join("\r\n");
  expect(parseMail(raw)).toEqual({ subject: "Größe 👕", text: "für dich" });
});
