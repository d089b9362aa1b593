/** One price of AWS's list, in USD. */
interface AwsPrice {
  readonly usd: number;
  readonly per: string;
  readonly page: string;
}

/**
 * AWS's list prices for on-demand use in us-east-1 as they were known on the day named. They were not fetched: before money
 * is committed, each page says what it is today.
 */
export const awsPrices = {
  name: "AWS list prices, on demand",
  region: "us-east-1",
  knownOn: "2025-06-01",
  caution: "list prices as known on 2025-06-01, not fetched; without taxes, free tier, savings plans or support",
  fargateArmVcpuHour: price(0.03238, "vCPU-hour of ARM", "https://aws.amazon.com/fargate/pricing/"),
  fargateArmGibHour: price(0.00356, "GiB-hour of ARM", "https://aws.amazon.com/fargate/pricing/"),
  rdsT4gMicroHour: price(0.016, "hour of db.t4g.micro", "https://aws.amazon.com/rds/postgresql/pricing/"),
  rdsT4gSmallHour: price(0.032, "hour of db.t4g.small", "https://aws.amazon.com/rds/postgresql/pricing/"),
  rdsStorageGib: price(0.115, "GiB-month of gp3", "https://aws.amazon.com/rds/postgresql/pricing/"),
  valkeyT4gMicroHour: price(
    0.0128,
    "hour of cache.t4g.micro with Valkey",
    "https://aws.amazon.com/elasticache/pricing/",
  ),
  albHour: price(0.0225, "hour", "https://aws.amazon.com/elasticloadbalancing/pricing/"),
  albLcuHour: price(0.008, "LCU-hour", "https://aws.amazon.com/elasticloadbalancing/pricing/"),
  cloudfrontGib: price(0.085, "GiB to the US", "https://aws.amazon.com/cloudfront/pricing/"),
  cloudfrontMillionRequests: price(1, "million HTTPS requests", "https://aws.amazon.com/cloudfront/pricing/"),
  internetGib: price(0.09, "GiB out", "https://aws.amazon.com/ec2/pricing/on-demand/"),
  publicAddressHour: price(0.005, "hour of a public IPv4 address", "https://aws.amazon.com/vpc/pricing/"),
  natHour: price(0.045, "hour of a NAT gateway", "https://aws.amazon.com/vpc/pricing/"),
  natGib: price(0.045, "GiB through it", "https://aws.amazon.com/vpc/pricing/"),
  sesThousand: price(0.1, "1,000 mails", "https://aws.amazon.com/ses/pricing/"),
  prometheusTenMillionSamples: price(0.9, "10 million samples", "https://aws.amazon.com/prometheus/pricing/"),
  alarmMonth: price(0.1, "alarm-month", "https://aws.amazon.com/cloudwatch/pricing/"),
  logGib: price(0.5, "GiB ingested", "https://aws.amazon.com/cloudwatch/pricing/"),
  wafAclMonth: price(5, "web ACL-month", "https://aws.amazon.com/waf/pricing/"),
  wafRuleMonth: price(1, "rule-month", "https://aws.amazon.com/waf/pricing/"),
  wafMillionRequests: price(0.6, "million requests", "https://aws.amazon.com/waf/pricing/"),
  keyMonth: price(1, "customer key-month", "https://aws.amazon.com/kms/pricing/"),
  secretMonth: price(0.4, "secret-month", "https://aws.amazon.com/secrets-manager/pricing/"),
} as const;

export type AwsPriceName = {
  [Name in keyof typeof awsPrices]: (typeof awsPrices)[Name] extends AwsPrice ? Name : never;
}[keyof typeof awsPrices];

function price(usd: number, per: string, page: string): AwsPrice {
  return { usd, per, page };
}
