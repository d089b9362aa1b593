import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** The one place that alarms go to, by mail to the operator. */
export class Alerts extends pulumi.ComponentResource {
  readonly topicArn: pulumi.Output<string>;
  readonly #topic: aws.sns.Topic;
  readonly #senders: { readonly service: string; readonly source: pulumi.Input<string> }[] = [];
  readonly #name: string;

  constructor(name: string, { address }: { readonly address: string }, options: pulumi.ComponentResourceOptions) {
    super("shopctl:aws:Alerts", name, {}, options);
    this.#name = name;
    this.#topic = new aws.sns.Topic(name, { kmsMasterKeyId: "alias/aws/sns" }, { parent: this });
    this.topicArn = this.#topic.arn;
    new aws.sns.TopicSubscription(
      name,
      { topic: this.#topic.arn, protocol: "email", endpoint: address },
      { parent: this },
    );
    this.registerOutputs();
  }

  /** Lets an AWS service send for one of its resources. All of them stand in the one policy that `close` makes. */
  allowFrom(service: string, source: pulumi.Input<string>): void {
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
