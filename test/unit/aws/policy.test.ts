import { expect, it } from "vitest";
import { policyRules } from "../../../infra/aws/policy/rules.ts";

const allowing = (statement: object): string => JSON.stringify({ Statement: [{ Effect: "Allow", ...statement }] });

it.each<[rule: string, type: string, props: Record<string, unknown>]>([
  ["no-public-data-store", "aws:rds/instance:Instance", { publiclyAccessible: true }],
  ["no-public-data-store", "aws:rds/instance:Instance", {}],
  ["no-public-data-store", "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", { blockPublicAcls: true }],
  ["encrypted-at-rest", "aws:rds/instance:Instance", { storageEncrypted: false }],
  ["encrypted-at-rest", "aws:elasticache/replicationGroup:ReplicationGroup", {}],
  ["encrypted-at-rest", "aws:sns/topic:Topic", {}],
  ["encrypted-at-rest", "aws:sns/topic:Topic", { kmsMasterKeyId: "alias/aws/sns" }],
  ["encrypted-in-flight", "aws:elasticache/replicationGroup:ReplicationGroup", {}],
  [
    "encrypted-in-flight",
    "aws:rds/parameterGroup:ParameterGroup",
    { parameters: [{ name: "rds.force_ssl", value: "0" }] },
  ],
  ["encrypted-in-flight", "aws:lb/listener:Listener", { protocol: "HTTP" }],
  [
    "encrypted-in-flight",
    "aws:cloudfront/distribution:Distribution",
    { defaultCacheBehavior: { viewerProtocolPolicy: "allow-all" } },
  ],
  ["no-iam-wildcards", "aws:iam/rolePolicy:RolePolicy", { policy: allowing({ Action: "s3:*", Resource: "*" }) }],
  ["no-iam-wildcards", "aws:iam/rolePolicy:RolePolicy", { policy: allowing({ Action: ["a:b", "*"], Resource: "x" }) }],
  [
    "no-iam-wildcards",
    "aws:iam/role:Role",
    { assumeRolePolicy: allowing({ Action: "sts:AssumeRole", Principal: "*" }) },
  ],
  [
    "no-iam-wildcards",
    "aws:iam/role:Role",
    { assumeRolePolicy: allowing({ Action: "sts:AssumeRole", Principal: { AWS: "*" } }) },
  ],
  [
    "only-https-from-everywhere",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    { cidrIpv4: "0.0.0.0/0", fromPort: 22, toPort: 22 },
  ],
  [
    "only-https-from-everywhere",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    { cidrIpv6: "::/0", fromPort: 0, toPort: 443 },
  ],
  ["only-https-from-everywhere", "aws:ec2/securityGroup:SecurityGroup", { ingress: [{ fromPort: 443 }] }],
  ["protected-from-deletion", "aws:rds/instance:Instance", {}],
  ["protected-from-deletion", "aws:lb/loadBalancer:LoadBalancer", { enableDeletionProtection: false }],
  ["backed-up", "aws:rds/instance:Instance", { backupRetentionPeriod: 0 }],
  ["logs-end", "aws:cloudwatch/logGroup:LogGroup", {}],
  ["tagged", "pulumi:providers:aws", { defaultTags: JSON.stringify({ tags: { project: "shopctl" } }) }],
])("%s refuses a %s with %j", (name, type, props) => {
  const rule = policyRules.find((each) => each.name === name);
  expect(rule?.violation({ type, name: "it", props })).toEqual(expect.any(String));
});

it("a refusal of everybody over plain HTTP is no permission", () => {
  const policy = JSON.stringify({ Statement: [{ Effect: "Deny", Principal: "*", Action: "s3:*" }] });
  for (const { violation } of policyRules)
    expect(violation({ type: "aws:s3/bucketPolicy:BucketPolicy", name: "it", props: { policy } })).toBeUndefined();
});
