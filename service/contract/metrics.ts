/**
 * Every metric that the service exports on its internal port and that something outside it reads.
 * Names follow Prometheus' conventions: base units, `_total` for counters.
 */
export const metricNames = {
  /** Counter {method, route, status}: answered requests by route pattern; `status` is the exact code. */
  httpRequests: "shop_http_requests_total",
  /** Histogram {route} in seconds. */
  httpDuration: "shop_http_request_duration_seconds",
  /**
   * Counters {cacheable}: answers, and bytes of their bodies, `yes` for what a CDN may keep (`Cache-Control: public`),
   * else `no`. What a CDN answers does not come here.
   */
  answers: "shop_http_answers_total",
  answerBytes: "shop_http_answer_bytes_total",
  /** Counter {outcome}: purges of the CDN, `done` or `failed`, each try counted. */
  cdnPurges: "shop_cdn_purges_total",
  /** Histogram in seconds: wait for a connection from the process's pool. */
  poolWait: "shop_db_pool_wait_seconds",
  /** Gauges: connections of the process's pool that are checked out, and its size. */
  poolInUse: "shop_db_pool_in_use",
  poolSize: "shop_db_pool_size",
  /** Gauges: connections open at the database server, and its max_connections less the reserved ones. */
  serverConnections: "shop_db_server_connections",
  serverConnectionsMax: "shop_db_server_connections_max",
  /** Gauges {replica}: 1 while reads may go to it; seconds that it is behind, missing while it does not answer. */
  replicaInUse: "shop_db_replica_in_use",
  replicaLag: "shop_db_replica_lag_seconds",
  /** Counter {server}: reads that a replica may answer, by who did: `primary`, `replica-1`, … */
  replicaReads: "shop_db_replica_reads_total",
  /** Counter in seconds: pg_stat_database.active_time of the shop's database; over cores × time it bounds CPU from above. */
  dbActive: "shop_db_active_seconds_total",
  /** Counter in seconds {statement}: time of the shop's statements, `read` for selects without locks, `write` for all others. */
  dbStatementSeconds: "shop_db_statement_seconds_total",
  /** Counter in seconds {statement}: of the ten of the shop's statements that took most, in a few words of their text. */
  dbCostlySeconds: "shop_db_costly_statement_seconds_total",
  /** Gauge {form} = 1: the form of its statements that an instance sends, `plain` or `optimised`. */
  dbQueryForm: "shop_db_query_form",
  /** Gauge: cores of the database plan. */
  dbCpus: "shop_db_cpus",
  /** Gauges in bytes: size of the shop's database and of its plan. */
  dbSize: "shop_db_size_bytes",
  dbSizeMax: "shop_db_size_max_bytes",
  /** Counters {table}: rows that sequential scans read, and rows that the shop's statements on the table returned. */
  dbRowsScanned: "shop_db_rows_scanned_total",
  dbRowsReturned: "shop_db_rows_returned_total",
  /** Gauges: rows of login_attempt, and of them those older than they are kept, by the table's statistics; size in bytes. */
  loginAttempts: "shop_login_attempts",
  loginAttemptsOld: "shop_login_attempts_old",
  loginAttemptsSize: "shop_login_attempts_size_bytes",
  /** Gauge: rows changed since the last vacuum over those that make one due; from 2 on vacuum does not keep up. */
  loginAttemptsVacuumDebt: "shop_login_attempts_vacuum_debt_ratio",
  /** Gauges: rows of user_session, and of them those that have expired, by the table's statistics. */
  sessions: "shop_sessions",
  sessionsExpired: "shop_sessions_expired",
  /** Counters {cache}: lookups of the application cache. */
  cacheHits: "shop_cache_hits_total",
  cacheMisses: "shop_cache_misses_total",
  /** Gauge in bytes: memory that the in-process cache holds; 0 with a shared cache. */
  cacheBytes: "shop_cache_bytes",
  /** Gauge: 1 with a cache shared by all processes, 0 with one in the process. */
  cacheShared: "shop_cache_shared",
  /** Counter {kind, transport, outcome}: mails handed to the transport, by a request or a worker; outcome `accepted` or `failed`. */
  mailMessages: "shop_mail_messages_total",
  /** Histogram {delivery} in seconds: what one mail cost the request that it belongs to; `inline` or `queue`. */
  mailInRequest: "shop_mail_in_request_seconds",
  /** Counter {kind}: mails written into the outbox. */
  mailQueued: "shop_mail_queued_total",
  /** Gauge {state}: mails in the outbox, `waiting`, `sending` or `failed` (counted in the database). */
  mailOutbox: "shop_mail_outbox",
  /** Gauge in seconds: age of the oldest mail in the outbox that is neither sent nor failed; 0 without one. */
  mailOutboxAge: "shop_mail_outbox_oldest_seconds",
  /** Counter {kind}, worker: mails that were given up and wait for `shopctl mail retry`. */
  mailDead: "shop_mail_dead_total",
  /** Counter, worker: mails taken over from a worker that said nothing more; each may have been sent already. */
  mailTakenOver: "shop_mail_taken_over_total",
  /** Histogram in seconds, worker: from the outbox to the provider's acceptance. */
  mailDelay: "shop_mail_delay_seconds",
  /** Gauge, worker: 1 while the day's quota is used up and mail is held. */
  mailHeld: "shop_mail_held",
  /** Gauge {state}, worker: jobs of the queue in Redis: `waiting`, `active`, `delayed`. */
  queueJobs: "shop_queue_jobs",
  /** Gauge: mails of the last 24 hours, over all instances (counted in the database). */
  mailLastDay: "shop_mail_last_day",
  /** Gauge: orders of the last hour whose confirmation was lost with the process that should send it; only inline. */
  mailUnsent: "shop_mail_unsent_orders",
  /** Gauge: mails a day that the transport takes. */
  mailQuotaPerDay: "shop_mail_quota_per_day",
  /** Counter {rule}: requests that a limit was applied to. */
  limitChecks: "shop_limit_checks_total",
  /** Counter {rule, address}: refused requests; `shared` when the address has at least five distinct signed-in users, else `single`. */
  limitRefusals: "shop_limit_refusals_total",
  /** Gauge 0..1: share of the last interval that the event loop was busy. */
  eventLoopUtilization: "shop_event_loop_utilization",
  /** Gauge: registered users (counted in the database). */
  users: "shop_users",
  /** Counters: business. */
  orders: "shop_orders_total",
  orderCancellations: "shop_order_cancellations_total",
  registrations: "shop_registrations_total",
  logins: "shop_logins_total",
  /** Gauge {instance, release} = 1. */
  buildInfo: "shop_build_info",
  /** Gauge and counter: workers of the instance that run, and those that died and were replaced; only with more than one. */
  workers: "shop_workers",
  workerRestarts: "shop_worker_restarts_total",
  /** prom-client's defaults that signals use. */
  processCpu: "process_cpu_seconds_total",
  processMemory: "process_resident_memory_bytes",
  processStart: "process_start_time_seconds",
} as const;
