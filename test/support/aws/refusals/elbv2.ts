import { refusals, type Refusal } from "../refusal.ts";

const api = "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference";
export const balancerNamePage = `${api}/API_CreateLoadBalancer.html`;
export const targetGroupNamePage = `${api}/API_CreateTargetGroup.html`;

interface TargetGroup {
  readonly deregistrationDelay?: number;
  readonly healthCheck?: {
    readonly interval?: number;
    readonly timeout?: number;
    readonly healthyThreshold?: number;
    readonly unhealthyThreshold?: number;
  };
}

/** Health checks that the load balancer does not make. */
export function refuseTargetGroup({ healthCheck, deregistrationDelay }: TargetGroup): readonly Refusal[] {
  const { interval = 30, timeout = 5, healthyThreshold = 5, unhealthyThreshold = 2 } = healthCheck ?? {};
  const property = "healthCheck";
  return refusals(
    (interval < 5 || interval > 300) && { property, reason: "the interval is 5 to 300 s", page: targetGroupNamePage },
    (timeout < 2 || timeout > 120) && { property, reason: "the timeout is 2 to 120 s", page: targetGroupNamePage },
    timeout >= interval && { property, reason: "the timeout is shorter than the interval", page: targetGroupNamePage },
    [healthyThreshold, unhealthyThreshold].some((times) => times < 2 || times > 10) && {
      property,
      reason: "the thresholds are 2 to 10",
      page: targetGroupNamePage,
    },
    deregistrationDelay !== undefined &&
      (deregistrationDelay < 0 || deregistrationDelay > 3_600) && {
        property: "deregistrationDelay",
        reason: "the delay is 0 to 3600 s",
        page: `${api}/API_TargetGroupAttribute.html`,
      },
  );
}
