import { refusals, type Refusal } from "../refusal.ts";

const api = "https://docs.aws.amazon.com/waf/latest/APIReference";

interface WebAcl {
  readonly scope?: string;
  readonly region?: string | undefined;
  readonly rules?:
    | readonly {
        readonly statement: {
          readonly rateBasedStatement?:
            { readonly limit: number; readonly evaluationWindowSec?: number | undefined } | undefined;
        };
      }[]
    | undefined;
}

/** A firewall where CloudFront does not look for one, and rates that AWS WAF does not count. */
export function refuseWebAcl({ scope, region, rules = [] }: WebAcl): readonly Refusal[] {
  const rates = rules.flatMap(({ statement }) => statement.rateBasedStatement ?? []);
  return refusals(
    scope === "CLOUDFRONT" &&
      region !== "us-east-1" && {
        property: "scope",
        reason: "a firewall of CloudFront is made in us-east-1",
        page: `${api}/API_CreateWebACL.html`,
      },
    rates.some(({ limit }) => limit < 10 || limit > 2_000_000_000) && {
      property: "rules",
      reason: "a rate is 10 to 2,000,000,000 requests",
      page: `${api}/API_RateBasedStatement.html`,
    },
    rates.some(({ evaluationWindowSec = 300 }) => ![60, 120, 300, 600].includes(evaluationWindowSec)) && {
      property: "rules",
      reason: "a rate is counted over 60, 120, 300 or 600 s",
      page: `${api}/API_RateBasedStatement.html`,
    },
  );
}
