import type { Credentials, LocalEnvironment } from "../environment/environment.ts";
import { newSecret, type StackContent } from "../environment/stack-content.ts";
import { installation } from "../installation.ts";

/** The stack of an environment on this machine. */
export function localStack(environment: LocalEnvironment): StackContent {
  return {
    project: { main: installation.program, providers: [{ name: "shopctl", path: installation.provider }] },
    config: { "shopctl:environment": { value: environment } },
    newCredentials: () =>
      ({
        databaseShop: newSecret(),
        databasePooler: newSecret(),
        redis: newSecret(),
        smtp: newSecret(),
        sendgrid: `SG.${newSecret()}`,
      }) satisfies Credentials,
  };
}
