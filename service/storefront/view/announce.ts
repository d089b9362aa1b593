/** Says something to who listens instead of looking; the polite live region stands in the document from the start. */
export function announce(text: string): void {
  const region = document.querySelector("#announcer");
  if (region === null) return;
  // The same words twice in a row would not be read twice.
  region.textContent = "";
  requestAnimationFrame(() => (region.textContent = text));
}
