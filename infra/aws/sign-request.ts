import { Sha256 } from "@aws-crypto/sha256-js";
import { defaultProvider } from "@aws-sdk/credential-provider-node";
import { SignatureV4 } from "@smithy/signature-v4";
import type { Signer } from "./managed-prometheus.ts";

/** Name of Amazon Managed Prometheus in signatures. */
const service = "aps";
/** Signs requests as AWS wants them (Signature Version 4), with whatever credentials its own chain finds at that moment. */
export function awsSigner(
  region: string,
  credentials: ConstructorParameters<typeof SignatureV4>[0]["credentials"] = defaultProvider(),
): Signer {
  const signature = new SignatureV4({ credentials, region, service, sha256: Sha256 });
  return async ({ url, method, headers, body }) => {
    const signed = await signature.sign({
      method,
      protocol: url.protocol,
      hostname: url.hostname,
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: { ...headers, host: url.host },
      body,
    });
    // fetch sets the host by itself, and to the same.
    const { host: _host, ...rest } = signed.headers;
    return rest;
  };
}
