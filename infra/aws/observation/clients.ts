import { CloudFrontClient } from "@aws-sdk/client-cloudfront";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { ECSClient } from "@aws-sdk/client-ecs";
import { ElastiCacheClient } from "@aws-sdk/client-elasticache";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { RDSClient } from "@aws-sdk/client-rds";
import { SchedulerClient } from "@aws-sdk/client-scheduler";
import type { AwsHandles } from "../handles.ts";

/** What an observation asks AWS with, and of which resources. */
export interface AwsView {
  readonly region: string;
  readonly handles: AwsHandles;
  readonly ecs: ECSClient;
  readonly balancing: ElasticLoadBalancingV2Client;
  readonly rds: RDSClient;
  readonly elastiCache: ElastiCacheClient;
  readonly cloudFront: CloudFrontClient;
  readonly cloudWatch: CloudWatchClient;
  readonly scheduler: SchedulerClient;
}

/** Clients of a region with AWS' own chain of credentials; `AWS_ENDPOINT_URL` is theirs to read. */
export function viewOf(region: string, handles: AwsHandles): AwsView {
  const options = { region };
  return {
    region,
    handles,
    ecs: new ECSClient(options),
    balancing: new ElasticLoadBalancingV2Client(options),
    rds: new RDSClient(options),
    elastiCache: new ElastiCacheClient(options),
    cloudFront: new CloudFrontClient(options),
    cloudWatch: new CloudWatchClient(options),
    scheduler: new SchedulerClient(options),
  };
}
