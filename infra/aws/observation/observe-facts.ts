import { databaseFactsSchema, type DatabaseFacts } from "../../../service/contract/database-facts.ts";
import type { AwsHandles } from "../handles.ts";
import { printedDocument } from "../tasks/printed-document.ts";
import { runTask } from "../tasks/run-task.ts";

/** A task takes most of a minute to start; what it says holds until the stack is another one, or for so long. */
const freshMs = 300_000;

/** Asks the database inside the network, by a task of its own, and remembers the answer for as long as it may hold. */
export class FactsReader {
  #last: { readonly at: number; readonly of: string; readonly facts: Promise<DatabaseFacts | undefined> } | undefined;

  /** Undefined when the task did not run, or the database did not answer it. */
  async read(handles: AwsHandles, outputs: Readonly<Record<string, unknown>>): Promise<DatabaseFacts | undefined> {
    const of = JSON.stringify(outputs);
    if (this.#last?.of !== of || Date.now() - this.#last.at > freshMs)
      this.#last = { at: Date.now(), of, facts: ask(handles) };
    const asked = this.#last;
    const facts = await asked.facts;
    // What was not told may be at the next look: a proof has patience, for less time than an answer is kept.
    if (facts === undefined && this.#last === asked) this.#last = undefined;
    return facts;
  }
}

async function ask({ tasks }: AwsHandles): Promise<DatabaseFacts | undefined> {
  try {
    const { lines } = await runTask(tasks, ["facts.js"]);
    return databaseFactsSchema.safeParse(printedDocument(lines)).data;
  } catch {
    return undefined;
  }
}
