import { setTimeout as sleep } from "node:timers/promises";
import { PositionTrack } from "./position-track.ts";
import { Replica } from "./replica.ts";
import { primaryOnly, type Subject, type WriteMarks } from "./write-marks.ts";

const probeEveryMs = 200;
/**
 * So long after a write every replica that is still in use anywhere shows it: one that does not is more than a second behind,
 * and every process has asked it since. Below the response objective.
 */
const shownAfterMs = 1_500;
const lookEveryMs = 25;

export interface ReplicaState {
  readonly name: string;
  readonly isInUse: boolean;
  /** Undefined while it does not answer. */
  readonly lagMs: number | undefined;
}

export interface ReplicasOptions {
  readonly urls: readonly string[];
  readonly poolSize: number;
  readonly marks: WriteMarks;
  /** Told when a replica is taken into use or left out. */
  readonly onChange: (state: ReplicaState) => void;
}

/** The replicas of the shop's database: which can be used, and which shows what a reader must see. */
export class Replicas {
  readonly #replicas: readonly Replica[];
  readonly #marks: WriteMarks;
  readonly #onChange: (state: ReplicaState) => void;
  readonly #primaryPosition: () => Promise<number>;
  readonly #track = new PositionTrack();
  readonly #timer: NodeJS.Timeout;
  readonly #inUse = new Set<Replica>();
  #askingPrimary = false;
  #turn = 0;

  /** `primaryPosition` asks the primary for the end of its log. */
  constructor(options: ReplicasOptions, primaryPosition: () => Promise<number>) {
    const { urls, poolSize } = options;
    this.#replicas = urls.map((url, index) => new Replica({ name: `replica-${index + 1}`, url, poolSize }));
    this.#marks = options.marks;
    this.#onChange = options.onChange;
    this.#primaryPosition = primaryPosition;
    this.#timer = setInterval(() => void this.#watch(), probeEveryMs);
    void this.#watch();
  }

  get states(): readonly ReplicaState[] {
    return this.#replicas.map(({ name, isInUse, lagMs }) => ({ name, isInUse, lagMs }));
  }

  /** A replica that shows every write about `subject` that was answered before; undefined when only the primary does. */
  async pick(subject: Subject): Promise<Replica | undefined> {
    if (!this.#replicas.some(({ isInUse }) => isInUse)) return undefined;
    const position = await this.#marks.positionOf(subject);
    if (position === undefined) return undefined;
    const able = this.#replicas.filter((replica) => replica.isInUse && replica.hasReplayed(position));
    this.#turn += 1;
    return able[this.#turn % able.length];
  }

  /** A read at a replica that shows what `subject` needs; undefined when the primary must be asked. Never rejects. */
  async read<T>(
    subject: Subject,
    ask: (replica: Replica) => Promise<T>,
  ): Promise<{ readonly server: string; readonly answer: T } | undefined> {
    const replica = await this.pick(subject);
    if (replica === undefined) return undefined;
    try {
      return { server: replica.name, answer: await ask(replica) };
    } catch {
      this.#tellChanges();
      return undefined;
    }
  }

  /**
   * Marks what was written before now. A mark that Redis did not take is missing to processes that saw no trouble: then the
   * answer waits until no replica in use shows what was before, which also keeps that out of the caches that are forgotten
   * next. Bounded, and never rejects: the write is done, and its answer must go out.
   */
  async wrote(subjects: readonly Subject[]): Promise<void> {
    // Without an answer nobody knows the position.
    const position = await this.#primaryPosition().catch(() => primaryOnly);
    const shownBy = performance.now() + shownAfterMs;
    if (!(await this.#marks.note(subjects, position))) await this.#untilShown(position, shownBy);
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all(this.#replicas.map((replica) => replica.close()));
  }

  async #untilShown(position: number, latest: number): Promise<void> {
    while (performance.now() < latest && this.#replicas.some((replica) => replica.mayMiss(position))) {
      await sleep(lookEveryMs);
    }
  }

  async #watch(): Promise<void> {
    // A primary that does not answer, e.g. behind a paused pooler, must not keep replicas from being asked.
    if (!this.#askingPrimary) void this.#askPrimary();
    await Promise.all(this.#replicas.map((replica) => replica.probe(this.#track)));
    this.#tellChanges();
  }

  async #askPrimary(): Promise<void> {
    this.#askingPrimary = true;
    const askedAt = performance.now();
    try {
      this.#track.record(askedAt, await this.#primaryPosition());
    } catch {
      // Requests meet the same trouble and say so.
    } finally {
      this.#askingPrimary = false;
    }
  }

  #tellChanges(): void {
    for (const replica of this.#replicas) {
      if (replica.isInUse === this.#inUse.has(replica)) continue;
      if (replica.isInUse) this.#inUse.add(replica);
      else this.#inUse.delete(replica);
      this.#onChange({ name: replica.name, isInUse: replica.isInUse, lagMs: replica.lagMs });
    }
  }
}
