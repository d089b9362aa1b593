import type { RefreshAnswer } from "../../contract/sessions.ts";
import { session } from "./session.ts";

const name = "shop.session";

interface Renewal {
  /** The token that was exchanged. */
  readonly spent: string;
  readonly tokens: RefreshAnswer;
}

/**
 * A tab that was duplicated holds the session in a storage of its own, which no other tab can write. So tabs tell each
 * other what they got: sent once more, a refresh token ends the session, and its owner is warned of a thief.
 */
const channel = openChannel();
channel?.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
  if (isRenewal(data)) session.renew(data.spent, data.tokens);
});

export function tellRenewal(renewal: Renewal): void {
  channel?.postMessage(renewal);
}

/** A page that is on its way into the browser's history is told nothing, and other tabs wait for it meanwhile. */
const longestWaitMs = 1_000;

/** Resolves when everything that other tabs told so far was heard: a message of one's own comes after it. */
export function hearRenewals(): Promise<void> {
  const own = openChannel();
  if (channel === undefined || own === undefined) return Promise.resolve();
  const mark = crypto.getRandomValues(new Uint32Array(2)).join("-");
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      channel.removeEventListener("message", hear);
      own.close();
      resolve();
    };
    const hear = ({ data }: MessageEvent<unknown>): void => {
      if (data === mark) done();
    };
    const timer = setTimeout(done, longestWaitMs);
    channel.addEventListener("message", hear);
    own.postMessage(mark);
  });
}

/** A browser that keeps nothing for pages may refuse this too; then each tab has a session of its own anyway. */
function openChannel(): BroadcastChannel | undefined {
  try {
    return new BroadcastChannel(name);
  } catch {
    return undefined;
  }
}

function isRenewal(value: unknown): value is Renewal {
  return typeof value === "object" && value !== null && "spent" in value && "tokens" in value;
}
