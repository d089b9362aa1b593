import { defaultProvider } from "@aws-sdk/credential-provider-node";
import { FailureError } from "../errors/failure.ts";

/**
 * Whether AWS' own chain finds credentials: environment, SSO, profile, web identity (OIDC), container, instance. Throws
 * FailureError `authentication` that says how to get some; nothing is asked of AWS but by that chain.
 */
export async function requireAwsCredentials(): Promise<void> {
  try {
    await defaultProvider()();
  } catch (cause) {
    if (!(cause instanceof Error && cause.name === "CredentialsProviderError")) throw cause;
    throw new FailureError(
      {
        code: "authentication",
        what: "No AWS credentials",
        why: `AWS' credential chain (environment, SSO, profile, web identity, container, instance) found none: ${cause.message}`,
        next: [
          "aws sso login --profile NAME && export AWS_PROFILE=NAME",
          "export AWS_ACCESS_KEY_ID=… AWS_SECRET_ACCESS_KEY=… AWS_SESSION_TOKEN=…",
          "in CI: aws-actions/configure-aws-credentials with OIDC, as in docs/ci/aws.yml",
        ],
      },
      { cause },
    );
  }
}
