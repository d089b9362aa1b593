import { givenSecrets } from "../../infra/aws/aws-stack.ts";
import { awsSettingsSchema, imageSchema, releaseOfImage, type AwsSettings } from "../../infra/aws/settings.ts";
import { FailureError } from "../errors/failure.ts";

/** Flags of `env create --target aws` as they were typed. */
export interface AwsAnswers {
  readonly region?: string | undefined;
  readonly zones?: string | undefined;
  readonly domain?: string | undefined;
  readonly "hosted-zone"?: string | undefined;
  readonly image?: string | undefined;
  readonly "pooler-image"?: string | undefined;
  readonly "collector-image"?: string | undefined;
  readonly "mail-from"?: string | undefined;
  readonly "sendgrid-quota"?: number | undefined;
  readonly "alert-address"?: string | undefined;
  readonly budget: number;
}

const defaultRegion = "us-east-1";
/** Of an image that is refused anyway, by its own message. */
const unknownRelease = "000000000000";

/** Settings from flags and AWS' own variables. Throws FailureError `configuration` that names every flag that is missing or wrong. */
export function awsSettingsOf(name: string, answers: AwsAnswers, env: NodeJS.ProcessEnv): AwsSettings {
  const { domain, image } = answers;
  const region = answers.region ?? env["AWS_REGION"] ?? env["AWS_DEFAULT_REGION"] ?? defaultRegion;
  const parsed = awsSettingsSchema.safeParse({
    version: 1,
    name,
    region,
    zones: answers.zones?.split(",").map((zone) => zone.trim()) ?? [`${region}a`, `${region}b`],
    domain,
    hostedZoneId: answers["hosted-zone"],
    mailFrom: answers["mail-from"] ?? `orders@${domain ?? ""}`,
    ...(answers["sendgrid-quota"] === undefined ? {} : { sendgridPerDay: answers["sendgrid-quota"] }),
    releases:
      image === undefined
        ? undefined
        : { [imageSchema.safeParse(image).success ? releaseOfImage(image) : unknownRelease]: image },
    images: { pooler: answers["pooler-image"], collector: answers["collector-image"] },
    alertAddress: answers["alert-address"],
    budgetUsdPerMonth: answers.budget,
    ...((env[givenSecrets.sentryDsn] ?? "") === "" ? {} : { sentry: true }),
  });
  if (parsed.success) return parsed.data;
  const wrong = new Map(
    parsed.error.issues.map(({ path, message }) => [
      flagOf[path.join(".")] ?? flagOf[String(path[0])] ?? "--help",
      message,
    ]),
  );
  throw new FailureError({
    code: "configuration",
    what: `No environment on AWS can be made so`,
    why: [...wrong].map(([flag, message]) => `${flag}: ${given(answers, flag) ? message : "is missing"}`).join("; "),
    next: [`shopctl env create ${name} --target aws --help`, "the README's section on AWS says where each comes from"],
  });
}

/** Flags by the field of the settings that they fill. */
const flagOf: Readonly<Record<string, string>> = {
  name: "NAME",
  region: "--region",
  zones: "--zones",
  domain: "--domain",
  hostedZoneId: "--hosted-zone",
  mailFrom: "--mail-from",
  sendgridPerDay: "--sendgrid-quota",
  releases: "--image",
  "images.pooler": "--pooler-image",
  "images.collector": "--collector-image",
  alertAddress: "--alert-address",
  budgetUsdPerMonth: "--budget",
};

function given(answers: AwsAnswers, flag: string): boolean {
  const values: Readonly<Record<string, unknown>> = { ...answers };
  // What has a default is never missing.
  if (["--region", "--zones", "NAME"].includes(flag)) return true;
  if (flag === "--mail-from" && values["mail-from"] === undefined) return values["domain"] !== undefined;
  return values[flag.slice(2)] !== undefined;
}
