import { z } from "zod";
import {
  deviceAnswerSchema,
  deviceHeaders,
  emailSchema,
  newPasswordSchema,
  secretSchema,
  triedPasswordSchema,
} from "./accounts.ts";
import { operation } from "./operation.ts";
import { routes } from "./routes.ts";

export const changePassword = operation({
  id: "changePassword",
  method: "post",
  path: routes.changePassword,
  summary: "Change one's password; every other session ends",
  tag: "accounts",
  auth: "account",
  headers: deviceHeaders,
  body: z.object({ currentPassword: triedPasswordSchema, newPassword: newPasswordSchema }),
  answers: { 204: { description: "Changed" } },
  problems: ["wrong-password", "too-many-attempts", "busy"],
});

export const requestReset = operation({
  id: "requestReset",
  method: "post",
  path: routes.resetPassword,
  summary: "Have a code sent by mail that sets a new password",
  tag: "accounts",
  auth: "none",
  body: z.object({ email: emailSchema }),
  answers: { 202: { description: "The same, after the same time, for a known and for an unknown address" } },
  problems: ["too-many-attempts"],
});

export const confirmReset = operation({
  id: "confirmReset",
  method: "post",
  path: routes.confirmReset,
  summary: "Set a new password with the code of a mail; every session ends, a lock too",
  tag: "accounts",
  auth: "none",
  body: z.object({ code: secretSchema, password: newPasswordSchema }),
  answers: { 200: { description: "Set; this device is trusted", body: deviceAnswerSchema } },
  problems: ["wrong-code", "busy"],
});
