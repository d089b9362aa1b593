import type { ResourceTable } from "../resource-row.ts";
import { autoscaling } from "./autoscaling.ts";
import { balancers } from "./balancers.ts";
import { bucketSettings } from "./bucket-settings.ts";
import { buckets } from "./buckets.ts";
import { cloudfront } from "./cloudfront.ts";
import { databases } from "./databases.ts";
import { discovery } from "./discovery.ts";
import { ecs } from "./ecs.ts";
import { elasticache } from "./elasticache.ts";
import { iam } from "./iam.ts";
import { keys } from "./keys.ts";
import { listeners } from "./listeners.ts";
import { names } from "./names.ts";
import { network } from "./network.ts";
import { rdsGroups } from "./rds-groups.ts";
import { routes } from "./routes.ts";
import { schedules } from "./schedules.ts";
import { secrets } from "./secrets.ts";
import { securityGroups } from "./security-groups.ts";
import { telling } from "./telling.ts";
import { wafv2 } from "./wafv2.ts";
import { watching } from "./watching.ts";

/** Every resource type of `infra/aws`. */
export const table: ResourceTable = {
  ...network,
  ...routes,
  ...securityGroups,
  ...balancers,
  ...listeners,
  ...names,
  ...wafv2,
  ...cloudfront,
  ...buckets,
  ...bucketSettings,
  ...ecs,
  ...autoscaling,
  ...discovery,
  ...iam,
  ...schedules,
  ...keys,
  ...secrets,
  ...databases,
  ...rdsGroups,
  ...elasticache,
  ...watching,
  ...telling,
};
