import type { FastifyInstance } from "fastify";
import { migrationDigests } from "../db/migrate.ts";
import type { DomainModule, Services } from "../module.ts";
import { INSTANCE_GONE_MS } from "../instance.ts";
import { migrationSets } from "../runtime.ts";

const PATIENCE_MS = 3_000;
/** Migrations change at a start alone. */
const MIGRATIONS_FRESH_MS = 15_000;

type Part = "ready" | "absent" | "differs" | "stopping" | "unreachable";

/**
 * /healthz: the process answers. /readyz: it should be given requests: not told to stop, its database answers and has exactly the tables
 * that it knows. A worker that is absent is told and takes no server out of service: pages work without it, and all servers would go at
 * once; `/readyz?worker=required` is for whoever watches the worker.
 */
export function mountHealth(
  server: FastifyInstance,
  services: Services,
  modules: readonly DomainModule[],
  isStopping: () => boolean,
): void {
  server.get("/healthz", { logLevel: "silent" }, () => ({ status: "ok" }));
  const brought = [...migrationDigests(migrationSets(modules)).keys()].toSorted().join();
  let migrations: { at: number; part: Part } | undefined;
  const migrationsPart = async (): Promise<Part> => {
    if (migrations && performance.now() - migrations.at < MIGRATIONS_FRESH_MS) return migrations.part;
    const { rows } = await services.database.pools.worker.query<{ name: string }>(
      "SELECT domain || '/' || name AS name FROM platform.migration",
    );
    const applied = rows
      .map(({ name }) => name)
      .toSorted()
      .join();
    migrations = { at: performance.now(), part: applied === brought ? "ready" : "differs" };
    return migrations.part;
  };
  server.get<{ Querystring: { worker?: string } }>("/readyz", { logLevel: "silent" }, async (request, reply) => {
    const parts: Record<"server" | "database" | "migrations" | "worker", Part> = {
      server: isStopping() ? "stopping" : "ready",
      database: "unreachable",
      migrations: "unreachable",
      worker: "unreachable",
    };
    const look = async () => {
      // On the worker's pool: requests may hold all connections of theirs, which is no reason to be taken out of service.
      const { rows } = await services.database.pools.worker.query<{ there: boolean }>(
        `SELECT EXISTS (SELECT FROM platform.instance WHERE role = 'worker' AND NOT stopping AND seen_at > now() - make_interval(secs => ${INSTANCE_GONE_MS / 1_000})) AS there`,
      );
      parts.database = "ready";
      parts.worker = rows[0]!.there ? "ready" : "absent";
      parts.migrations = await migrationsPart();
    };
    const { promise: tooLate, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, PATIENCE_MS);
    await Promise.race([look().catch(() => {}), tooLate]);
    clearTimeout(timer);
    const needed = [parts.server, parts.database, parts.migrations, ...(request.query.worker ? [parts.worker] : [])];
    const ready = needed.every((part) => part === "ready");
    return reply
      .status(ready ? 200 : 503)
      .header("cache-control", "no-store")
      .send({ status: ready ? "ready" : "not-ready", ...parts });
  });
}
