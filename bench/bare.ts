/**
 * The floor that bench/load.ts compares with, as a process of its own: one row by its key, with nothing around it.
 *   node bench/bare.ts    (PGHOST, PGPORT, PGUSER, PGPASSWORD, PGDATABASE)
 */
import Fastify from "fastify";
import type { AddressInfo } from "node:net";
import { Pool } from "pg";

const pool = new Pool({ max: 12 });
pool.on("error", () => {});
const server = Fastify();
server.get("/row/:code", async (request) => {
  const { code } = request.params as { code: string };
  const { rows } = await pool.query({
    name: "row",
    text: "SELECT code, name FROM registry.region WHERE code = $1",
    values: [code],
  });
  return rows[0] ?? {};
});
await server.listen({ port: 0, host: "127.0.0.1" });
process.stdout.write(`http://127.0.0.1:${(server.server.address() as AddressInfo).port}\n`);
process.on("SIGTERM", () => void server.close().then(() => pool.end()));
