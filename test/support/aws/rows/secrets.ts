import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import type * as aws from "@pulumi/aws";
import { tagList, type Aws } from "../aws-access.ts";
import { row, type ResourceTable } from "../resource-row.ts";

const client = (of: Aws): SecretsManagerClient => of.client(SecretsManagerClient);

/** Secrets Manager. A deleted secret stays for its recovery window; without one it goes at once. */
export const secrets: ResourceTable = {
  "aws:secretsmanager/secret:Secret": row<aws.secretsmanager.SecretArgs>({
    replaceOn: ["name"],
    named: {
      by: "name",
      maxLength: 512,
      page: "https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html",
    },
    async create(of, { name }) {
      const { ARN = "" } = await client(of).send(new CreateSecretCommand({ Name: name, Tags: tagList(of.tags) }));
      return ARN;
    },
    async read(of, SecretId) {
      const found = await client(of).send(new DescribeSecretCommand({ SecretId }));
      return found.DeletedDate === undefined ? { arn: found.ARN, name: found.Name } : undefined;
    },
    async update() {},
    async delete(of, SecretId, { recoveryWindowInDays = 30 }) {
      await client(of).send(
        new DeleteSecretCommand(
          recoveryWindowInDays === 0
            ? { SecretId, ForceDeleteWithoutRecovery: true }
            : { SecretId, RecoveryWindowInDays: recoveryWindowInDays },
        ),
      );
    },
  }),
  "aws:secretsmanager/secretVersion:SecretVersion": row<aws.secretsmanager.SecretVersionArgs>({
    replaceOn: ["secretId", "secretString"],
    async create(of, { secretId, secretString }) {
      const { VersionId = "" } = await client(of).send(
        new PutSecretValueCommand({ SecretId: secretId, SecretString: secretString }),
      );
      return `${secretId}|${VersionId}`;
    },
    async read(of, id) {
      const [SecretId, VersionId] = id.split("|");
      const found = await client(of).send(new GetSecretValueCommand({ SecretId, VersionId }));
      return { arn: SecretId, versionId: VersionId, secretString: found.SecretString };
    },
    async update() {},
    // The last version goes with its secret, as in the provider.
    async delete() {},
  }),
};
