import type { ListrTask, ListrTaskWrapper } from "listr2";

type Wrapper = ListrTaskWrapper<unknown, never, never>;

/** A row of the live display: what it says, and a promise for the display that ends when the rollout says so. */
export class ProgressRow {
  readonly id: string;
  readonly #title: string;
  readonly #ended = Promise.withResolvers<boolean>();
  #wrapper: Pick<Wrapper, "output" | "title"> | undefined;
  #line = "";

  constructor(id: string, title: string) {
    this.id = id;
    this.#title = `${id}: ${title}`;
  }

  /** The row as the display wants it. */
  task(): ListrTask {
    return {
      title: this.#title,
      task: async (_context, wrapper): Promise<void> => {
        this.#wrapper = wrapper;
        this.say(this.#line);
        if (!(await this.#ended.promise)) throw new Error(this.#line);
      },
    };
  }

  say(line: string): void {
    this.#line = line;
    if (this.#wrapper !== undefined) this.#wrapper.output = line;
  }

  end(ok: boolean, summary: string): void {
    if (this.#wrapper !== undefined) this.#wrapper.title = `${this.id}: ${summary}`;
    this.#ended.resolve(ok);
  }

  /** Ends a row that the rollout never came to. */
  abandon(): void {
    this.#ended.resolve(false);
  }
}
