import { z } from "zod";

/** Environment of the fault sink's process; written by the provider, validated by the process. */
export const faultSinkEnvironment = z.object({
  FAULT_SINK_PORT: z.coerce.number().int(),
  FAULT_SINK_DATA: z.string(),
  /** Key of the DSN: whoever reports must show it. */
  FAULT_SINK_KEY: z.string().min(16),
});
export type FaultSinkEnvironment = z.infer<typeof faultSinkEnvironment>;

/** Number of the sink's one project in a DSN. */
export const faultProject = 1;

/** A reported fault as a line of `faults.jsonl`: what tells where it went wrong, and nothing else of the envelope. */
export const storedFaultSchema = z.object({
  at: z.string(),
  id: z.string(),
  instance: z.string(),
  release: z.string(),
  route: z.string().optional(),
  requestId: z.string().optional(),
  /** The fault first, then its causes. */
  errors: z.array(z.object({ type: z.string(), message: z.string(), frames: z.array(z.string()) })),
});
export type StoredFault = z.infer<typeof storedFaultSchema>;
