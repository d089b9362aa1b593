import type { Child } from "../view/element.ts";

/** What a page is asked for. */
export interface Visit {
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** Path with query, for the way back. */
  readonly address: string;
  readonly go: (address: string, options?: { readonly replace?: boolean }) => void;
  readonly reload: () => void;
}

/** A page, ready to be shown: every page starts with a heading of level 1, which gets the focus. */
export interface Page {
  readonly title: string;
  readonly content: readonly Child[];
  /** Kept as it stands for when the customer comes back, e.g. a list with all that was added to it. */
  readonly keep?: boolean;
}

/** Makes a page, or gives the address of the one that must come first. May throw TroubleError. */
export type MakePage = (visit: Visit) => Page | { readonly goTo: string } | Promise<Page | { readonly goTo: string }>;
