import {
  BudgetsClient,
  CreateBudgetCommand,
  DeleteBudgetCommand,
  DescribeBudgetCommand,
  type Budget,
  type NotificationType,
} from "@aws-sdk/client-budgets";
import {
  CreateEmailIdentityCommand,
  DeleteEmailIdentityCommand,
  GetEmailIdentityCommand,
  SESv2Client,
} from "@aws-sdk/client-sesv2";
import {
  CreateTopicCommand,
  DeleteTopicCommand,
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  SetTopicAttributesCommand,
  SNSClient,
  SubscribeCommand,
  UnsubscribeCommand,
} from "@aws-sdk/client-sns";
import type * as aws from "@pulumi/aws";
import { account, tagList, type Aws } from "../aws-access.ts";
import { keptRow } from "../kept-rows.ts";
import { row, type Given, type ResourceTable } from "../resource-row.ts";

const sns = (of: Aws): SNSClient => of.client(SNSClient);
const budgets = (of: Aws): BudgetsClient => of.client(BudgetsClient);
const ses = (of: Aws): SESv2Client => of.client(SESv2Client);

async function createBudget(of: Aws, BudgetName: string, inputs: Given<aws.budgets.BudgetArgs>): Promise<void> {
  await budgets(of).send(
    new CreateBudgetCommand({
      AccountId: account,
      Budget: {
        BudgetName,
        BudgetType: inputs.budgetType as Budget["BudgetType"],
        TimeUnit: inputs.timeUnit as Budget["TimeUnit"],
        BudgetLimit: { Amount: inputs.limitAmount, Unit: inputs.limitUnit },
        CostFilters: Object.fromEntries((inputs.costFilters ?? []).map(({ name, values }) => [name, [...values]])),
      },
      NotificationsWithSubscribers: (inputs.notifications ?? []).map((each) => ({
        Notification: {
          NotificationType: each.notificationType as NotificationType,
          ComparisonOperator: "GREATER_THAN",
          Threshold: each.threshold,
          ThresholdType: "PERCENTAGE",
        },
        Subscribers: (each.subscriberEmailAddresses ?? []).map((Address) => ({ SubscriptionType: "EMAIL", Address })),
      })),
    }),
  );
}

async function setPolicy(of: Aws, { arn, policy }: Given<aws.sns.TopicPolicyArgs>): Promise<void> {
  await sns(of).send(
    new SetTopicAttributesCommand({
      TopicArn: arn,
      AttributeName: "Policy",
      AttributeValue: typeof policy === "string" ? policy : JSON.stringify(policy),
    }),
  );
}

