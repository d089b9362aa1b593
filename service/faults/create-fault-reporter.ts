import type { Config } from "../config.ts";
import type { FaultReporter } from "./fault-reporter.ts";

const toNobody: FaultReporter = { report: () => undefined, close: () => Promise.resolve() };

/** With a DSN faults go to Sentry; without one its library is not even loaded. */
export async function createFaultReporter(config: Config): Promise<FaultReporter> {
  const { sentryDsn } = config;
  if (sentryDsn === undefined) return toNobody;
  const { SentryReporter } = await import("./sentry-reporter.ts");
  return new SentryReporter({ ...config, dsn: sentryDsn, environment: config.sentryEnvironment });
}
