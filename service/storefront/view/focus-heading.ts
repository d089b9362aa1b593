/** Puts the focus on the page's heading: what is read next is what the page is about. */
export function focusHeading(within: ParentNode): void {
  const heading = within.querySelector("h1");
  heading?.setAttribute("tabindex", "-1");
  heading?.focus({ preventScroll: true });
}
