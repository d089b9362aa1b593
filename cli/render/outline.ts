import type { OutlineReport } from "../rollout/outline-report.ts";
import { columns } from "./columns.ts";
import { usd } from "./numbers.ts";
import { style } from "./style.ts";

/** `env create --target aws --dry-run` for people. */
export function renderOutline({ environment, url, region, resources, total, cost, prices }: OutlineReport): string {
  return [
    `${style.bold(environment)}  ${url}  ${region}  ${usd(cost.usdPerMonth)} USD/month and what is paid by use`,
    "",
    style.bold(`${total} resources would be made`),
    columns(resources.map(({ type, count }) => [`  ${count}`, type])),
    "",
    style.bold("Price"),
    columns(cost.lines.map(({ item, usdPerMonth }) => [`  ${usd(usdPerMonth)}`, item])),
    style.dim(
      `  ${prices.name} of ${prices.region}, as known on ${prices.knownOn}; \`shopctl cost --target aws\` has the traffic`,
    ),
    "",
    "Nothing was made and AWS was not asked.",
  ].join("\n");
}
