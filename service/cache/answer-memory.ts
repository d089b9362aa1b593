import type { CachedAnswer } from "./cached-answer.ts";

/** What an answer takes beside its bytes: map slots, objects, headers; measured on a heap of 20,000 of them. */
const overheadBytes = 700;
/** Spellings of one answer's address that are kept: one client cannot fill the memory with `?limit=20&x=1`, `&x=2`, … */
const maxUrlsOfAnswer = 4;
const maxUrlLength = 500;

/** Answers that this process holds ready, under their keys and under the addresses that they were given for. */
export class AnswerMemory {
  readonly #maxBytes: number;
  /** A Map keeps the order of insertion; a read moves its entry to the end. */
  readonly #answers = new Map<string, CachedAnswer>();
  readonly #byUrl = new Map<string, CachedAnswer>();
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get(key: string): CachedAnswer | undefined {
    const answer = this.#answers.get(key);
    if (answer !== undefined) this.#touch(answer);
    return answer;
  }

  /** The answer that was given for exactly this address before. */
  getByUrl(url: string): CachedAnswer | undefined {
    const answer = this.#byUrl.get(url);
    if (answer !== undefined) this.#touch(answer);
    return answer;
  }

  /** Holds an answer that was just loaded, at the addresses of the one before it; gives what is held then. */
  put(answer: CachedAnswer): CachedAnswer {
    const before = this.#answers.get(answer.key);
    if (before?.plain.etag === answer.plain.etag) {
      // It is as it was: what was made of it stays.
      before.loadedAtMs = answer.loadedAtMs;
      return before;
    }
    const urls = [...(before?.urls ?? [])];
    this.drop(answer.key);
    if (sizeOf(answer) > this.#maxBytes) return answer;
    this.#answers.set(answer.key, answer);
    this.#bytes += sizeOf(answer);
    for (const url of urls) this.#addUrl(url, answer);
    answer.onGiven = (url) => this.#addUrl(url, answer);
    for (const [key] of this.#answers) {
      if (this.#bytes <= this.#maxBytes) break;
      this.drop(key);
    }
    return answer;
  }

  drop(key: string): void {
    const answer = this.#answers.get(key);
    if (answer === undefined) return;
    this.#answers.delete(key);
    answer.onGiven = undefined;
    for (const url of answer.urls) this.#byUrl.delete(url);
    this.#bytes -= sizeOf(answer);
  }

  /** Drops every key that begins with `start`: looks at all of them, but follows writes to the catalogue, which are rare. */
  dropAll(start: string): void {
    for (const key of this.#answers.keys()) if (key.startsWith(start)) this.drop(key);
  }

  /** From now on `url` leads to the answer, as long as it is held. */
  #addUrl(url: string, answer: CachedAnswer): void {
    if (answer.urls.length >= maxUrlsOfAnswer || url.length > maxUrlLength || this.#byUrl.has(url)) return;
    answer.urls.push(url);
    this.#byUrl.set(url, answer);
  }

  #touch(answer: CachedAnswer): void {
    this.#answers.delete(answer.key);
    this.#answers.set(answer.key, answer);
  }
}

/** Twice the body: the compressed forms are made later and are never larger together. */
function sizeOf({ key, plain }: CachedAnswer): number {
  return overheadBytes + 2 * key.length + 2 * plain.body.length;
}
