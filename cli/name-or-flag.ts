import { Args } from "@oclif/core";

/** Environment as an argument, for commands about an environment itself; `--env` says the same. */
export const nameArgument = { name: Args.string({ description: "environment; the same as --env" }) };
