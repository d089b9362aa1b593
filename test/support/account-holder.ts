import type { TokenAnswer } from "../../service/contract/accounts.ts";
import { routes } from "../../service/contract/routes.ts";
import type { SessionList } from "../../service/contract/sessions.ts";
import type { MailReceiver } from "./mail-receivers.ts";
import type { TestShop } from "./shop.ts";
import { waitUntil } from "./wait-until.ts";

const bodyOfSubject = (subject: string, to: string) => (mail: { to: readonly string[]; content: string }) =>
  mail.to.includes(to) && mail.content.includes(`Subject: ${subject}`);

/** Code of the newest mail with a subject to an address, once there are `count` of them. */
export async function mailedCode(receiver: MailReceiver, subject: string, to: string, count = 1): Promise<string> {
  const content = await waitUntil(`${count} mail(s) "${subject}"`, () => {
    const mails = receiver.mails.filter(bodyOfSubject(subject, to));
    return mails.length >= count && mails.at(-1)?.content;
  });
  const code = /^\s*([\w-]{43})\s*$/m.exec(content)?.[1];
  if (code === undefined) throw new Error(`a mail without a code: ${content}`);
  return code;
}

/** Resolves when there are `count` mails with a subject to an address. */
export async function mailed(receiver: MailReceiver, subject: string, to: string, count = 1): Promise<void> {
  await waitUntil(
    `${count} mail(s) "${subject}"`,
    () => receiver.mails.filter(bodyOfSubject(subject, to)).length === count,
  );
}

/** What one person does with an account, on a device at an address. */
export interface AccountHolder {
  readonly email: string;
  register(password: string): Promise<Response>;
  /** The raw answer to a sign-in. */
  trySignIn(password: string, deviceToken?: string): Promise<Response>;
  /** Tokens of a sign-in that must succeed. */
  signIn(password: string, deviceToken?: string): Promise<TokenAnswer>;
  post(path: string, json: unknown, token?: string): Promise<Response>;
  /** Status of asking who is signed in. */
  statusOf(token: string, shop?: TestShop): Promise<number>;
  sessions(token: string): Promise<SessionList["items"]>;
}

export function accountHolder(shop: TestShop, email: string, client: string, userAgent = "shop-test"): AccountHolder {
  const headers = { "user-agent": userAgent };
  const trySignIn = (password: string, deviceToken?: string): Promise<Response> =>
    shop.fetch(routes.token, {
      json: { email, password },
      client,
      headers: deviceToken === undefined ? headers : { ...headers, "device-token": deviceToken },
    });
  const post = (path: string, json: unknown, token?: string): Promise<Response> =>
    shop.fetch(path, { method: "POST", json, client, headers, ...(token === undefined ? {} : { token }) });
  return {
    email,
    register: (password) => post(routes.register, { email, password }),
    trySignIn,
    signIn: async (password, deviceToken) => {
      const answer = await trySignIn(password, deviceToken);
      if (answer.status !== 200) throw new Error(`sign-in answered ${answer.status}: ${await answer.text()}`);
      return (await answer.json()) as TokenAnswer;
    },
    post,
    statusOf: async (token, at = shop) => (await at.fetch(routes.me, { token, client, headers })).status,
    sessions: async (token) => {
      const answer = await shop.fetch(routes.sessions, { token, client, headers });
      return ((await answer.json()) as SessionList).items;
    },
  };
}
