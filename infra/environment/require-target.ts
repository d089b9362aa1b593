import { EnvironmentError } from "./environment-error.ts";
import type { AwsEnvironment, Environment, LocalEnvironment } from "./environment.ts";
import { loadEnvironment } from "./store.ts";

/** An environment of this machine; throws EnvironmentError `other-target` for one elsewhere. */
export function requireLocal(environment: Environment): LocalEnvironment {
  if (environment.target === "local") return environment;
  throw new EnvironmentError(
    "other-target",
    `environment ${environment.name} runs on ${environment.target}; this is only for environments of this machine`,
  );
}

/** An environment on AWS; throws EnvironmentError `other-target` for one elsewhere. */
export function requireAws(environment: Environment): AwsEnvironment {
  if (environment.target === "aws") return environment;
  throw new EnvironmentError(
    "other-target",
    `environment ${environment.name} runs on this machine; an image is for environments on AWS`,
  );
}

/** Reads an environment of this machine. Throws EnvironmentError `unknown-environment | corrupt | other-target`. */
export async function loadLocalEnvironment(home: string, name: string): Promise<LocalEnvironment> {
  return requireLocal(await loadEnvironment(home, name));
}
