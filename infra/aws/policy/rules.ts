import { statementsOf } from "./statements.ts";

/** A resource as a preview has it: its type and the inputs that are known by then. */
export interface PolicyResource {
  readonly type: string;
  readonly name: string;
  readonly props: Readonly<Record<string, unknown>>;
}

export interface PolicyRule {
  readonly name: string;
  readonly description: string;
  /** What is wrong, or undefined. */
  readonly violation: (resource: PolicyResource) => string | undefined;
}

type Check = (props: PolicyResource["props"]) => string | undefined;

/** The rules that everything on AWS must keep; a preview that breaks one does not become an update. */
export const policyRules: readonly PolicyRule[] = [
  rule("no-public-data-store", "Data stores are not reachable from the internet.", {
    "aws:rds/instance:Instance": ({ publiclyAccessible }) =>
      publiclyAccessible === false ? undefined : "publiclyAccessible is not false",
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": ({
      blockPublicAcls,
      blockPublicPolicy,
      ignorePublicAcls,
      restrictPublicBuckets,
    }) =>
      [blockPublicAcls, blockPublicPolicy, ignorePublicAcls, restrictPublicBuckets].every((each) => each === true)
        ? undefined
        : "not all public access is blocked",
  }),
  rule("encrypted-at-rest", "What is stored is encrypted.", {
    "aws:rds/instance:Instance": ({ storageEncrypted }) =>
      storageEncrypted === true ? undefined : "storageEncrypted is not true",
    "aws:elasticache/replicationGroup:ReplicationGroup": ({ atRestEncryptionEnabled }) =>
      atRestEncryptionEnabled === true ? undefined : "atRestEncryptionEnabled is not true",
    "aws:sns/topic:Topic": ({ kmsMasterKeyId }) => {
      if (typeof kmsMasterKeyId !== "string") return "kmsMasterKeyId is not set";
      return kmsMasterKeyId.endsWith("alias/aws/sns") ? "CloudWatch may not use the key alias/aws/sns" : undefined;
    },
  }),
  rule("encrypted-in-flight", "What crosses a network that is not only ours is encrypted.", {
    "aws:elasticache/replicationGroup:ReplicationGroup": ({ transitEncryptionEnabled }) =>
      transitEncryptionEnabled === true ? undefined : "transitEncryptionEnabled is not true",
    "aws:rds/parameterGroup:ParameterGroup": ({ parameters }) =>
      list(parameters).some((each) => each["name"] === "rds.force_ssl" && each["value"] === "1")
        ? undefined
        : "rds.force_ssl is not 1",
    "aws:lb/listener:Listener": ({ protocol }) => (protocol === "HTTPS" ? undefined : "the protocol is not HTTPS"),
    "aws:cloudfront/distribution:Distribution": ({ defaultCacheBehavior, orderedCacheBehaviors }) =>
      [...list([defaultCacheBehavior]), ...list(orderedCacheBehaviors)].every(({ viewerProtocolPolicy }) =>
        ["redirect-to-https", "https-only"].includes(String(viewerProtocolPolicy)),
      )
        ? undefined
        : "a behaviour takes plain HTTP",
  }),
  {
    name: "no-iam-wildcards",
    description: "No policy allows all actions of a service, or everybody.",
    violation: ({ props }) => {
      for (const { effect, actions, principals } of statementsOf(props)) {
        if (effect !== "Allow") continue;
        const action = actions.find((each) => each.includes("*"));
        if (action !== undefined) return `allows ${action}`;
        if (principals.includes("*")) return "allows everybody";
      }
      return undefined;
    },
  },
  rule("only-https-from-everywhere", "From everywhere nothing but 443 comes in.", {
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": ({ cidrIpv4, cidrIpv6, fromPort, toPort }) =>
      (cidrIpv4 === "0.0.0.0/0" || cidrIpv6 === "::/0") && !(fromPort === 443 && toPort === 443)
        ? `ports ${String(fromPort)}–${String(toPort)} are open to everybody`
        : undefined,
    "aws:ec2/securityGroup:SecurityGroup": ({ ingress }) =>
      list(ingress).length === 0 ? undefined : "has rules of its own; each is to be a resource",
  }),
  rule("protected-from-deletion", "What holds data, and what shoppers come in by, is not deleted by a slip.", {
    "aws:rds/instance:Instance": ({ deletionProtection, replicateSourceDb }) =>
      deletionProtection === true || replicateSourceDb !== undefined ? undefined : "deletionProtection is not true",
    "aws:lb/loadBalancer:LoadBalancer": ({ enableDeletionProtection }) =>
      enableDeletionProtection === true ? undefined : "enableDeletionProtection is not true",
  }),
  rule("backed-up", "A database has backups.", {
    "aws:rds/instance:Instance": ({ replicateSourceDb, backupRetentionPeriod }) =>
      replicateSourceDb !== undefined || Number(backupRetentionPeriod) >= 1 ? undefined : "keeps no backups",
  }),
  rule("logs-end", "Logs are kept for a time that somebody chose.", {
    "aws:cloudwatch/logGroup:LogGroup": ({ retentionInDays }) =>
      Number(retentionInDays) > 0 ? undefined : "keeps its logs for ever",
  }),
  rule("tagged", "Everything has the tags that a bill and a clean-up go by.", {
    "pulumi:providers:aws": ({ defaultTags }) => {
      const tags = list([defaultTags])[0]?.["tags"];
      const missing = requiredTags.filter((tag) => list([tags])[0]?.[tag] === undefined);
      return missing.length === 0 ? undefined : `has no default tag ${missing.join(", ")}`;
    },
  }),
];

export const requiredTags = ["project", "environment"] as const;

function rule(name: string, description: string, checks: Readonly<Record<string, Check>>): PolicyRule {
  return { name, description, violation: ({ type, props }) => checks[type]?.(props) };
}

/** The objects of a value that should be a list of them; Pulumi gives structured inputs to providers as JSON text. */
function list(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return (Array.isArray(value) ? value : []).flatMap((each: unknown) => {
    const parsed: unknown = typeof each === "string" ? tryJson(each) : each;
    return typeof parsed === "object" && parsed !== null ? [{ ...parsed }] : [];
  });
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
