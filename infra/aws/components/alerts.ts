import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** Services that send, and so use the key; which of their resources may stands in the topic's policy. */
const senders = ["cloudwatch.amazonaws.com", "aps.amazonaws.com"] as const;
type Sender = (typeof senders)[number];

/** What the account's own roles may do with the key, as far as their own policies let them. */
const keeping = [
  "kms:DescribeKey",
  "kms:EnableKeyRotation",
  "kms:GetKeyPolicy",
  "kms:GetKeyRotationStatus",
  "kms:ListResourceTags",
  "kms:PutKeyPolicy",
  "kms:ScheduleKeyDeletion",
  "kms:CancelKeyDeletion",
  "kms:TagResource",
  "kms:UntagResource",
];

/**
 * The one place that alarms go to, by mail to the operator. Its key is the account's own: CloudWatch may not use SNS' key
 * `alias/aws/sns`, so that no alarm would ever arrive (https://repost.aws/knowledge-center/cloudwatch-configure-alarm-sns).
 */
export class Alerts extends pulumi.ComponentResource {
  readonly topicArn: pulumi.Output<string>;
  readonly #topic: aws.sns.Topic;
  readonly #senders: { readonly service: Sender; readonly source: pulumi.Input<string> }[] = [];
  readonly #name: string;

  constructor(name: string, { address }: { readonly address: string }, options: pulumi.ComponentResourceOptions) {
    super("shopctl:aws:Alerts", name, {}, options);
    this.#name = name;
    const account = aws.getCallerIdentityOutput({}, { parent: this }).accountId;
    const key = new aws.kms.Key(
      name,
      {
        description: "alarms on their way to the operator",
        enableKeyRotation: true,
        deletionWindowInDays: 7,
        policy: pulumi.jsonStringify({
          Version: "2012-10-17",
          Statement: [
            {
              Effect: "Allow",
              Principal: { AWS: pulumi.interpolate`arn:aws:iam::${account}:root` },
              Action: keeping,
              Resource: "*",
            },
            {
              Effect: "Allow",
              Principal: { Service: [...senders] },
              Action: ["kms:Decrypt", "kms:GenerateDataKey"],
              Resource: "*",
            },
          ],
        }),
      },
      { parent: this },
    );
    this.#topic = new aws.sns.Topic(name, { kmsMasterKeyId: key.arn }, { parent: this });
    this.topicArn = this.#topic.arn;
    new aws.sns.TopicSubscription(
      name,
      { topic: this.#topic.arn, protocol: "email", endpoint: address },
      { parent: this },
    );
    this.registerOutputs();
  }

  /** Lets an AWS service send for one of its resources. All of them stand in the one policy that `close` makes. */
  allowFrom(service: Sender, source: pulumi.Input<string>): void {
    this.#senders.push({ service, source });
  }

  close(): void {
    if (this.#senders.length === 0) return;
    new aws.sns.TopicPolicy(
      this.#name,
      {
        arn: this.#topic.arn,
        policy: pulumi.jsonStringify({
          Version: "2012-10-17",
          Statement: this.#senders.map(({ service, source }) => ({
            Effect: "Allow",
            Principal: { Service: service },
            Action: "sns:Publish",
            Resource: this.#topic.arn,
            Condition: { ArnEquals: { "aws:SourceArn": source } },
          })),
        }),
      },
      { parent: this },
    );
  }
}
