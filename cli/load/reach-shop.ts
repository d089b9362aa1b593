import { FailureError } from "../errors/failure.ts";

/** Does the first work with a shop, and says that none answers there when it fails. Throws FailureError `not-found`. */
export async function reachShop<T>(baseUrl: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new FailureError(
      {
        code: "not-found",
        what: `no shop answers at ${baseUrl}`,
        why: reason,
        next: ["shopctl env list", "shopctl scale status"],
      },
      { cause },
    );
  }
}
