import { firstPhaseScenarios } from "./first-phase.ts";
import { secondPhaseScenarios } from "./second-phase.ts";
import { thirdPhaseScenarios } from "./third-phase.ts";
import { byUsersScenarios } from "./by-users.ts";
import { datesScenarios } from "./dates.ts";
import { shapesScenarios } from "./shapes.ts";
import { quietScenarios } from "./quiet.ts";
import { notKnownScenarios } from "./not-known.ts";
import type { Scenario } from "./scenario.ts";

/** Every situation; a new one is an entry in the list of its kind. */
export const scenarios: readonly Scenario[] = [
  ...firstPhaseScenarios,
  ...secondPhaseScenarios,
  ...thirdPhaseScenarios,
  ...byUsersScenarios,
  ...datesScenarios,
  ...shapesScenarios,
  ...quietScenarios,
  ...notKnownScenarios,
];
