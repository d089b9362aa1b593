/** What AWS would not accept, with the page of its documentation that says so. */
export interface Refusal {
  readonly property: string;
  readonly reason: string;
  readonly page: string;
}

/** A refusal that shows only while the resource is made, because it depends on others. */
export class RefusedError extends Error {
  constructor({ property, reason, page }: Refusal) {
    super(`${property}: ${reason} (${page})`);
    this.name = "RefusedError";
  }
}

/** The refusals of those that apply. */
export function refusals(...found: readonly (Refusal | false | undefined)[]): readonly Refusal[] {
  return found.filter((each) => each !== false && each !== undefined);
}
