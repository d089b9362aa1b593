import {
  CreateKeyCommand,
  DescribeKeyCommand,
  EnableKeyRotationCommand,
  KMSClient,
  PutKeyPolicyCommand,
  ScheduleKeyDeletionCommand,
} from "@aws-sdk/client-kms";
import type * as aws from "@pulumi/aws";
import type { Aws } from "../aws-access.ts";
import { row, type Given, type ResourceTable } from "../resource-row.ts";

const client = (of: Aws): KMSClient => of.client(KMSClient);

async function rotate(of: Aws, KeyId: string, { enableKeyRotation }: Given<aws.kms.KeyArgs>): Promise<void> {
  if (enableKeyRotation === true) await client(of).send(new EnableKeyRotationCommand({ KeyId }));
}

/** KMS. A deleted key waits for its window, in which nobody may use it. */
export const keys: ResourceTable = {
  "aws:kms/key:Key": row<aws.kms.KeyArgs>({
    replaceOn: ["keyUsage", "customerMasterKeySpec", "multiRegion"],
    async create(of, inputs) {
      const { KeyMetadata } = await client(of).send(
        new CreateKeyCommand({
          Description: inputs.description,
          Policy: inputs.policy,
          Tags: Object.entries(of.tags).map(([TagKey, TagValue]) => ({ TagKey, TagValue })),
        }),
      );
      const id = KeyMetadata?.KeyId ?? "";
      await rotate(of, id, inputs);
      return id;
    },
    async read(of, KeyId) {
      const { KeyMetadata } = await client(of).send(new DescribeKeyCommand({ KeyId }));
      return KeyMetadata?.KeyState === "PendingDeletion"
        ? undefined
        : { arn: KeyMetadata?.Arn, keyId: KeyMetadata?.KeyId, description: KeyMetadata?.Description };
    },
    async update(of, KeyId, inputs) {
      await client(of).send(new PutKeyPolicyCommand({ KeyId, Policy: inputs.policy }));
      await rotate(of, KeyId, inputs);
    },
    async delete(of, KeyId, { deletionWindowInDays }) {
      await client(of).send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: deletionWindowInDays }));
    },
  }),
};
