import {
  CreateListenerCommand,
  CreateRuleCommand,
  DeleteListenerCommand,
  DeleteRuleCommand,
  DescribeListenersCommand,
  DescribeRulesCommand,
  ElasticLoadBalancingV2Client,
  ModifyListenerCommand,
  ModifyRuleCommand,
  type Action,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type * as aws from "@pulumi/aws";
import { type Aws } from "../aws-access.ts";
import { row, type Given, type ResourceTable } from "../resource-row.ts";

const client = (of: Aws): ElasticLoadBalancingV2Client => of.client(ElasticLoadBalancingV2Client);

interface GivenAction {
  readonly type: string;
  readonly targetGroupArn?: string | undefined;
  readonly fixedResponse?:
    | {
        readonly statusCode?: string | undefined;
        readonly contentType: string;
        readonly messageBody?: string | undefined;
      }
    | undefined;
}

function actionsOf(actions: readonly GivenAction[]): Action[] {
  return actions.map(({ type, targetGroupArn, fixedResponse }) => ({
    Type: type as Action["Type"],
    ...(targetGroupArn === undefined ? {} : { TargetGroupArn: targetGroupArn }),
    ...(fixedResponse === undefined
      ? {}
      : {
          FixedResponseConfig: {
            StatusCode: fixedResponse.statusCode,
            ContentType: fixedResponse.contentType,
            MessageBody: fixedResponse.messageBody,
          },
        }),
  }));
}

const listenerOf = (inputs: Given<aws.lb.ListenerArgs>) => ({
  Port: inputs.port,
  Protocol: "HTTPS" as const,
  SslPolicy: inputs.sslPolicy,
  Certificates: [{ CertificateArn: inputs.certificateArn }],
  DefaultActions: actionsOf(inputs.defaultActions),
});

const conditionsOf = ({ conditions }: Given<aws.lb.ListenerRuleArgs>) =>
  conditions.map(({ httpHeader, pathPattern }) =>
    httpHeader === undefined
      ? { Field: "path-pattern", PathPatternConfig: { Values: [...(pathPattern?.values ?? [])] } }
      : {
          Field: "http-header",
          HttpHeaderConfig: { HttpHeaderName: httpHeader.httpHeaderName, Values: [...(httpHeader.values ?? [])] },
        },
  );

/** What the load balancer does with a request. */
export const listeners: ResourceTable = {
  "aws:lb/listener:Listener": row<aws.lb.ListenerArgs>({
    replaceOn: ["loadBalancerArn"],
    async create(of, inputs) {
      const { Listeners: [made] = [] } = await client(of).send(
        new CreateListenerCommand({ LoadBalancerArn: inputs.loadBalancerArn, ...listenerOf(inputs) }),
      );
      return made?.ListenerArn ?? "";
    },
    async read(of, id) {
      const { Listeners: [found] = [] } = await client(of).send(new DescribeListenersCommand({ ListenerArns: [id] }));
      return found && { arn: id, port: found.Port, protocol: found.Protocol, sslPolicy: found.SslPolicy };
    },
    async update(of, ListenerArn, inputs) {
      await client(of).send(new ModifyListenerCommand({ ListenerArn, ...listenerOf(inputs) }));
    },
    async delete(of, ListenerArn) {
      await client(of).send(new DeleteListenerCommand({ ListenerArn }));
    },
  }),
  "aws:lb/listenerRule:ListenerRule": row<aws.lb.ListenerRuleArgs>({
    replaceOn: ["listenerArn"],
    async create(of, inputs) {
      const { Rules: [made] = [] } = await client(of).send(
        new CreateRuleCommand({
          ListenerArn: inputs.listenerArn,
          Priority: inputs.priority,
          Conditions: conditionsOf(inputs),
          Actions: actionsOf(inputs.actions),
        }),
      );
      return made?.RuleArn ?? "";
    },
    async read(of, id) {
      const { Rules: [found] = [] } = await client(of).send(new DescribeRulesCommand({ RuleArns: [id] }));
      return found && { arn: id };
    },
    async update(of, RuleArn, inputs) {
      await client(of).send(
        new ModifyRuleCommand({ RuleArn, Conditions: conditionsOf(inputs), Actions: actionsOf(inputs.actions) }),
      );
    },
    async delete(of, RuleArn) {
      await client(of).send(new DeleteRuleCommand({ RuleArn }));
    },
  }),
};
