import { z } from "zod";
import { secretSchema, sessionTokensSchema } from "./accounts.ts";
import { timeSchema } from "./common.ts";
import { operation } from "./operation.ts";
import { routes } from "./routes.ts";

const refreshAnswerSchema = sessionTokensSchema.meta({ id: "RefreshedToken" });
export type RefreshAnswer = z.output<typeof refreshAnswerSchema>;

const sessionSchema = z
  .object({
    id: z.string().meta({ format: "uuid" }),
    device: z.string().meta({ description: "E.g. Firefox on Windows." }),
    createdAt: timeSchema,
    lastSeenAt: timeSchema,
    current: z.boolean().meta({ description: "True for the session that asks." }),
  })
  .meta({ id: "Session" });
export type Session = z.output<typeof sessionSchema>;

const sessionListSchema = z.object({ items: z.array(sessionSchema) }).meta({ id: "SessionList" });
export type SessionList = z.output<typeof sessionListSchema>;

export const refreshSession = operation({
  id: "refreshSession",
  method: "post",
  path: routes.refresh,
  summary: "Get new tokens for a session; a refresh token that was used before ends it",
  tag: "accounts",
  auth: "none",
  body: z.object({ refreshToken: secretSchema }),
  answers: { 200: { description: "The session's new tokens; the ones before are void", body: refreshAnswerSchema } },
  problems: ["not-signed-in"],
});

export const logOut = operation({
  id: "logOut",
  method: "post",
  path: routes.logout,
  summary: "End this session",
  tag: "accounts",
  auth: "account",
  answers: { 204: { description: "Ended" } },
  problems: [],
});

export const logOutEverywhere = operation({
  id: "logOutEverywhere",
  method: "post",
  path: routes.logoutEverywhere,
  summary: "End every session of the account, this one included",
  tag: "accounts",
  auth: "account",
  answers: { 204: { description: "Ended" } },
  problems: [],
});

export const listSessions = operation({
  id: "listSessions",
  method: "get",
  path: routes.sessions,
  summary: "Devices that are signed in, the one used last first",
  tag: "accounts",
  auth: "account",
  answers: { 200: { description: "At most the last 100", body: sessionListSchema } },
  problems: [],
});

export const revokeSession = operation({
  id: "revokeSession",
  method: "delete",
  path: routes.session,
  summary: "End one of one's sessions",
  tag: "accounts",
  auth: "account",
  params: z.object({ id: z.uuid() }),
  answers: { 204: { description: "Ended" } },
  problems: ["not-found"],
});
