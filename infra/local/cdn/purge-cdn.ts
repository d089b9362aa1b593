import { cdnPurgePath } from "../../../service/contract/cdn.ts";
import { HostError } from "../host/host-error.ts";

const timeoutMs = 10_000;

/** Asks the CDN's control at a port of this host to forget answers. Throws HostError `refused` or `unreachable`. */
export async function purgeCdn(port: number, key: string, paths: readonly string[]): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${port}${cdnPurgePath}`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({ paths }),
    signal: AbortSignal.timeout(timeoutMs),
  }).catch((cause: unknown) => {
    throw new HostError("unreachable", `the CDN's control does not answer on port ${port}`, { cause });
  });
  await response.body?.cancel();
  if (!response.ok) throw new HostError("refused", `the CDN's control answered a purge with ${response.status}`);
}
