import grpc from "@grpc/grpc-js";
import provproto from "@pulumi/pulumi/proto/provider_pb.js";
import statusproto from "@pulumi/pulumi/proto/status_pb.js";
import { fromStruct } from "./marshal.ts";
import type { PropertyMap } from "./property-value.ts";

/** A provider's refusal or failure of one call. */
export class ProviderError extends Error {
  /**
   * Whether the provider answered at all. Without an answer (it crashed, the connection broke) the outcome is not known.
   */
  readonly answered: boolean;
  /** Set when the resource exists but did not come up. */
  readonly partial: PartialResource | undefined;

  constructor(
    message: string,
    options: { readonly answered: boolean; readonly partial?: PartialResource | undefined },
  ) {
    super(message);
    this.name = "ProviderError";
    this.answered = options.answered;
    this.partial = options.partial;
  }
}

export interface PartialResource {
  readonly id: string;
  readonly outputs: PropertyMap;
  readonly reasons: readonly string[];
}

const detailsKey = "grpc-status-details-bin";

/** What a failed call to a provider means; `dead` says that its process has ended. */
export function toProviderError(error: grpc.ServiceError, dead: boolean): ProviderError {
  const lost = error.code === grpc.status.UNAVAILABLE || error.code === grpc.status.CANCELLED;
  const message = error.details === "" ? error.message : error.details;
  if (dead || lost) return new ProviderError(`the provider ended without an answer (${message})`, { answered: false });
  const partial = partialOf(error.metadata);
  const reasons = partial === undefined || partial.reasons.length === 0 ? "" : `: ${partial.reasons.join("; ")}`;
  return new ProviderError(`${message}${reasons}`, { answered: true, partial });
}

function partialOf(metadata: grpc.Metadata | undefined): PartialResource | undefined {
  const [bytes] = metadata?.get(detailsKey) ?? [];
  if (!Buffer.isBuffer(bytes)) return undefined;
  const status = statusproto.Status.deserializeBinary(new Uint8Array(bytes));
  for (const detail of status.getDetailsList()) {
    if (!detail.getTypeUrl().endsWith("pulumirpc.ErrorResourceInitFailed")) continue;
    const failed = provproto.ErrorResourceInitFailed.deserializeBinary(detail.getValue_asU8());
    return { id: failed.getId(), outputs: fromStruct(failed.getProperties()), reasons: failed.getReasonsList() };
  }
  return undefined;
}
