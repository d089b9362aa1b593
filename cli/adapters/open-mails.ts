import type { EnvironmentMails } from "../../infra/mails.ts";
import { baseline } from "../../infra/topology/topology.ts";
import { readRunningState } from "./running-topology.ts";
import type { Session } from "./session.ts";

/** The mail of a session's environment; `say` hears what it will take where that is long. */
export async function openMails(session: Session, say: (line: string) => void): Promise<EnvironmentMails> {
  const { name, target: kind } = session.environment;
  if (kind === "aws") say("A task of the shop's image asks the database; it takes about a minute to start.");
  const [target, { topology = baseline }] = await Promise.all([session.target(), readRunningState(session)]);
  return { target, environment: name, topology };
}
