import type { Explanation } from "./explanation.ts";
import type { Failure } from "./failure.ts";
import { lastResort } from "./wording.ts";

/** An environment that was deployed and that the backend does not know. */
export function explainMissingState({
  environment,
  sign,
  backend,
}: Extract<Failure, { code: "state-missing" }>): Explanation {
  return {
    exit: "state-corrupt",
    message: `There is no state of "${environment}" in ${backend}`,
    why: [
      `${sign}, so it has a state: in another backend (PULUMI_BACKEND_URL), or its file was lost`,
      "nothing was changed",
    ],
    nextActions: [
      "set PULUMI_BACKEND_URL as it was when the environment was created, or unset it",
      `shopctl recover --env ${environment}   (brings the last copy of a lost state back)`,
      lastResort(environment),
    ],
  };
}
