import { figures } from "../../../service/contract/figures.ts";
import { metricNames as metric } from "../../../service/contract/metrics.ts";
import { leastLoadSeconds, type Signal } from "../signal.ts";

const { loginAttemptDays } = figures.retention;

/** Signals of the tables that grow with every login, from their statistics; every instance reports the one database's. */
export const tableSignals = [
  {
    name: "login-attempts",
    label: (value) => `${value} login attempts in one table`,
    meaning: "rows of the table of login attempts",
    unit: "count",
    over: "instant",
    query: () => `max(${metric.loginAttempts})`,
    needs: [metric.loginAttempts],
    instances: "any",
    leastHistorySeconds: 0,
    forecast: true,
  },
  {
    name: "login-attempts-size",
    label: (value) => `${value} of login attempts with their indexes`,
    meaning: "size of the table of login attempts with its indexes",
    unit: "bytes",
    over: "instant",
    query: () => `max(${metric.loginAttemptsSize})`,
    needs: [metric.loginAttemptsSize],
    instances: "any",
    leastHistorySeconds: 0,
    forecast: true,
  },
  {
    name: "login-attempts-vacuum-debt",
    label: (value) => `vacuum of login attempts due ${value} times over`,
    meaning:
      "rows changed since the last vacuum over those that make one due: from 2 on the next became due before the last was through",
    unit: "count",
    over: "window",
    query: (window) => `max(avg_over_time(${metric.loginAttemptsVacuumDebt}[${window}]))`,
    needs: [metric.loginAttemptsVacuumDebt],
    instances: "any",
    leastHistorySeconds: leastLoadSeconds,
  },
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
