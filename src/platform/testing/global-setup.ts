import { startTestServer } from "./index.ts";

/** Holds the test server for the whole run, so that it does not stop between two test files. */
export default async function setup(): Promise<() => Promise<void>> {
  const server = await startTestServer();
  return () => server.release();
}
