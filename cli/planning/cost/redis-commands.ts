import { figures } from "../../../service/contract/figures.ts";
import { roundCents } from "./round-cents.ts";

const { budgetUsdPerMonth, upstashUsdPer100kCommands } = figures.cache;

/** Commands a month at which Upstash's price by the command is the growth plan's flat budget. */
export const commandsOfBudget = Math.round((budgetUsdPerMonth / upstashUsdPer100kCommands) * 100_000);

/** What so many commands cost by the command. */
export function usdByCommand(commands: number): number {
  return roundCents((commands / 100_000) * upstashUsdPer100kCommands);
}
