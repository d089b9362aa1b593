import { Client } from "undici";
import { routes, seededUser } from "../../service/contract/routes.ts";

const timeoutMs = 10_000;

/**
 * How many seeded users can sign in, at most `registered`: those who registered otherwise have passwords that the driver
 * does not know. One sign-in where all users are seeded, else about 14; throws when the shop answers none of them.
 */
export async function countSeededUsers(baseUrl: string, registered: number, localAddress: string): Promise<number> {
  const client = new Client(new URL(baseUrl).origin, {
    localAddress,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
  });
  try {
    if (await canSignIn(client, registered)) return registered;
    let [known, unknown] = [0, registered];
    while (unknown - known > 1) {
      const middle = Math.floor((known + unknown) / 2);
      if (await canSignIn(client, middle)) known = middle;
      else unknown = middle;
    }
    return known;
  } finally {
    await client.destroy();
  }
}

async function canSignIn(client: Client, user: number): Promise<boolean> {
  const answer = await client.request({
    method: "POST",
    path: routes.token,
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email: seededUser.email(user), password: seededUser.password }),
  });
  await answer.body.dump();
  if (answer.statusCode === 200 || answer.statusCode === 401) return answer.statusCode === 200;
  throw new Error(`${routes.token} answered ${answer.statusCode}`);
}
