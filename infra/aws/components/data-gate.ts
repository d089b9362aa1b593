import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

/** A security group with no rule: what may come in and go out is said one by one, with `allow`. */
export function closedGroup(
  name: string,
  { vpcId, description }: { readonly vpcId: pulumi.Input<string>; readonly description: string },
  options: pulumi.CustomResourceOptions,
): aws.ec2.SecurityGroup {
  return new aws.ec2.SecurityGroup(name, { vpcId, description, revokeRulesOnDelete: true }, options);
}

/** Lets `from` open connections to `to` on one port: a rule out of the one and a rule into the other. */
export function allow(
  name: string,
  {
    from,
    to,
    port,
  }: { readonly from: aws.ec2.SecurityGroup; readonly to: aws.ec2.SecurityGroup; readonly port: number },
  options: pulumi.CustomResourceOptions,
): void {
  const ports = { ipProtocol: "tcp", fromPort: port, toPort: port };
  new aws.vpc.SecurityGroupEgressRule(
    `${name}-out`,
    { ...ports, securityGroupId: from.id, referencedSecurityGroupId: to.id },
    options,
  );
  new aws.vpc.SecurityGroupIngressRule(
    `${name}-in`,
    { ...ports, securityGroupId: to.id, referencedSecurityGroupId: from.id },
    options,
  );
}
