import { figures } from "../../../service/contract/figures.ts";
import { metricNames as metric } from "../../../service/contract/metrics.ts";
import { reportedByAny } from "../gauges.ts";
import type { Signal } from "../signal.ts";
import { valueOf } from "../snapshot.ts";

const { loginAttemptDays } = figures.retention;

/** Signals of the tables that grow with every login, from their statistics. */
export const tableSignals = [
  {
    name: "old-login-attempts",
    label: (value) => `${value} login attempts older than ${loginAttemptDays} days`,
    meaning: `login attempts in their table that are older than the ${loginAttemptDays} days that they are kept`,
    unit: "count",
    over: "instant",
    query: () => `max(${metric.loginAttemptsOld})`,
    read: ({ snapshots }) =>
      reportedByAny(snapshots, metric.loginAttemptsOld, (endpoint) => valueOf(endpoint, metric.loginAttemptsOld)),
  },
  {
    name: "expired-session-ratio",
    label: (value) => `${value} of the table of sessions expired`,
    meaning: "sessions that have expired over all in their table",
    unit: "ratio",
    over: "instant",
    query: () => `max(${metric.sessionsExpired} / ${metric.sessions})`,
    read: ({ snapshots }) =>
      reportedByAny(snapshots, metric.sessionsExpired, (endpoint) => {
        const [expired, all] = [valueOf(endpoint, metric.sessionsExpired), valueOf(endpoint, metric.sessions)];
        return expired === undefined || all === undefined || !(all > 0) ? undefined : Math.min(1, expired / all);
      }),
  },
] as const satisfies readonly Signal[];
