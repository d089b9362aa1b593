import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** A trust policy: only this AWS service may take the role. */
export function assumedBy(service: string): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" }],
  });
}

export interface Grant {
  readonly actions: readonly string[];
  readonly resources: readonly pulumi.Input<string>[];
}

/** A role with exactly these grants; without any it may do nothing, which is what most tasks need of AWS. */
export function roleWith(
  name: string,
  { service, grants }: { readonly service: string; readonly grants: readonly Grant[] },
  options: pulumi.CustomResourceOptions,
): aws.iam.Role {
  const role = new aws.iam.Role(name, { assumeRolePolicy: assumedBy(service) }, options);
  if (grants.length > 0)
    new aws.iam.RolePolicy(
      name,
      {
        role: role.name,
        policy: pulumi.jsonStringify({
          Version: "2012-10-17",
          Statement: grants.map(({ actions, resources }) => ({
            Effect: "Allow",
            Action: [...actions],
            Resource: [...resources],
          })),
        }),
      },
      options,
    );
  return role;
}
