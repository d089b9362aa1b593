import type { EnvironmentMails } from "../../infra/mails.ts";
import type { Session } from "./session.ts";

/** The mail of a session's environment; `say` hears what it will take where that is long. */
export async function openMails(session: Session, say: (line: string) => void): Promise<EnvironmentMails> {
  const { name, target: kind } = session.environment;
  if (kind === "aws") say("A task of the shop's image does it; each takes about a minute to start.");
  return { target: await session.target(), environment: name };
}
