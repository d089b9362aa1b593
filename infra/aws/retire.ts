import type * as pulumi from "@pulumi/pulumi";

/**
 * What the last update before `env destroy` changes: what guards against a slip would refuse the wanted deletion too. The
 * database leaves a snapshot of that moment; a name of its own lets an environment of the same name go again.
 */
export function retiring(at: string): pulumi.ResourceTransformation {
  const moment = at.replaceAll(/\D/g, "").slice(0, 14);
  return ({ type, name, props, opts }) => {
    const change = changes[type];
    if (change === undefined) return undefined;
    return { props: { ...props, ...change(name, moment, props) }, opts: { ...opts, protect: false } };
  };
}

type Change = (name: string, moment: string, props: Readonly<Record<string, unknown>>) => object;

const changes: Readonly<Record<string, Change>> = {
  "aws:rds/instance:Instance": (name, moment, { replicateSourceDb }) => ({
    deletionProtection: false,
    ...(replicateSourceDb === undefined ? { finalSnapshotIdentifier: `${name}-final-${moment}` } : {}),
  }),
  "aws:lb/loadBalancer:LoadBalancer": () => ({ enableDeletionProtection: false }),
  "aws:s3/bucket:Bucket": () => ({ forceDestroy: true }),
  "aws:secretsmanager/secret:Secret": () => ({ recoveryWindowInDays: 0 }),
};
