import { el, type Child } from "../../platform/browser/dom.ts";

const root = document.getElementById("my")!;

/** Puts a page in the place of the one before, at its top, read from its heading. */
export function show(...children: Child[]): void {
  const page = el("div", {}, children);
  while (root.firstChild) root.removeChild(root.firstChild);
  root.appendChild(page);
  const heading = page.querySelector("h1");
  if (heading) heading.focus();
  window.scrollTo(0, 0);
}
