import { DescribeTargetHealthCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Observation, RouterServer } from "../../observation.ts";
import type { AwsView } from "./clients.ts";

/** The tasks that the load balancer knows; what it does not say is that it is down. */
export async function observeBalancer(view: AwsView, url: string): Promise<Observation["router"]> {
  const { TargetHealthDescriptions: found } = await view.balancing.send(
    new DescribeTargetHealthCommand({ TargetGroupArn: view.handles.targetGroup }),
  );
  return {
    url,
    up: true,
    servers: (found ?? []).map(({ Target, TargetHealth }) => ({
      name: Target?.Id ?? "unknown",
      state: stateOf(TargetHealth?.State),
      currentSessions: 0,
    })),
  };
}

function stateOf(state: string | undefined): RouterServer["state"] {
  if (state === "healthy") return "up";
  return state === "draining" ? "drain" : "down";
}
