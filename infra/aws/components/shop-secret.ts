import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** One secret of Secrets Manager, which tasks get as an environment variable and nobody else reads. */
export class ShopSecret extends pulumi.ComponentResource {
  /** Of the secret, whichever its version is: what a grant names. */
  readonly arn: pulumi.Output<string>;
  /**
   * What a container gets its value from. It names the version: another value is another revision of what uses it, and those
   * that run keep theirs, also when ECS starts them again.
   * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html
   */
  readonly valueFrom: pulumi.Output<string>;

  constructor(
    name: string,
    { value }: { readonly value: pulumi.Input<string> },
    options: pulumi.ComponentResourceOptions,
  ) {
    super("shopctl:aws:ShopSecret", name, {}, options);
    const secret = new aws.secretsmanager.Secret(name, { recoveryWindowInDays: 7 }, { parent: this });
    const version = new aws.secretsmanager.SecretVersion(
      name,
      { secretId: secret.id, secretString: pulumi.secret(value) },
      { parent: this },
    );
    this.arn = secret.arn;
    this.valueFrom = pulumi.interpolate`${secret.arn}:::${version.versionId}`;
    this.registerOutputs();
  }
}
