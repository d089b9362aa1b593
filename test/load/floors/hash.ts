import { hash, verify } from "@node-rs/argon2";
import { hashesAtOnce, passwordParameters } from "../../../service/accounts/passwords.ts";

/** What the hash alone allows: verifies passwords, as many at once as the shop does, for FLOOR_SECONDS. */
const stored = await hash("a password of some length", passwordParameters);
const startedAt = performance.now();
const endAt = startedAt + Number(process.env["FLOOR_SECONDS"]) * 1_000;
const durations: number[] = [];
let lastEnd = startedAt;

async function verifyInTurn(): Promise<void> {
  while (performance.now() < endAt) {
    const begunAt = performance.now();
    await verify(stored, "a password of some length");
    lastEnd = performance.now();
    durations.push(lastEnd - begunAt);
  }
}

await Promise.all(Array.from({ length: hashesAtOnce }, verifyInTurn));
const sorted = durations.toSorted((a, b) => a - b);
const at = (share: number): number => Math.round((sorted[Math.floor(share * (sorted.length - 1))] ?? 0) * 1_000);
const result = { requests: sorted.length, durationUs: Math.round((lastEnd - startedAt) * 1_000) };
console.log(`RESULT ${JSON.stringify({ ...result, p50Us: at(0.5), p99Us: at(0.99), refused: 0, broken: 0 })}`);
