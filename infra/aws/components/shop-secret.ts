import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** One secret of Secrets Manager, which tasks get as an environment variable and nobody else reads. */
export class ShopSecret extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;

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
    // Of the version, so that a task waits until there is a value to read.
    this.arn = version.arn;
    this.registerOutputs();
  }
}
