import { FailureError } from "../errors/failure.ts";
import type { RunningState } from "./running-topology.ts";
import type { Session } from "./session.ts";

/**
 * The failure of an environment that was deployed and of which the backend knows nothing: a lost file, or another
 * backend than the one that it was created with. Undefined where the state is there, or nothing was ever deployed:
 * operations are written down before they start, so a killed creation has a state.
 */
export async function missingState(session: Session, state: RunningState): Promise<FailureError | undefined> {
  if (state.resources > 0 || state.pendingOperations > 0) return undefined;
  const { environment, stack } = session;
  const sign = await (await session.target()).lifeSigns();
  if (sign === undefined) return undefined;
  const backend = withoutSecrets(stack.backendUrl);
  return new FailureError({ code: "state-missing", environment: environment.name, sign, backend });
}

/** Why there is no topology: the state is missing, or the creation was killed before its first update ended. */
export async function noTopology(session: Session, state: RunningState): Promise<FailureError> {
  const { name } = session.environment;
  const neverDeployed = new FailureError({
    code: "interrupted",
    environment: name,
    what: "its creation did not finish, so nothing runs for sure",
    next: [`shopctl env create ${name}   (goes on)`, `shopctl env destroy ${name}`],
  });
  return (await missingState(session, state)) ?? neverDeployed;
}

/** A backend's address for people: some take a password in it. */
export function withoutSecrets(backend: string): string {
  if (!URL.canParse(backend)) return backend;
  const url = new URL(backend);
  url.username = "";
  url.password = "";
  url.search = "";
  return url.href;
}
