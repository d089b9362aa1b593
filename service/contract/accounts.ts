import { z } from "zod";
import { idSchema, timeSchema } from "./common.ts";
import { operation } from "./operation.ts";
import { routes } from "./routes.ts";

/** Addresses as providers give them out; without look-ahead, because what makes up requests must understand it too. */
const emailPattern = /^[a-z0-9_'+-]+(\.[a-z0-9_'+-]+)*@([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/i;
/** RFC 5321: characters before the @. */
const maxLocalPart = 64;

/** Addresses of mail, compared without regard to case. */
const emailSchema = z
  .string()
  .trim()
  .toLowerCase()
  .max(254)
  .pipe(z.email({ pattern: emailPattern }).refine((email) => email.indexOf("@") <= maxLocalPart))
  .meta({ format: "email", pattern: emailPattern.source });

const registrationSchema = z.object({ email: emailSchema, password: z.string().min(8).max(128) });

/** Any text may be tried as a login; Postgres has no character 0 in text. */
const credentialsSchema = z
  .object({
    email: z
      .string()
      .trim()
      .toLowerCase()
      .max(254)
      .refine((email) => !email.includes("\0"))
      .meta({ pattern: "^[^\\u0000]*$" }),
    password: z.string().min(1).max(128),
  })
  .meta({ id: "Credentials" });
export type Credentials = z.input<typeof credentialsSchema>;

const registerAnswerSchema = z.object({ email: z.string() }).meta({ id: "Registration" });
export type RegisterAnswer = z.output<typeof registerAnswerSchema>;

const tokenAnswerSchema = z
  .object({ token: z.string().meta({ description: "Sent back as Authorization: Bearer." }), expiresAt: timeSchema })
  .meta({ id: "Token" });
export type TokenAnswer = z.output<typeof tokenAnswerSchema>;

const meSchema = z.object({ id: idSchema, email: z.string(), createdAt: timeSchema }).meta({ id: "Me" });
export type Me = z.output<typeof meSchema>;

export const register = operation({
  id: "register",
  method: "post",
  path: routes.register,
  summary: "Make an account",
  tag: "accounts",
  auth: "none",
  body: registrationSchema,
  answers: { 202: { description: "The same for a new and for a known address", body: registerAnswerSchema } },
  problems: ["busy"],
});

export const signIn = operation({
  id: "signIn",
  method: "post",
  path: routes.token,
  summary: "Sign in",
  tag: "accounts",
  auth: "none",
  body: credentialsSchema,
  answers: { 200: { description: "A session", body: tokenAnswerSchema } },
  problems: ["wrong-credentials", "busy"],
});

export const readMe = operation({
  id: "readMe",
  method: "get",
  path: routes.me,
  summary: "Who is signed in",
  tag: "accounts",
  auth: "account",
  answers: { 200: { description: "The account", body: meSchema } },
  problems: [],
});
