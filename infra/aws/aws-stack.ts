import type { AwsEnvironment } from "../environment/environment.ts";
import { newSecret, type StackContent } from "../environment/stack-content.ts";
import { installation } from "../installation.ts";
import type { AwsCredentials } from "./settings.ts";
import { standIn } from "./stand-in.ts";

/** Secrets of others, which come from the environment: a flag would stand in the shell's history and in the list of processes. */
export const givenSecrets = { sendgrid: "SHOPCTL_SENDGRID_API_KEY", sentryDsn: "SHOPCTL_SENTRY_DSN" } as const;

/** The stack of an environment on AWS. Throws EngineError `configuration` for a stand-in that may not be used. */
export function awsStack({ settings }: AwsEnvironment, env: NodeJS.ProcessEnv): StackContent {
  const rehearsal = standIn(env);
  return {
    project: {
      main: installation.awsProgram,
      providers: [{ name: "shopctl", path: installation.provider }, ...(rehearsal === undefined ? [] : [rehearsal])],
    },
    config: { "shopctl:settings": { value: settings } },
    newCredentials: () => ({
      ...({
        databaseShop: newSecret(),
        databaseAdmin: newSecret(),
        cache: newSecret(),
        queue: newSecret(),
        originKey: newSecret(),
      } satisfies AwsCredentials),
      ...givenIn(env),
    }),
  };
}

function givenIn(env: NodeJS.ProcessEnv): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(givenSecrets).flatMap(([name, variable]) => {
      const value = env[variable];
      return value === undefined || value === "" ? [] : [[name, value]];
    }),
  );
}
