import { DescribeManagedPrefixListsCommand, EC2Client } from "@aws-sdk/client-ec2";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import type { Aws } from "./aws-access.ts";
import type { Properties } from "./resource-row.ts";

/** Functions of the provider that the program calls, by token. */
export const functions: Readonly<Record<string, (aws: Aws, args: Properties) => Promise<Properties>>> = {
  "aws:index/getCallerIdentity:getCallerIdentity": async (aws) => {
    const {
      Account: accountId,
      Arn: arn,
      UserId: userId,
    } = await aws.client(STSClient).send(new GetCallerIdentityCommand());
    return { id: accountId, accountId, arn, userId };
  },
  "aws:ec2/getManagedPrefixList:getManagedPrefixList": async (aws, { name }) => {
    const { PrefixLists: lists = [] } = await aws.client(EC2Client).send(new DescribeManagedPrefixListsCommand());
    const found = lists.find((list) => list.PrefixListName === name);
    // Lists of AWS' own are in every region; moto has some of them only.
    return { name, id: found?.PrefixListId ?? "pl-0123456789abcdef0", arn: found?.PrefixListArn };
  },
};
