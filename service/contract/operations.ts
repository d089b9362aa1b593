import * as accounts from "./accounts.ts";
import * as catalogue from "./catalogue.ts";
import * as documentation from "./documentation.ts";
import type { Operation } from "./operation.ts";
import * as orders from "./orders.ts";
import * as passwords from "./passwords.ts";
import * as sessions from "./sessions.ts";
import * as staff from "./staff.ts";

const isOperation = (value: object | number): value is Operation =>
  typeof value === "object" && "method" in value && "answers" in value;

/** Everything that the shop's API offers, in the order of the documentation. */
export const operations: readonly Operation[] = [
  accounts,
  sessions,
  passwords,
  catalogue,
  orders,
  staff,
  documentation,
].flatMap((area) => Object.values(area).filter((value) => isOperation(value)));
