import type { CapacityPoint, CapacityResult } from "../planning/capacity/capacity-result.ts";
import { columns } from "./columns.ts";
import { duration } from "./numbers.ts";
import { style } from "./style.ts";

/** One rate in one line, while the search runs. */
export function renderPoint(point: CapacityPoint): string {
  const { ratePerSecond, throughputPerSecond, latencyMs, concurrency, breach } = point;
  const found = breach === null ? "kept" : breach;
  return `${ratePerSecond.toFixed(0).padStart(5)}/s  answered ${throughputPerSecond.toFixed(0)}/s  p95 ${duration(latencyMs.p95)}  in the shop ${concurrency.toFixed(1)}  ${found}`;
}

/** `load capacity` for people. */
export function renderCapacity(result: CapacityResult): string {
  const { environment, points, kneePerSecond, objectives, usl } = result;
  const head = [
    "",
    "sent/s",
    "answered/s",
    "in the shop",
    "p50",
    "p95",
    "p99",
    "service CPU",
    "database CPU",
    "host CPU",
    "",
  ];
  return [
    columns([head, ...points.map(pointRow)]),
    "",
    `${style.bold(`${kneePerSecond.toFixed(0)} requests a second`)} is the knee of ${environment}: p95 within ${duration(objectives.p95Ms)} and nothing failed${endTexts[result.ended]}`,
    ...(usl === null ? ["Too few rates for the scalability law: four that differ are needed."] : [uslText(usl)]),
    ...othersText(result),
    style.dim("Latency is from the scheduled start. The result holds for this topology on this host."),
  ].join("\n");
}

function pointRow(point: CapacityPoint): readonly string[] {
  const { ratePerSecond, throughputPerSecond, concurrency, latencyMs, breach, resources } = point;
  const share = (name: string): string => {
    const used = resources.find((resource) => resource.name === name)?.utilisation ?? null;
    return used === null ? "–" : `${(used * 100).toFixed(0)}%`;
  };
  return [
    breach === null ? style.green("  ✔") : style.red("  ✘"),
    ratePerSecond.toFixed(0),
    throughputPerSecond.toFixed(0),
    concurrency.toFixed(1),
    ...[latencyMs.p50, latencyMs.p95, latencyMs.p99].map(duration),
    ...["service", "database", "host"].map(share),
    breach ?? "",
  ];
}

/** Somebody else's work on the host takes from what is measured. */
function othersText({ points, hostCpus }: CapacityResult): readonly string[] {
  const others = Math.max(0, ...points.map(({ othersCpu }) => othersCpu));
  if (others < hostCpus * 0.1) return [];
  const text = `Somebody else used up to ${others.toFixed(1)} of this host's ${hostCpus} cores meanwhile: on a quiet host the knee may be higher.`;
  return [style.yellow(text)];
}

const endTexts: Readonly<Record<CapacityResult["ended"], string>> = {
  breach: "",
  bounds: "; the bounds were reached before it, so it is at least this",
  driver: "; the driver could send no more, so it is at least this",
  stopped: "; the search was stopped, so it is at least this",
};

function uslText({
  lambda,
  sigma,
  kappa,
  relativeError,
  rSquared,
  peak,
  boundPerSecond,
}: NonNullable<CapacityResult["usl"]>): string {
  const end =
    peak !== null
      ? `; peak ${peak.throughputPerSecond.toFixed(0)}/s at ${peak.concurrency.toFixed(1)} in the shop`
      : boundPerSecond === null
        ? "; no bound in what was measured"
        : `; bound ${boundPerSecond.toFixed(0)}/s`;
  return `scalability law: λ ${lambda.toFixed(1)}/s, σ ${sigma.toFixed(4)}, κ ${kappa.toExponential(2)}, error ${(relativeError * 100).toFixed(1)}%, R² ${rSquared.toFixed(3)}${end}`;
}
