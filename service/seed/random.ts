/**
 * A number in 0..2^32-1 that depends on nothing but its arguments: rows can be made in any order, in part or twice, and
 * are always the same. Whole numbers only; the mixing is murmur3's.
 */
export function mixed(seed: number, ...values: readonly number[]): number {
  let hash = seed | 0;
  for (const value of values) {
    let k = Math.imul(value | 0, 0xcc9e2d51);
    k = (k << 15) | (k >>> 17);
    hash ^= Math.imul(k, 0x1b873593);
    hash = (hash << 13) | (hash >>> 19);
    hash = (Math.imul(hash, 5) + 0xe6546b64) | 0;
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