/** What reaches people: alarms, the bill, mail. */
export const telling: ResourceTable = {
  "aws:sns/topic:Topic": row<aws.sns.TopicArgs>({
    replaceOn: ["name", "fifoTopic"],
    named: { by: "name", maxLength: 256, page: "https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html" },
    async create(of, { name, kmsMasterKeyId }) {
      const { TopicArn = "" } = await sns(of).send(
        new CreateTopicCommand({
          Name: name,
          Attributes: kmsMasterKeyId === undefined ? {} : { KmsMasterKeyId: kmsMasterKeyId },
          Tags: tagList(of.tags),
        }),
      );
      return TopicArn;
    },
    async read(of, TopicArn) {
      const { Attributes } = await sns(of).send(new GetTopicAttributesCommand({ TopicArn }));
      return { arn: TopicArn, kmsMasterKeyId: Attributes?.["KmsMasterKeyId"] };
    },
    async update(of, TopicArn, { kmsMasterKeyId = "" }) {
      await sns(of).send(
        new SetTopicAttributesCommand({ TopicArn, AttributeName: "KmsMasterKeyId", AttributeValue: kmsMasterKeyId }),
      );
    },
    async delete(of, TopicArn) {
      await sns(of).send(new DeleteTopicCommand({ TopicArn }));
    },
  }),
  "aws:sns/topicPolicy:TopicPolicy": row<aws.sns.TopicPolicyArgs>({
    replaceOn: ["arn"],
    async create(of, inputs) {
      await setPolicy(of, inputs);
      return inputs.arn;
    },
    async read(of, TopicArn) {
      const { Attributes } = await sns(of).send(new GetTopicAttributesCommand({ TopicArn }));
      return { policy: Attributes?.["Policy"] };
    },
    async update(of, _id, inputs) {
      await setPolicy(of, inputs);
    },
    // The provider puts back the policy that a topic has by itself.
    async delete(of, arn) {
      await setPolicy(of, { arn, policy: JSON.stringify({ Version: "2008-10-17", Statement: [] }) });
    },
  }),
  "aws:sns/topicSubscription:TopicSubscription": row<aws.sns.TopicSubscriptionArgs>({
    replaceOn: "all",
    async create(of, { topic, protocol, endpoint }) {
      const { SubscriptionArn = "" } = await sns(of).send(
        new SubscribeCommand({
          TopicArn: topic as string,
          Protocol: protocol,
          Endpoint: endpoint,
          ReturnSubscriptionArn: true,
        }),
      );
      return SubscriptionArn;
    },
    async read(of, SubscriptionArn) {
      await sns(of).send(new GetSubscriptionAttributesCommand({ SubscriptionArn }));
      return { arn: SubscriptionArn };
    },
    async delete(of, SubscriptionArn) {
      await sns(of).send(new UnsubscribeCommand({ SubscriptionArn }));
    },
  }),
  "aws:budgets/budget:Budget": row<aws.budgets.BudgetArgs>({
    replaceOn: ["name", "budgetType"],
    named: {
      by: "name",
      maxLength: 100,
      page: "https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_Budget.html",
    },
    async create(of, inputs) {
      const { name = "" } = inputs;
      await createBudget(of, name, inputs);
      return `${account}:${name}`;
    },
    async read(of, id) {
      const { Budget: found } = await budgets(of).send(
        new DescribeBudgetCommand({ AccountId: account, BudgetName: id.split(":")[1] }),
      );
      return found && { timeUnit: found.TimeUnit, limitAmount: Number(found.BudgetLimit?.Amount).toFixed(2) };
    },
    // moto has no UpdateBudget.
    async update(of, id, inputs) {
      const BudgetName = id.split(":")[1] ?? "";
      await budgets(of).send(new DeleteBudgetCommand({ AccountId: account, BudgetName }));
      await createBudget(of, BudgetName, inputs);
    },
    async delete(of, id) {
      await budgets(of).send(new DeleteBudgetCommand({ AccountId: account, BudgetName: id.split(":")[1] }));
    },
  }),
  "aws:sesv2/emailIdentity:EmailIdentity": row<aws.sesv2.EmailIdentityArgs>({
    replaceOn: ["emailIdentity"],
    async create(of, { emailIdentity }) {
      await ses(of).send(new CreateEmailIdentityCommand({ EmailIdentity: emailIdentity, Tags: tagList(of.tags) }));
      return emailIdentity;
    },
    async read(of, EmailIdentity) {
      const found = await ses(of).send(new GetEmailIdentityCommand({ EmailIdentity }));
      const { Tokens = ["one", "two", "three"] } = found.DkimAttributes ?? {};
      return {
        arn: `arn:aws:ses:${of.region}:${account}:identity/${EmailIdentity}`,
        dkimSigningAttributes: { tokens: Tokens },
      };
    },
    async update() {},
    async delete(of, EmailIdentity) {
      await ses(of).send(new DeleteEmailIdentityCommand({ EmailIdentity }));
    },
  }),
  "aws:sesv2/emailIdentityMailFromAttributes:EmailIdentityMailFromAttributes": keptRow(
    "aws:sesv2/emailIdentityMailFromAttributes:EmailIdentityMailFromAttributes",
    { replaceOn: ["emailIdentity"], idOf: ({ emailIdentity }) => String(emailIdentity) },
  ),
};
