import { randomBytes } from "node:crypto";
import type { ConfigEntry, Project } from "../engine/project-files.ts";

/** What a target puts into the stack of an environment beside its topology. */
export interface StackContent {
  readonly project: Project;
  readonly config: Readonly<Record<string, ConfigEntry>>;
  /** Secrets that nobody else has. */
  readonly newCredentials: () => Readonly<Record<string, string>>;
}

/** 192 bits of letters, digits, `-` and `_`, so that they stand in URLs and configuration files as they are. */
export function newSecret(): string {
  return randomBytes(24).toString("base64url");
}
