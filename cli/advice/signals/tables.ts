import { figures } from "../../../service/contract/figures.ts";
import { metricNames as metric } from "../../../service/contract/metrics.ts";
import type { Signal } from "../signal.ts";

const { loginAttemptDays } = figures.retention;

/** Signals of the tables that grow with every login, from their statistics; every instance reports the one database's. */
export const tableSignals = [
  {
    name: "old-login-attempts",
    label: (value) => `${value} login attempts older than ${loginAttemptDays} days`,
    meaning: `login attempts in their table that are older than the ${loginAttemptDays} days that they are kept`,
    unit: "count",
    over: "instant",
    query: () => `max(${metric.loginAttemptsOld})`,
    needs: [metric.loginAttemptsOld],
    instances: "any",
    leastHistorySeconds: 0,
    forecast: true,
  },
  {
    name: "expired-session-ratio",
    label: (value) => `${value} of the table of sessions expired`,
    meaning: "sessions that have expired over all in their table",
    unit: "ratio",
    over: "instant",
    query: () => `max(${metric.sessionsExpired} / ${metric.sessions})`,
    needs: [metric.sessionsExpired, metric.sessions],
    instances: "any",
    leastHistorySeconds: 0,
  },
] as const satisfies readonly Signal[];
