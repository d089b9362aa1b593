import { z } from "zod";
import { idSchema, textSchema, timeSchema } from "./common.ts";
import { operation } from "./operation.ts";
import { routes } from "./routes.ts";

/** Addresses as providers give them out; without look-ahead, because what makes up requests must understand it too. */
const emailPattern = /^[a-z0-9_'+-]+(\.[a-z0-9_'+-]+)*@([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/i;
/** RFC 5321: characters before the @. */
const maxLocalPart = 64;

/** Addresses of mail, compared without regard to case. */
export const emailSchema = z
  .string()
  .trim()
  .toLowerCase()
  .max(254)
  .pipe(z.email({ pattern: emailPattern }).refine((email) => email.indexOf("@") <= maxLocalPart))
  .meta({ format: "email", pattern: emailPattern.source });
/** A password that is to be set. */
export const newPasswordSchema = textSchema(8, 128);
/** A password that is to be checked: any text may be tried. */
export const triedPasswordSchema = textSchema(1, 128);
/** Opaque random text of the shop's own making. Any text may be tried. */
export const secretSchema = textSchema(1, 128);

/** Lowest first. They scale how much a signed-in account may ask of the API; see `limits/tiers.ts`. */
export const accountTiers = ["new", "verified", "premium"] as const;
export type AccountTier = (typeof accountTiers)[number];

const registrationSchema = z.object({ email: emailSchema, password: newPasswordSchema });

/** Any text may be tried as a login; Postgres has no character 0 in text. */
const credentialsSchema = z
  .object({
    email: textSchema(0, 254)
      .trim()
      .toLowerCase()
      .refine((email) => !email.includes("\0"))
      .meta({ maxLength: 254, pattern: "^[^\\u0000]*$" }),
    password: triedPasswordSchema,
  })
  .meta({ id: "Credentials" });
export type Credentials = z.input<typeof credentialsSchema>;

const registerAnswerSchema = z.object({ email: z.string() }).meta({ id: "Registration" });
export type RegisterAnswer = z.output<typeof registerAnswerSchema>;

/** What a session is used and prolonged with. */
export const sessionTokensSchema = z.object({
  token: z.string().meta({ description: "Access token, sent back as Authorization: Bearer." }),
  expiresAt: timeSchema,
  refreshToken: z.string().meta({ description: "Good for one refresh; used twice, it ends the session." }),
  refreshExpiresAt: timeSchema,
});

const deviceTokenSchema = z.string().meta({
  description:
    "Sent back as Device-Token (browsers: the cookie shop_device) at the next sign-in, so that others' failed attempts do not lock this device out.",
});

const tokenAnswerSchema = sessionTokensSchema.extend({ deviceToken: deviceTokenSchema }).meta({ id: "Token" });
export type TokenAnswer = z.output<typeof tokenAnswerSchema>;

/** Answer of what makes a device trusted without a session. */
export const deviceAnswerSchema = z.object({ deviceToken: deviceTokenSchema }).meta({ id: "TrustedDevice" });
export type DeviceAnswer = z.output<typeof deviceAnswerSchema>;

/** A device that the shop does not know is treated as one without a token. */
export const deviceHeaders = z.object({
  "device-token": z.string().optional().meta({ description: "From an earlier sign-in on this device." }),
});

const meSchema = z
  .object({
    id: idSchema,
    email: z.string(),
    createdAt: timeSchema,
    emailVerified: z.boolean(),
    tier: z.enum(accountTiers),
  })
  .meta({ id: "Me" });
export type Me = z.output<typeof meSchema>;

export const register = operation({
  id: "register",
  method: "post",
  path: routes.register,
  summary: "Make an account; a code to verify the address goes out by mail",
  tag: "accounts",
  auth: "none",
  body: registrationSchema,
  answers: { 202: { description: "The same for a new and for a known address", body: registerAnswerSchema } },
  problems: ["too-many-attempts", "busy"],
});

export const verifyEmail = operation({
  id: "verifyEmail",
  method: "post",
  path: routes.verifyEmail,
  summary: "Prove by the code of a mail that its address is one's own",
  tag: "accounts",
  auth: "none",
  body: z.object({ code: secretSchema }),
  answers: { 204: { description: "The address is verified" } },
  problems: ["wrong-code"],
});

export const resendVerification = operation({
  id: "resendVerification",
  method: "post",
  path: routes.resendVerification,
  summary: "Send the code to verify one's address again",
  tag: "accounts",
  auth: "account",
  answers: { 202: { description: "It is on its way, unless the address is verified already" } },
  problems: ["too-many-attempts"],
});

export const signIn = operation({
  id: "signIn",
  method: "post",
  path: routes.token,
  summary: "Sign in",
  tag: "accounts",
  auth: "none",
  headers: deviceHeaders,
  body: credentialsSchema,
  answers: { 200: { description: "A session", body: tokenAnswerSchema } },
  problems: ["wrong-credentials", "too-many-attempts", "busy"],
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
