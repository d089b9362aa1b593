/** One-sided, at 95%: a step that changes nothing is taken for worse once in twenty times. */
const z95 = 1.645;

/**
 * The most errors among `requests` that are no sign of a higher error ratio than that of the sample before: the upper
 * bound of a one-sided 95% prediction interval for a second binomial sample of the same ratio (normal approximation,
 * which knows that the first sample is one too). Zero when nothing failed before.
 */
export function mostErrorsAlike(
  before: { readonly errors: number; readonly requests: number },
  requests: number,
): number {
  const ratio = Math.min(1, before.errors / before.requests);
  const deviation = Math.sqrt(requests * ratio * (1 - ratio) * (1 + requests / before.requests));
  return Math.min(requests, Math.floor(requests * ratio + z95 * deviation));
}
