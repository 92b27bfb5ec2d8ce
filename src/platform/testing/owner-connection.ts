import type { Client } from "pg";
import { afterAll, beforeAll } from "vitest";
import { connectOwner } from "../db/database.ts";
import { startTestServer } from "./index.ts";

/** A connection to the test server without any tables of ours, for tests of SQL that brings its own rows; closed after the file's last test. */
export function useOwnerConnection(): { readonly query: Client["query"] } {
  let client: Client;
  let release: () => Promise<void>;
  beforeAll(async () => {
    const server = await startTestServer();
    client = await connectOwner(server.address);
    release = () => server.release();
  });
  afterAll(async () => {
    await client.end();
    await release();
  });
  return { query: ((...args: Parameters<Client["query"]>) => client.query(...args)) as Client["query"] };
}
