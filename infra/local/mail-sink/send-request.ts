import { z } from "zod";

const address = z.object({ email: z.email(), name: z.string().optional() });

/** Body of SendGrid's POST /v3/mail/send, as far as it must be right: https://www.twilio.com/docs/sendgrid/api-reference/mail-send/mail-send */
export const sendRequestSchema = z
  .object({
    personalizations: z
      .array(z.object({ to: z.array(address).min(1), subject: z.string().optional() }))
      .min(1)
      .max(1_000),
    from: address,
    subject: z.string().min(1).optional(),
    headers: z.record(z.string(), z.string()).optional(),
    content: z.array(z.object({ type: z.string().min(1), value: z.string().min(1) })).min(1),
  })
  .refine((body) => body.subject !== undefined || body.personalizations.every((part) => part.subject !== undefined), {
    path: ["subject"],
    message:
      "The subject is required. You can get around this requirement if you use a template with a subject defined or if every personalization has a subject defined.",
  });

/** The issues in SendGrid's form, e.g. field `personalizations.0.to.0.email`. */
export function problemsOf(
  error: z.ZodError,
): { readonly message: string; readonly field: string | null; readonly help: null }[] {
  return error.issues.map((issue) => ({
    message: issue.message,
    field: issue.path.length === 0 ? null : issue.path.join("."),
    help: null,
  }));
}
