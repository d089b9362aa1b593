import type { Course } from "../../../support/made-up-series.ts";
import { counter } from "../../../support/shop-courses.ts";
import { MiB, allBut, shared, cpu, type Scenario } from "./scenario.ts";

/** A database with half a core that is busy for so much of a core, and for that share of it with reads. */
const databaseBusy = (cores: number, reads: number): Record<string, Course> => ({
  shop_db_active_seconds_total: counter(cores),
  'shop_db_statement_seconds_total{statement="read"}': counter(cores * reads),
  'shop_db_statement_seconds_total{statement="write"}': counter(cores * (1 - reads)),
});

/** Each step of phase 3 by its own evidence alone. */
export const thirdPhaseScenarios: readonly Scenario[] = [
  {
    name: "one pro instance busy at the peak",
    topology: allBut("load-balancing"),
    changes: { ...shared, ...cpu({ peak: 1.6 }) },
    verdicts: { "load-balancing": "due" },
    by: "evidence",
    binding: "cpu-of-tier",
  },
  {
    name: "a million old login attempts",
    changes: { shop_login_attempts_old: 1_100_000 },
    verdicts: { archiving: "due" },
    by: "evidence",
  },
  {
    name: "a third of the sessions expired",
    changes: { shop_sessions_expired: 7_000 },
    verdicts: { archiving: "due" },
    by: "evidence",
  },
  {
    name: "database busy with reads",
    topology: allBut("read-replicas"),
    changes: { ...shared, ...databaseBusy(0.4, 0.9) },
    verdicts: { "read-replicas": "due" },
    by: "evidence",
    binding: "database-busy-ratio",
  },
  {
    name: "database busy with writes",
    topology: allBut("read-replicas"),
    changes: { ...shared, ...databaseBusy(0.4, 0.5) },
    verdicts: {},
    binding: "database-busy-ratio",
  },
  {
    name: "five million login attempts",
    changes: { shop_login_attempts: 5_100_000 },
    verdicts: { partitioning: "due" },
    by: "evidence",
  },
  {
    name: "two gibibytes of login attempts",
    changes: { shop_login_attempts_size_bytes: 2_100 * MiB },
    verdicts: { partitioning: "due" },
    by: "evidence",
  },
  {
    name: "vacuum of login attempts does not keep up",
    changes: { shop_login_attempts_vacuum_debt_ratio: 2.5 },
    verdicts: { partitioning: "due" },
    by: "evidence",
  },
  {
    name: "one statement takes half of the database's time",
    changes: { 'shop_db_costly_statement_seconds_total{statement="select … from user_session"}': counter(0.06) },
    verdicts: { "query-optimisation": "due" },
    by: "evidence",
  },
];
