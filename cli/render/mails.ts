import type { KnownQuota } from "../../infra/mails.ts";
import type { FailedMail } from "../../service/contract/mails.ts";
import type { StoredMessage } from "../../infra/local/mail-sink/sink-config.ts";
import { columns } from "./columns.ts";
import { localTime } from "./numbers.ts";
import { style } from "./style.ts";

/** Received mails, one line each, or each with its text. */
export function renderMails(messages: readonly StoredMessage[], options: { readonly text: boolean }): string {
  if (messages.length === 0) return "No mail was received yet.";
  if (options.text) return messages.map(whole).join("\n\n");
  const head = ["TIME", "BY", "TO", "SUBJECT"].map((text) => style.dim(text));
  return columns([
    head,
    ...messages.map(({ at, transport, to, subject }) => [localTime(at), transport, to.join(", "), subject]),
  ]);
}

/** `mail failed` for people. */
export function renderFailedMails(mails: readonly FailedMail[], environment: string): string {
  if (mails.length === 0) return "No mail has failed.";
  const head = ["MAIL", "KIND", "ABOUT", "TO", "TRIES", "ERROR", "FAILED"].map((text) => style.dim(text));
  const rows = mails.map(({ id, kind, event, domain, attempts, error, failedAt }) => [
    id,
    kind,
    event ?? "",
    `…@${domain}`,
    String(attempts),
    error ?? "",
    localTime(failedAt),
  ]);
  return `${columns([head, ...rows])}\n${style.dim(`next: shopctl mail retry ID|--all --env ${environment}`)}`;
}

/** `mail quota` for people. */
export function renderMailQuota(
  { transport, perDay, basis, isSet, sentLastDay }: KnownQuota,
  environment: string,
): string {
  const number = (value: number): string => Math.floor(value).toLocaleString("en-US");
  const plan = transport === "ses" ? "AWS' own, once out of its sandbox" : "by the growth plan";
  const told = { operator: "as was said", settings: "as env create was told", plan }[basis];
  const line = `${transport} takes ${number(perDay)} mails a day (${told}); ${number(sentLastDay)} in the last 24 hours`;
  return isSet
    ? line
    : `${line}\n${style.dim(`next, when you bought more: shopctl mail quota --per-day N --env ${environment}`)}`;
}

function whole({ at, transport, from, to, subject, text }: StoredMessage): string {
  const head = columns([
    ["time", `${localTime(at)} by ${transport}`],
    ["from", from],
    ["to", to.join(", ")],
    ["subject", style.bold(subject)],
  ]);
  return `${head}\n\n${text.trimEnd()}`;
}
