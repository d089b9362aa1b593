import type { PageName } from "../../contract/pages.ts";
import { TroubleError } from "../shop-api/trouble.ts";
import { present } from "../view/element.ts";
import { focusHeading } from "../view/focus-heading.ts";
import { matchPage } from "./match-page.ts";
import type { MakePage, Page, Visit } from "./page.ts";

interface Kept {
  readonly title: string;
  readonly nodes: readonly ChildNode[];
  readonly scrollY: number;
}

interface Pages {
  readonly byName: Readonly<Record<PageName, MakePage>>;
  readonly missing: MakePage;
  /** The page that says why another could not be made. */
  readonly ofTrouble: (error: unknown, visit: Visit) => Page | { readonly goTo: string };
}

const keptAtMost = 8;

/** Shows the page of the address, and follows links and the back button without loading the document again. */
export class Router {
  readonly #main: HTMLElement;
  readonly #pages: Pages;
  readonly #kept = new Map<string, Kept>();
  /** Of the history's entry that is shown. */
  #key = "";
  #shown: Page | undefined;
  #visit = 0;

  constructor(main: HTMLElement, pages: Pages) {
    this.#main = main;
    this.#pages = pages;
  }

  start(): void {
    history.scrollRestoration = "manual";
    this.#key = keyOf(history.state) ?? newKey();
    history.replaceState({ key: this.#key }, "");
    addEventListener("popstate", (event) => void this.#back(event.state));
    document.addEventListener("click", (event) => this.#follow(event));
    void this.#load(false);
  }

  /** Goes to an address of the storefront; `replace` leaves no way back to where one is. */
  go(address: string, { replace = false } = {}): void {
    this.#leave();
    const key = newKey();
    history[replace ? "replaceState" : "pushState"]({ key }, "", address);
    this.#key = key;
    void this.#load(true);
  }

  /** Makes the page that is shown again. */
  reload(): void {
    void this.#load(true);
  }

  /** Forgets pages that are kept: they may be another customer's. */
  forget(): void {
    this.#kept.clear();
  }

  #follow(event: MouseEvent): void {
    if (
      event.defaultPrevented ||
      event.button !== 0 ||
      event.metaKey ||
      event.ctrlKey ||
      event.shiftKey ||
      event.altKey
    )
      return;
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    if (link === null || link.target !== "" || link.origin !== location.origin) return;
    if (matchPage(link.pathname) === undefined || link.hash !== "") return;
    event.preventDefault();
    this.go(link.pathname + link.search);
  }

  async #back(state: unknown): Promise<void> {
    this.#leave();
    this.#key = keyOf(state) ?? newKey();
    const kept = this.#kept.get(this.#key);
    if (kept === undefined) return this.#load(true);
    this.#visit += 1;
    this.#show({ title: kept.title, content: kept.nodes, keep: true }, true);
    scrollTo({ top: kept.scrollY, behavior: "instant" });
  }

  #leave(): void {
    const shown = this.#shown;
    // From here on the address and what is shown belong to different pages, until the next one is made.
    this.#shown = undefined;
    if (shown?.keep !== true) return;
    this.#kept.set(this.#key, { title: shown.title, nodes: [...this.#main.childNodes], scrollY });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > keptAtMost && oldest !== undefined) this.#kept.delete(oldest);
  }

  async #load(moveFocus: boolean): Promise<void> {
    const visit = (this.#visit += 1);
    document.documentElement.classList.add("is-loading");
    this.#main.ariaBusy = "true";
    const made = await this.#make();
    // Another page was asked for meanwhile.
    if (visit !== this.#visit) return;
    if ("goTo" in made) return this.go(made.goTo, { replace: true });
    this.#show(made, moveFocus);
    scrollTo({ top: 0, behavior: "instant" });
  }

  async #make(): Promise<Page | { readonly goTo: string }> {
    const match = matchPage(location.pathname);
    const make = match === undefined ? this.#pages.missing : this.#pages.byName[match.name];
    const visit: Visit = {
      params: match?.params ?? {},
      query: new URLSearchParams(location.search),
      address: location.pathname + location.search,
      go: (address, options) => this.go(address, options),
      reload: () => this.reload(),
    };
    try {
      return await make(visit);
    } catch (error) {
      if (error instanceof TroubleError && error.trouble.code === "not-found") return this.#pages.missing(visit);
      return this.#pages.ofTrouble(error, visit);
    }
  }

  #show(page: Page, moveFocus: boolean): void {
    this.#shown = page;
    document.title = page.title;
    document.documentElement.classList.remove("is-loading");
    this.#main.ariaBusy = null;
    this.#main.replaceChildren(...present(page.content));
    if (moveFocus) focusHeading(this.#main);
  }
}

function newKey(): string {
  return [...crypto.getRandomValues(new Uint32Array(2))].join("-");
}

function keyOf(state: unknown): string | undefined {
  if (typeof state !== "object" || state === null || !("key" in state)) return undefined;
  return typeof state.key === "string" ? state.key : undefined;
}
