/** A table that old rows are taken out of, and how to find them. */
export interface Sweep {
  readonly table: string;
  /**
   * Columns that the walk goes by, unique together. An index must begin with the first: each batch reads one window of
   * it, where the last one ended, and so the whole costs one pass however many batches it takes.
   */
  readonly key: readonly KeyColumn[];
  /** SQL condition of a row of `t` that is to go; `$1` is the time before which a row is old. */
  readonly due: string;
  /**
   * `due`: the key leads straight to the rows that are due, so that no others are read. `all`: they lie anywhere, and
   * every window may hold some.
   */
  readonly reads: "due" | "all";
  /** How long rows are kept, in ms: before now for `$1`. */
  readonly keepMs: number;
  readonly destination: Destination;
}

interface KeyColumn {
  readonly name: string;
  readonly type: "bigint" | "bytea" | "text" | "timestamptz";
}

/** What becomes of the rows that are taken out. A table has the columns of the one that they are from. */
export type Destination = { readonly kind: "nowhere" } | { readonly kind: "table"; readonly table: string };

/** Where a batch ended: the values of the key's columns as text, exact to the microsecond. */
export type Position = readonly string[];
