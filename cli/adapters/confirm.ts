import { FailureError } from "../errors/failure.ts";

export interface Confirmation {
  /** What is about to happen, for the prompt and the refusal. */
  readonly what: string;
  /** The same command with its consent, for whom there is no prompt. */
  readonly confirmWith: string;
}

/** Asks yes or no on a terminal. Throws FailureError `not-confirmed` for no, and where there is no terminal to ask on. */
export async function confirmYes(confirmation: Confirmation): Promise<void> {
  if (!canAsk()) throw refused(confirmation);
  const { confirm, isCancel } = await import("@clack/prompts");
  const answer = await confirm({ message: `${confirmation.what}?`, output: process.stderr, initialValue: false });
  if (isCancel(answer) || !answer) throw refused(confirmation);
}

/** Asks for a name to be typed. Throws FailureError `not-confirmed` for anything else, and where nobody can be asked. */
export async function confirmName(name: string, confirmation: Confirmation): Promise<void> {
  if (!canAsk()) throw refused(confirmation);
  const { text, isCancel } = await import("@clack/prompts");
  const answer = await text({ message: `${confirmation.what}. Type its name to confirm:`, output: process.stderr });
  if (isCancel(answer) || answer !== name) throw refused(confirmation);
}

/** Whether somebody sits at a terminal. */
export function canAsk(): boolean {
  return process.stdin.isTTY && process.stderr.isTTY;
}

function refused({ what, confirmWith }: Confirmation): FailureError {
  return new FailureError({ code: "not-confirmed", what, confirmWith });
}
