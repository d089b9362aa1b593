import { describeKills } from "./killed-anywhere.ts";

describeKills(1, [
  { step: "connection-pooler", moments: [5] },
  { step: "rate-limits-raised", moments: [9] },
]);
