import type { TaskDefinition } from "@aws-sdk/client-ecs";
import { figures } from "../../../service/contract/figures.ts";
import { shopEnv, type ShopEnvName } from "../../../service/contract/env.ts";
import type { Observation } from "../../observation.ts";
import type { RunningTask } from "./observe-tasks.ts";

type FromTasks = Pick<
  Observation,
  "releases" | "mailTransport" | "mailDelivery" | "replicasInUse" | "faultReports" | "queryForms" | "limits"
>;

/**
 * What the running instances were started to be, by the definitions of their tasks: from outside of the network nobody
 * reaches their metrics. A task whose configuration the service refuses does not run.
 */
export function observeShop(tasks: readonly RunningTask[]): FromTasks {
  const shops = tasks.filter(({ process }) => process.component === "web" && process.state === "up");
  const senders = tasks.filter(({ process }) => process.component === "mail-worker" || process.component === "web");
  const [first] = shops;
  if (first === undefined) return {};
  const profile = variable(first.definition, shopEnv.limits);
  return {
    releases: shops.map(({ process, definition }) => ({
      instance: process.name,
      release: variable(definition, shopEnv.release) ?? "unknown",
    })),
    replicasInUse: Object.fromEntries(
      shops.map(({ process, definition }) => [process.name, hasSecret(definition, shopEnv.replicaUrls) ? 1 : 0]),
    ),
    faultReports: Object.fromEntries(
      shops.map(({ process, definition }) => [
        process.name,
        hasSecret(definition, shopEnv.sentryDsn) ? "sentry" : "logs",
      ]),
    ),
    queryForms: Object.fromEntries(
      shops.map(({ process, definition }) => [process.name, variable(definition, shopEnv.queries) ?? "plain"]),
    ),
    mailTransport: every(senders, shopEnv.mail, transportOf),
    mailDelivery: every(shops, shopEnv.mailDelivery, (value) => value),
    ...(profile === undefined
      ? {}
      : {
          limits: Object.fromEntries(
            figures.rateLimits.map((rule) => [rule.name, rule[profile === "raised" ? "after" : "before"]]),
          ),
        }),
  };
}

/** The growth plan begins with a provider of 500 mails a day by SMTP; here SES has that place. */
function transportOf(mail: string): string {
  return mail === "ses" ? "smtp" : mail;
}

function every(tasks: readonly RunningTask[], name: ShopEnvName, text: (value: string) => string): string {
  const values = tasks.flatMap(({ definition }) => {
    const value = variable(definition, name);
    return value === undefined ? [] : [text(value)];
  });
  return [...new Set(values)].toSorted().join(" and ");
}

function variable({ containerDefinitions = [] }: TaskDefinition, wanted: ShopEnvName): string | undefined {
  return containerDefinitions.flatMap(({ environment = [] }) => environment).find(({ name }) => name === wanted)?.value;
}

function hasSecret({ containerDefinitions = [] }: TaskDefinition, wanted: ShopEnvName): boolean {
  return containerDefinitions.flatMap(({ secrets = [] }) => secrets).some(({ name }) => name === wanted);
}
