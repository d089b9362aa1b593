import { refusals, type Refusal } from "../refusal.ts";

/** Days that CloudWatch can keep logs for. */
const days = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1_096, 1_827, 2_192, 2_557, 2_922, 3_288, 3_653,
];

/** A retention that CloudWatch does not offer. */
export function refuseLogGroup({ retentionInDays }: { readonly retentionInDays?: number }): readonly Refusal[] {
  return refusals(
    retentionInDays !== undefined &&
      !days.includes(retentionInDays) && {
        property: "retentionInDays",
        reason: `logs are kept for one of ${days.join(", ")} days, not ${retentionInDays}`,
        page: "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html",
      },
  );
}
