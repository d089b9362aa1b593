import { familyOf } from "../../infra/local/host/process-identity.ts";
import { control, serviceState } from "../../infra/local/supervision/service-control.ts";

/** SIGKILL to a supervised process and all that belongs to it; nobody starts it again. */
export async function killForGood(service: string): Promise<void> {
  const { pid = 0 } = serviceState(service);
  const family = familyOf(pid);
  await control(service, "d");
  for (const member of family) {
    try {
      process.kill(member, "SIGKILL");
    } catch {
      // It ended with the first.
    }
  }
}
