import {
  AssociateWebACLCommand,
  CreateWebACLCommand,
  DeleteWebACLCommand,
  DisassociateWebACLCommand,
  GetWebACLCommand,
  GetWebACLForResourceCommand,
  UpdateWebACLCommand,
  WAFV2Client,
  type Rule,
  type Scope,
  type Statement,
} from "@aws-sdk/client-wafv2";
import type * as aws from "@pulumi/aws";
import { tagList, type Aws } from "../aws-access.ts";
import { refuseWebAcl } from "../refusals/wafv2.ts";
import { row, type Given, type ResourceTable } from "../resource-row.ts";

const client = (of: Aws): WAFV2Client => of.client(WAFV2Client);

interface Visibility {
  readonly cloudwatchMetricsEnabled: boolean;
  readonly sampledRequestsEnabled: boolean;
  readonly metricName: string;
}

interface HeaderMatch {
  readonly fieldToMatch?: { readonly singleHeader?: { readonly name: string } | undefined } | undefined;
  readonly searchString: string;
}

const visibility = ({ cloudwatchMetricsEnabled, sampledRequestsEnabled, metricName }: Visibility) => ({
  CloudWatchMetricsEnabled: cloudwatchMetricsEnabled,
  SampledRequestsEnabled: sampledRequestsEnabled,
  MetricName: metricName,
});

/** Of a rate that leaves out requests with one header. */
function scopeDown(match: HeaderMatch | undefined): { ScopeDownStatement?: Statement } {
  if (match === undefined) return {};
  return {
    ScopeDownStatement: {
      NotStatement: {
        Statement: {
          ByteMatchStatement: {
            FieldToMatch: { SingleHeader: { Name: match.fieldToMatch?.singleHeader?.name } },
            PositionalConstraint: "EXACTLY",
            SearchString: Buffer.from(match.searchString),
            TextTransformations: [{ Priority: 0, Type: "NONE" }],
          },
        },
      },
    },
  };
}

/** The two kinds of rules that the program has: a managed group, and a rate. */
function rulesOf({ rules = [] }: Given<aws.wafv2.WebAclArgs>): Rule[] {
  return rules.map(({ name, priority, statement, visibilityConfig }) => {
    const { managedRuleGroupStatement: managed, rateBasedStatement: rate } = statement;
    return {
      Name: name,
      Priority: priority,
      VisibilityConfig: visibility(visibilityConfig),
      ...(managed === undefined ? { Action: { Block: {} } } : { OverrideAction: { None: {} } }),
      Statement: {
        ...(managed === undefined
          ? {}
          : { ManagedRuleGroupStatement: { VendorName: managed.vendorName, Name: managed.name } }),
        ...(rate === undefined
          ? {}
          : {
              RateBasedStatement: {
                Limit: rate.limit,
                AggregateKeyType: "IP" as const,
                EvaluationWindowSec: rate.evaluationWindowSec,
                ...scopeDown(rate.scopeDownStatement?.notStatement?.statement?.byteMatchStatement),
              },
            }),
      },
    };
  });
}

/** How the API names an ACL, and with which token it may be changed. */
async function existing(
  of: Aws,
  Id: string,
  { name, scope }: { readonly name?: string | undefined; readonly scope: string },
) {
  const about = { Id, Name: name, Scope: scope as Scope };
  const found = await client(of).send(new GetWebACLCommand(about));
  return { about, found: found.WebACL, changeable: { ...about, LockToken: found.LockToken } };
}

/** The web firewall. */
export const wafv2: ResourceTable = {
  "aws:wafv2/webAcl:WebAcl": row<aws.wafv2.WebAclArgs>({
    replaceOn: ["name", "scope", "region"],
    named: {
      by: "name",
      maxLength: 128,
      page: "https://docs.aws.amazon.com/waf/latest/APIReference/API_CreateWebACL.html",
    },
    refuse: refuseWebAcl,
    async create(of, inputs) {
      const { Summary } = await client(of).send(
        new CreateWebACLCommand({
          Name: inputs.name,
          Scope: inputs.scope as Scope,
          DefaultAction: { Allow: {} },
          Rules: rulesOf(inputs),
          VisibilityConfig: visibility(inputs.visibilityConfig),
          Tags: tagList(of.tags),
        }),
      );
      return Summary?.Id ?? "";
    },
    async read(of, id, inputs) {
      const { found } = await existing(of, id, inputs);
      return found && { arn: found.ARN, name: found.Name, capacity: found.Capacity };
    },
    async update(of, id, inputs) {
      const { changeable } = await existing(of, id, inputs);
      await client(of).send(
        new UpdateWebACLCommand({
          ...changeable,
          DefaultAction: { Allow: {} },
          Rules: rulesOf(inputs),
          VisibilityConfig: visibility(inputs.visibilityConfig),
        }),
      );
    },
    async delete(of, id, inputs) {
      const { changeable } = await existing(of, id, inputs);
      await client(of).send(new DeleteWebACLCommand(changeable));
    },
  }),
  "aws:wafv2/webAclAssociation:WebAclAssociation": row<aws.wafv2.WebAclAssociationArgs>({
    replaceOn: "all",
    async create(of, { resourceArn, webAclArn }) {
      await client(of).send(new AssociateWebACLCommand({ ResourceArn: resourceArn, WebACLArn: webAclArn }));
      return `${webAclArn},${resourceArn}`;
    },
    async read(of, _id, { resourceArn }) {
      const { WebACL } = await client(of).send(new GetWebACLForResourceCommand({ ResourceArn: resourceArn }));
      return WebACL && { webAclArn: WebACL.ARN };
    },
    async delete(of, _id, { resourceArn }) {
      await client(of).send(new DisassociateWebACLCommand({ ResourceArn: resourceArn }));
    },
  }),
};
