import { releaseText } from "../../infra/topology/release-choice.ts";
import type { Observation, ProcessObservation } from "../../infra/observation.ts";
import type { ShowReport } from "../rollout/show-report.ts";
import { counted } from "../phases/counted.ts";
import { columns } from "./columns.ts";
import { bytes, duration, localTime, usd } from "./numbers.ts";
import { style } from "./style.ts";

/** `env show` for people. */
export function renderEnvironment(report: ShowReport): string {
  const { environment, url, createdAt, root, topology, release, cost, observation, limitsEnforced } = report;
  const settings = Object.entries(topology).map(([field, value]) => `${field} ${value}`);
  return [
    `${style.bold(environment)}  ${url}  ${usd(cost.usdPerMonth)} USD/month`,
    columns([
      ["  created", localTime(createdAt)],
      ["  folder", root],
      ...(release === undefined ? [] : [["  release", releaseText(release)]]),
      ["  topology", settings.slice(0, 4).join(", ")],
      ["", settings.slice(4).join(", ")],
    ]),
    "",
    style.bold("Processes"),
    columns(observation.processes.map(processRow)),
    ...(limitsEnforced ? [] : [style.yellow("  limits not enforced on this host: it lets no cgroup be written")]),
    "",
    style.bold("Components"),
    columns(componentRows(observation)),
  ].join("\n");
}

function processRow({ name, state, pid, upSeconds, limits, usage }: ProcessObservation): readonly string[] {
  return [
    `  ${state === "up" ? style.green("●") : style.red("●")}`,
    name,
    state === "up" ? (pid === undefined ? "up" : `pid ${pid}`) : state,
    upSeconds === undefined ? "" : `up ${duration(upSeconds * 1_000)}`,
    usage === undefined ? "" : `${Math.round(usage.memoryMiB)} MiB`,
    limits === undefined ? "" : style.dim(`of ${limits.cpu} CPU, ${limits.memoryMiB} MiB`),
  ];
}

function componentRows(observation: Observation): readonly (readonly string[])[] {
  const { router, database, replication, pooler, cache, queue, cdn, mail, limits } = observation;
  const servers = router.servers.map(({ name, state, currentSessions }) => `${name} ${state} (${currentSessions})`);
  return [
    ["  router", router.up ? servers.join(", ") : style.red("down")],
    ["  database", database === undefined ? style.red("no answer") : databaseText(database)],
    ...(replication === undefined ? [] : [["  replication", replicationText(replication)]]),
    ...(pooler === undefined
      ? []
      : [
          [
            "  pooler",
            pooler.clientConnections === undefined || pooler.serverConnections === undefined
              ? "runs"
              : `${counted(pooler.clientConnections, "client")}, ${counted(pooler.serverConnections, "server")}`,
          ],
        ]),
    ...(cache === undefined
      ? []
      : [
          [
            "  cache",
            [
              ...(cache.keys === undefined ? [] : [counted(cache.keys, "key")]),
              ...shareText(cache),
              counted(cache.clients, "client"),
            ].join(", "),
          ],
        ]),
    ...(queue === undefined ? [] : [["  queue", [...shareText(queue), queue.evictionPolicy].join(", ")]]),
    ...(cdn === undefined ? [] : [["  cdn", `asked twice for the same: ${cdn.secondAnswer}`]]),
    ...(mail === undefined
      ? []
      : [["  mail", `${mail.smtpAccepted} by SMTP, ${mail.apiAccepted} by SendGrid's API, ${mail.refused} refused`]]),
    ...(limits === undefined
      ? []
      : [
          [
            "  limits",
            Object.entries(limits)
              .map(([rule, most]) => `${rule} ${most}`)
              .join(", "),
          ],
        ]),
  ];
}

function shareText({ usedBytes, maxBytes }: { usedBytes?: number; maxBytes?: number }): readonly string[] {
  return usedBytes === undefined || maxBytes === undefined ? [] : [`${bytes(usedBytes)} of ${bytes(maxBytes)}`];
}

function replicationText({ primary, replicas }: NonNullable<Observation["replication"]>): string {
  const followers = replicas.map(({ number, state, lagBytes, lagSeconds, isSynchronous }) => {
    const lag =
      lagBytes === undefined
        ? lagSeconds === undefined
          ? ""
          : `, ${lagSeconds.toFixed(1)} s behind`
        : `, ${bytes(lagBytes)} behind`;
    return `server ${number} ${state}${lag}${isSynchronous ? ", commits wait for it" : ""}`;
  });
  return `server ${primary} is the primary; ${followers.join("; ")}`;
}

function databaseText(database: NonNullable<Observation["database"]>): string {
  const { connections, maxConnections, sizeBytes, sharedBuffersMiB, backups, backupSchedule, attempts } = database;
  const kept = `${counted(backups.length, "backup")}${backupSchedule ? ", nightly" : ""}`;
  const { archiveBytes = 0 } = attempts ?? {};
  const archived = archiveBytes === 0 ? "" : `, ${bytes(archiveBytes)} archived`;
  const buffers = sharedBuffersMiB === undefined ? "" : `, ${sharedBuffersMiB} MiB buffers`;
  return `${connections} of ${maxConnections} connections, ${bytes(sizeBytes)}${buffers}, ${kept}${archived}`;
}
