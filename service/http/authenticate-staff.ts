import type { IncomingMessage } from "node:http";
import { refused, type Outcome } from "../shop/refusal.ts";
import { isStaff } from "../store/staff.ts";
import { authenticate } from "./authenticate.ts";
import type { Services } from "./services.ts";

/** The account of staff that the request's token belongs to; for any other account there is nothing here. */
export async function authenticateStaff(services: Services, request: IncomingMessage): Promise<Outcome<number>> {
  const account = await authenticate(services, request);
  if (!account.ok || (await isStaff(services.database, account.value))) return account;
  return refused({ code: "not-found" });
}
