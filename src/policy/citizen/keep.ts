/**
 * Lets the calculator be opened again without a network: a service worker keeps the page as the server wrote it, its scripts, its style
 * and the rules of the place. It is told their addresses and nothing else; what is typed never leaves the page (trust.md).
 */

/** Message to the worker: exactly these addresses are to be kept, all of this site. */
export interface Keep {
  readonly keep: readonly string[];
}

/** Without support, or over plain HTTP, the page works as it did: with a network. */
export async function keepForLater(rules: string): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  try {
    await navigator.serviceWorker.register("/calculator/worker.js", { scope: "/calculator/" });
    const { active } = await navigator.serviceWorker.ready;
    const loaded = [...document.querySelectorAll<HTMLElement>("script[src], link[rel=stylesheet]")].map(
      (one) => (one as HTMLScriptElement).src || (one as HTMLLinkElement).href,
    );
    const imported = performance.getEntriesByType("resource").map(({ name }) => name);
    const addresses = [...loaded, ...imported, rules, location.pathname].map(
      (address) => new URL(address, location.href),
    );
    const keep = addresses.filter(({ origin }) => origin === location.origin).map(({ pathname }) => pathname);
    const message: Keep = { keep: [...new Set(keep)] };
    active?.postMessage(message);
  } catch {
    // Refused by the browser's settings, or a private window: nothing is lost but the second visit without a network.
  }
}
