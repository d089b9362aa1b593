import { readMe, register, signIn } from "../../../../service/contract/accounts.ts";
import { requestOf } from "../../../../service/contract/client.ts";
import { seededUser } from "../../../../service/contract/routes.ts";
import type { Bounds, World } from "./measured.ts";

const newPassword = "a password of some length";

/** Bounds of what an account does. */
export function accountBounds(world: World): Bounds {
  return {
    [register.id]: {
      most: 2,
      request: (n) => requestOf(register, { body: { email: `new${n}@example.test`, password: newPassword } }),
    },
    [signIn.id]: {
      most: 2,
      request: (n) => requestOf(signIn, { body: { email: seededUser.email(n), password: seededUser.password } }),
    },
    [readMe.id]: { most: 2, request: () => requestOf(readMe, {}, world.token()) },
  };
}
