import { GetDistributionCommand } from "@aws-sdk/client-cloudfront";
import { routes } from "../../../service/contract/routes.ts";
import type { Observation, ProcessObservation } from "../../observation.ts";
import type { AwsView } from "./clients.ts";

const timeoutMs = 10_000;

/** CloudFront's distribution as a process: up once every edge location has it as it is configured. */
export async function observeDistribution(view: AwsView): Promise<readonly ProcessObservation[]> {
  const { distribution } = view.handles;
  if (distribution === undefined) return [];
  const { Distribution: found } = await view.cloudFront.send(new GetDistributionCommand({ Id: distribution }));
  const up = found?.Status === "Deployed" && found.DistributionConfig?.Enabled === true;
  return [{ name: distribution, component: "cdn", state: up ? "up" : "restarting" }];
}

/** What the edge says when products are asked for twice, in the words of the local CDN; undefined when none took part. */
export async function observeCdn(view: AwsView, url: string): Promise<Observation["cdn"]> {
  if (view.handles.distribution === undefined) return undefined;
  await askEdge(url);
  const secondAnswer = await askEdge(url);
  return secondAnswer === undefined ? undefined : { secondAnswer };
}

/** `Hit from cloudfront` is a HIT: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cache-statistics.html */
async function askEdge(url: string): Promise<string | undefined> {
  const response = await fetch(`${url}${routes.products}?limit=1`, { signal: AbortSignal.timeout(timeoutMs) });
  await response.body?.cancel();
  return /^(\w+)/.exec(response.headers.get("x-cache") ?? "")?.[1]?.toUpperCase();
}
