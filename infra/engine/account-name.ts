import { userInfo } from "node:os";

/** Name of this process' account, for people to read; its uid where no account has it, as a container may be given. */
export function accountName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? "?"}`;
  }
}
