/**
 * The last thing a client does, when its process ends without having stopped its server in order: `process.exit`, an
 * uncaught error, or Ctrl-C in a program that does not listen for it. Only synchronous work runs here.
 */
const releases = new Set<() => void>();

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

export function onProcessEnd(release: () => void): () => void {
  if (releases.size === 0) listen();
  releases.add(release);
  return () => {
    if (releases.delete(release) && releases.size === 0) unlisten();
  };
}

function listen(): void {
  process.on("exit", releaseAll);
  // In front of the others: a `once` listener that ran before would be gone already and seem never to have been there.
  for (const signal of SIGNALS) process.prependListener(signal, endBySignal);
}

function unlisten(): void {
  process.off("exit", releaseAll);
  for (const signal of SIGNALS) process.off(signal, endBySignal);
}

function releaseAll(): void {
  for (const release of releases) release();
}

function endBySignal(signal: NodeJS.Signals): void {
  // A program that listens for the signal ends itself in its own order, and by `stop()` or exit comes to us.
  if (process.listenerCount(signal) > 1) return;
  releaseAll();
  unlisten();
  process.kill(process.pid, signal);
}
