import type { Queryable } from "./queryable.ts";

/** Writes down one mail that was handed to a transport. */
export async function insertMail(
  store: Queryable,
  mail: { readonly kind: string; readonly transport: string; readonly outcome: string },
): Promise<void> {
  await store.query("insert into mail_log (kind, transport, outcome) values ($1, $2, $3)", [
    mail.kind,
    mail.transport,
    mail.outcome,
  ]);
}
