import { el, type Child } from "../../platform/browser/dom.ts";

const root = document.getElementById("my")!;

/** Puts a page in the place of the one before, at its top, read from its heading. */
export function show(...children: Child[]): void {
  showAt(0, ...children);
}

/** The same, where somebody stood: after he has added a file, or on his way back to a long list. */
export function showAt(top: number, ...children: Child[]): void {
  const page = el("div", {}, children);
  while (root.firstChild) root.removeChild(root.firstChild);
  root.appendChild(page);
  const heading = page.querySelector("h1");
  if (heading) heading.focus({ preventScroll: true });
  window.scrollTo(0, top);
}

interface Stood {
  readonly top?: number;
}

/** Goes on to another view of the page, so that the telephone's own way back leads here again, to where one stands now. */
export function goOn(hash: string): void {
  history.replaceState({ top: window.scrollY } satisfies Stood, "");
  history.pushState(null, "", `${location.pathname}${hash}`);
}

/** Where one stood in the view that the way back has led to. */
export const stood = (): number => ((history.state as Stood | null) || {}).top || 0;
