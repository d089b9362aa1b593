import { beginPhase1 } from "./evidence.ts";
import { equal, processesUp } from "./proofs.ts";
import type { Step } from "./step.ts";

/** SendGrid's API instead of SMTP: 40,000 mails a month instead of 500 a day. */
export const emailSendgrid: Step<"email-sendgrid"> = {
  id: "email-sendgrid",
  phase: 1,
  title: "SendGrid for mail: 40,000 a month",
  needs: [],
  isDone: (topology) => topology.mail === "sendgrid",
  apply: (topology) => ({ ...topology, mail: "sendgrid" }),
  revert: (topology) => ({ ...topology, mail: "smtp" }),
  triggers: [
    { signal: "mail-quota-ratio", atLeast: 0.8, source: "advice table: 80% of the transport's mails a day" },
    { signal: "mail-failure-ratio", atLeast: 0.01, source: "advice table: 1% of mails fail" },
    beginPhase1,
  ],
  interruption: "none: instances are replaced one at a time behind the router",
  risk: "low",
  leadTimeMinutes: 1,
  verify: (observation) => [
    processesUp(observation, "mail-sink"),
    equal("transport that the service says it uses", observation.mailTransport ?? "no answer", "sendgrid"),
  ],
  verifyUndone: (observation) => [
    equal("transport that the service says it uses", observation.mailTransport ?? "no answer", "smtp"),
  ],
};
