import { z } from "zod";

/** `contentHash` of a build of the service. */
export const releaseHashSchema = z.string().regex(/^[0-9a-f]{12}$/);

/** Which builds of the service run: one for everybody, and during a deployment a canary of the next beside it. */
export const releaseChoiceSchema = z.strictObject({
  stable: releaseHashSchema,
  canary: z
    .strictObject({
      release: releaseHashSchema,
      /** Of shoppers' requests. */
      sharePercent: z.int().min(1).max(50),
    })
    .optional(),
});

export type ReleaseChoice = z.infer<typeof releaseChoiceSchema>;

/** In words: `0123456789ab, and ba9876543210 for 10%`. */
export function releaseText({ stable, canary }: ReleaseChoice): string {
  return canary === undefined ? stable : `${stable}, and ${canary.release} for ${canary.sharePercent}%`;
}

/** The same while nothing is tried: what runs for everybody else. */
export function withoutCanary<T extends { readonly release?: ReleaseChoice | undefined }>(topology: T): T {
  if (topology.release?.canary === undefined) return topology;
  return { ...topology, release: { stable: topology.release.stable } };
}

/** What scaling is about, and what a deployment is about, apart. */
export function splitRelease<T extends { readonly release?: ReleaseChoice | undefined }>({
  release,
  ...topology
}: T): { readonly topology: Omit<T, "release">; readonly release: ReleaseChoice | undefined } {
  return { topology, release };
}
