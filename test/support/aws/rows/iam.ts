import {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  PutRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from "@aws-sdk/client-iam";
import type * as aws from "@pulumi/aws";
import { tagList, type Aws } from "../aws-access.ts";
import { row, type ResourceTable } from "../resource-row.ts";

const client = (of: Aws): IAMClient => of.client(IAMClient);
const page = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html";

/** A policy as text; IAM gives it back URL-encoded. */
function policyText(policy: unknown): string {
  return typeof policy === "string" ? policy : JSON.stringify(policy);
}

/** Roles and what they may do. */
export const iam: ResourceTable = {
  "aws:iam/role:Role": row<aws.iam.RoleArgs>({
    replaceOn: ["name"],
    named: { by: "name", maxLength: 64, page },
    async create(of, { name = "", assumeRolePolicy }) {
      await client(of).send(
        new CreateRoleCommand({
          RoleName: name,
          AssumeRolePolicyDocument: policyText(assumeRolePolicy),
          Tags: tagList(of.tags),
        }),
      );
      return name;
    },
    async read(of, RoleName) {
      const { Role } = await client(of).send(new GetRoleCommand({ RoleName }));
      return {
        name: Role?.RoleName,
        arn: Role?.Arn,
        assumeRolePolicy: decodeURIComponent(Role?.AssumeRolePolicyDocument ?? ""),
      };
    },
    async update(of, RoleName, { assumeRolePolicy }) {
      await client(of).send(
        new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: policyText(assumeRolePolicy) }),
      );
    },
    async delete(of, RoleName) {
      await client(of).send(new DeleteRoleCommand({ RoleName }));
    },
  }),
  "aws:iam/rolePolicy:RolePolicy": row<aws.iam.RolePolicyArgs>({
    replaceOn: ["name", "role"],
    named: { by: "name", maxLength: 128, page },
    async create(of, { name, role, policy }) {
      await client(of).send(
        new PutRolePolicyCommand({ RoleName: role as string, PolicyName: name, PolicyDocument: policyText(policy) }),
      );
      return `${role as string}:${name}`;
    },
    async read(of, id) {
      const [RoleName, PolicyName] = id.split(":");
      const found = await client(of).send(new GetRolePolicyCommand({ RoleName, PolicyName }));
      return { policy: decodeURIComponent(found.PolicyDocument ?? "") };
    },
    async update(of, id, { policy }) {
      const [RoleName, PolicyName] = id.split(":");
      await client(of).send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument: policyText(policy) }));
    },
    async delete(of, id) {
      const [RoleName, PolicyName] = id.split(":");
      await client(of).send(new DeleteRolePolicyCommand({ RoleName, PolicyName }));
    },
  }),
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": row<aws.iam.RolePolicyAttachmentArgs>({
    replaceOn: "all",
    async create(of, { role, policyArn }) {
      await client(of).send(new AttachRolePolicyCommand({ RoleName: role as string, PolicyArn: policyArn }));
      return `${role as string}/${policyArn}`;
    },
    async read(of, _id, { role, policyArn }) {
      const found = await client(of).send(new ListAttachedRolePoliciesCommand({ RoleName: role as string }));
      return found.AttachedPolicies?.some((each) => each.PolicyArn === policyArn) === true ? { policyArn } : undefined;
    },
    async delete(of, _id, { role, policyArn }) {
      await client(of).send(new DetachRolePolicyCommand({ RoleName: role as string, PolicyArn: policyArn }));
    },
  }),
};
