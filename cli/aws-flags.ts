import { Flags } from "@oclif/core";

const group = "AWS";

/** What an environment on AWS is told at its creation; secrets come from the environment, credentials from AWS' own chain. */
export const awsFlags = {
  region: Flags.string({
    description: "region [default: AWS_REGION, AWS_DEFAULT_REGION, then us-east-1]",
    helpValue: "eu-central-1",
    helpGroup: group,
  }),
  zones: Flags.string({
    description: "two or three zones of it [default: its a and b]",
    helpValue: "eu-central-1a,eu-central-1b",
    helpGroup: group,
  }),
  domain: Flags.string({
    description: "name that shoppers use, in the hosted zone",
    helpValue: "shop.example.com",
    helpGroup: group,
  }),
  "hosted-zone": Flags.string({
    description: "id of the domain's zone in Route 53",
    helpValue: "Z0123456789ABC",
    helpGroup: group,
  }),
  image: Flags.string({
    description: "the shop's image, by its digest",
    helpValue: "NAME@sha256:…",
    helpGroup: group,
  }),
  "pooler-image": Flags.string({
    description: "PgBouncer's image (`docker build --target pooler`), by its digest",
    helpValue: "NAME@sha256:…",
    helpGroup: group,
  }),
  "collector-image": Flags.string({
    description: "image of AWS' OpenTelemetry collector, by its digest",
    helpValue: "NAME@sha256:…",
    helpGroup: group,
  }),
  "mail-from": Flags.string({
    description: "sender of the shop's mail [default: orders@DOMAIN]",
    helpValue: "orders@shop.example.com",
    helpGroup: group,
  }),
  "sendgrid-quota": Flags.integer({
    description: "mails a day that your plan at SendGrid takes [default: of 40,000 a month]; more are held",
    helpValue: "7000",
    min: 1,
    helpGroup: group,
  }),
  "alert-address": Flags.string({
    description: "who is told of alarms and of a bill over the budget",
    helpValue: "operator@example.com",
    helpGroup: group,
  }),
  budget: Flags.integer({
    description: "USD a month that the account's owner is told of",
    default: 300,
    min: 1,
    helpGroup: group,
  }),
  "secrets-provider": Flags.string({
    description:
      "who encrypts the stack's secrets: passphrase, or a key such as awskms://alias/shopctl?region=eu-central-1",
    default: "passphrase",
    helpGroup: group,
  }),
};
