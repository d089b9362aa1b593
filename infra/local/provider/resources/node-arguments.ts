/** Share of the tier's memory for V8's old generation; the rest is for buffers, code and the stack. */
const heapShare = 0.7;
/**
 * Half of V8's young generation. With Node's own 16 MiB an instance under load holds 15 to 25 MiB more, with 8 MiB 10; what
 * is collected less for it is about a twentieth of an order's time, and nothing of a page's.
 */
const semiSpaceMiB = 4;

/**
 * V8 learns which code makes objects that live on, and has them old from the start. Under load what is in flight looks like
 * that; requests that are answered at once are then made old as well, and all that they hold is kept until the whole heap is
 * collected. It came in every other run of the bench, and took a third of its requests.
 */
const youngFirst = "--no-allocation-site-pretenuring";

/** Node's arguments for an instance of the shop that has so much memory. */
export function nodeArguments(memoryMiB: number): string[] {
  return [
    `--max-old-space-size=${Math.floor(memoryMiB * heapShare)}`,
    `--max-semi-space-size=${semiSpaceMiB}`,
    youngFirst,
  ];
}
