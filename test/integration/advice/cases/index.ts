import { cacheAndCdnCases } from "./cache-and-cdn.ts";
import { databaseCases } from "./database.ts";
import { instanceCases } from "./instances.ts";
import { mailAndLimitCases } from "./mail-and-limits.ts";
import { statementCases } from "./statements.ts";
import { tableCases } from "./tables.ts";
import type { Case } from "./case.ts";

/** A new signal is one line in one of these. */
export const cases: readonly Case[] = [
  ...databaseCases,
  ...statementCases,
  ...instanceCases,
  ...cacheAndCdnCases,
  ...mailAndLimitCases,
  ...tableCases,
];
